import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Run } from '../kernels/team'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import type { StepContext, StepOutput } from './step-kind'
import { train } from './train'

const kernels = readKernels()
const libm = loadLibm(kernels)
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }

const said: string[] = []

async function trained(id: string, options: Record<string, unknown>): Promise<StepOutput> {
  const { problem } = analyse({ catalogue: id }, libm)
  const step = { id: 'net', kind: 'train', ...options }
  const wrong = train.check(step, {} as never, problem, libm)
  if (wrong.length > 0) throw new Error(wrong.map(f => f.message).join(' '))
  let clock = 0
  return (await train.load()).run({ step, problem, run: { ...quiet, log: (_: string, message: string) => said.push(message) }, libm, seed: 2, team: createSerialTeam({ kernels }), learning: createLearningRuntime({ threads: 1 }), now: () => (clock += 1) } as unknown as StepContext)
}

const losses = (output: StepOutput) => Array.from(output.arrays.find(a => a.name === 'loss')!.values)

describe('second order at scale', () => {
  it('SPRING falls in five dimensions, on new points at every step', async () => {
    const output = await trained('poisson-5d', { network: { kind: 'mlp', width: 24, depth: 1, activation: 'sin' }, optimizer: { kind: 'spring' }, points: { interior: 100, boundary: 60 }, budget: { steps: 60 } })
    expect(output.metrics.relative_l2).toBeLessThan(2e-2)
    // The mean of Σ cos πxᵢ is 0; of each cosine the best line leaves 1 − 96/π⁴.
    expect(output.metrics.baseline_constant).toBeCloseTo(1, 2)
    expect(output.metrics.baseline_linear).toBeCloseTo(Math.sqrt(1 - 96 / Math.PI ** 4), 2)
    expect(said.some(m => m.startsWith('For comparison: the best constant is off by 100 %'))).toBe(true)
    const loss = losses(output)
    expect(loss.at(-1)! / loss[0]).toBeLessThan(1e-3)
  })

  it('damped steps from JᵀJ and from JJᵀ are the same', async () => {
    const options = (solver: string) => ({ network: { kind: 'mlp', width: 10, depth: 1 }, optimizer: { kind: 'gauss-newton', solver }, points: { interior: 30, boundary: 16 }, budget: { steps: 4 }, resolution: [5, 5] })
    const [columns, rows] = [losses(await trained('poisson-2d', options('cholesky'))), losses(await trained('poisson-2d', options('woodbury')))]
    expect(columns.length).toBe(4)
    columns.forEach((loss, k) => expect(Math.abs(rows[k] - loss)).toBeLessThan(1e-6 * loss))
  })

  it.each([
    ['poisson-10d', { network: { kind: 'mlp', width: 1024, depth: 4 }, optimizer: { kind: 'spring' } }, 'The Jacobian of 128 residuals by 3161089 parameters has 405 million numbers; 134 million can be held.'],
    ['poisson-2d', { network: { kind: 'mlp', width: 128, depth: 3 }, optimizer: { kind: 'gauss-newton', solver: 'cholesky' } }, 'The product of the Jacobian with itself, 33537 × 33537, has 1125 million numbers; 134 million can be held.'],
    ['poisson-2d', { network: { kind: 'mlp', width: 128, depth: 3 }, optimizer: { kind: 'ssbroyden' } }, 'The inverse Hessian of 33537 parameters takes'],
    ['poisson-2d', { network: { kind: 'mlp', width: 512, depth: 4 }, optimizer: { kind: 'lbfgs', history: 1000 } }, '1000 remembered steps of 790017 parameters take 12055 MiB; 1024 MiB can be held.'],
  ])('refuses before it compiles: %s with %j', (id, options, message) => {
    const { problem } = analyse({ catalogue: id }, libm)
    expect(train.check({ id: 'net', kind: 'train', ...options }, {} as never, problem, libm).map(f => f.message).join(' ')).toContain(message)
  })

  it('refuses the exact size of any network before its Jacobian is compiled', async () => {
    const options = { network: { kind: 'residual', width: 90, depth: 3 }, optimizer: { kind: 'gauss-newton', solver: 'cholesky' }, points: { interior: 20, boundary: 10 }, budget: { steps: 1 } }
    await expect(trained('poisson-2d', options)).rejects.toThrow('can be held')
  })
})
