import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import { createSerialTeam } from '../kernels/serial-team'
import type { Run } from '../kernels/team'
import { dimensions } from './dimensions'
import type { StepContext } from './step-kind'

const libm = loadLibm(readKernels())
const run: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }

async function study(options: Record<string, unknown>, host: object = {}) {
  const runner = await dimensions.load()
  const output = await runner.run({ step: { id: 'curse', kind: 'dimensions', ...options }, run, libm, ...host } as unknown as StepContext)
  return Object.fromEntries(output.arrays.map(a => [a.name, Array.from(a.values)]))
}

describe('the curse of dimensionality', () => {
  it('counts unknowns that grow like ε^(−d/s), and marks what was not measured', async () => {
    const a = await study({ error: 1e-2, dimensions: [1, 2, 3, 4, 10], largest: 200_000 })
    expect(a.dimension).toEqual([1, 2, 3, 4, 10])
    expect(a.measured_order2).toEqual([1, 1, 1, 1, 0])
    expect(a.measured_order4).toEqual([1, 1, 1, 1, 0])
    // From one dimension to the next the count grows by about the intervals per axis, far below ε^(−1) per axis for the higher order.
    for (const order of [2, 4]) {
      const unknowns = a[`unknowns_order${order}`]
      for (let i = 1; i < 4; i++) expect(unknowns[i] / unknowns[i - 1]).toBeGreaterThan(0.5 * a[`intervals_order${order}`][i])
    }
    a.unknowns_order4.forEach((n, i) => expect(n).toBeLessThan(a.unknowns_order2[i]))
    a.width_grid.forEach((n, i) => expect(n / 100 ** a.dimension[i]).toBeCloseTo(1, 10))
  })

  it('halving the error multiplies the unknowns by 2^(d/s)', async () => {
    const [coarse, fine] = [await study({ error: 4e-4, dimensions: [1, 2] }), await study({ error: 2e-4, dimensions: [1, 2] })]
    for (const order of [2, 4]) {
      for (const i of [0, 1]) {
        const exponent = Math.log2(fine[`intervals_order${order}`][i] / coarse[`intervals_order${order}`][i])
        expect(exponent).toBeGreaterThan(1 / order - 0.02)
        expect(exponent).toBeLessThan(1 / order + 0.02)
      }
    }
  })

  it('counts for the sum of cosines as for any smooth solution, and the grid’s error is that of its wave', async () => {
    const a = await study({ error: 2e-3, dimensions: [1, 2], largest: 100_000, solution: 'sum' })
    expect(a.measured_order2).toEqual([1, 1])
    // Half the target is reached with √2 or 2^(1/4) times as many intervals.
    const finer = await study({ error: 1e-3, dimensions: [1, 2], largest: 100_000, solution: 'sum' })
    for (const [order, factor] of [[2, Math.SQRT2], [4, 2 ** 0.25]] as const) for (const i of [0, 1]) expect(finer[`intervals_order${order}`][i] / a[`intervals_order${order}`][i]).toBeCloseTo(factor, 1)
    expect(a.network_unknowns).toBeUndefined()
  })

  it('measures networks beside the grids', async () => {
    const kernels = readKernels()
    const host = { learning: createLearningRuntime({ threads: 1 }), team: createSerialTeam({ kernels }), seed: 1, now: () => 0 }
    const a = await study({ error: 5e-2, dimensions: [1, 4], largest: 1000, solution: 'sum', networkSteps: 30 }, host)
    expect(a.network_unknowns[0]).toBeLessThan(30)
    expect(a.network_error[0]).toBeLessThan(5e-2)
    // Four dimensions are not tried.
    expect(a.network_unknowns[1]).toBeNaN()
  })

  it('refuses a dimension listed twice', () => {
    const faults = dimensions.check({ id: 'c', kind: 'dimensions', dimensions: [2, 2] }, {} as never, undefined, libm)
    expect(faults.map(f => f.message)).toEqual(['The dimension 2 is listed twice.'])
  })
})
