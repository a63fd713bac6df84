import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Field } from '../fields/field'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import type { StepContext, StepOutput } from './step-kind'
import { train } from './train'

const kernels = readKernels()
const libm = loadLibm(kernels)
const quiet = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
const small = { network: { kind: 'mlp', width: 16, depth: 1 }, points: { interior: 64, boundary: 8, initial: 32 }, diagnostics: ['energy'] }

async function trained(given: object, options: object): Promise<StepOutput> {
  const { problem, faults } = analyse(given as never, libm)
  if (!problem) throw new Error(JSON.stringify(faults))
  const step = { id: 'net', kind: 'train', ...small, ...options }
  expect(train.check(step, {} as never, problem, libm)).toEqual([])
  return (await train.load()).run({ step, problem, run: quiet, libm, seed: 5, team: createSerialTeam({ kernels }), learning: createLearningRuntime({ threads: 1 }), now: (() => { let t = 0; return () => t++ })() } as unknown as StepContext)
}
const array = (output: StepOutput, name: string) => Array.from(output.arrays.find(a => a.name === name)!.values)

describe('training on energies', () => {
  it('Gauss–Newton lowers the energy to the least one, and its excess is half the energy of the error', async () => {
    const output = await trained({ catalogue: 'poisson-1d', parameters: { k: 1 } }, { formulation: 'variational', budget: { steps: 40 }, resolution: [9] })
    expect(output.metrics.relative_l2).toBeLessThan(1e-7)
    expect(output.faults).toEqual([])
    expect(output.metrics.loss).toBeCloseTo(-Math.PI * Math.PI / 4, 12)
    const loss = array(output, 'loss')
    for (let k = 1; k < loss.length; k++) expect(loss[k]).toBeLessThanOrEqual(loss[k - 1])
    const [gap, half, lower] = ['energy_gap', 'half_energy_norm', 'lower_bound'].map(name => array(output, name))
    gap.slice(0, 5).forEach((g, k) => {
      expect(Math.abs(g / half[k] - 1)).toBeLessThan(1e-6)
      expect(lower[k]).toBeLessThan(g * (1 + 1e-6))
    })
    expect(output.metrics.identity_defect).toBeLessThan(1e-4)
    // The ends are held: the picture has them to rounding.
    const { values } = output.fields[0] as Field
    expect(Math.abs(values[0])).toBe(0)
    expect(Math.abs(values[8])).toBeLessThan(1e-15)
  })

  it('a penalty leaves boundary values wrong by its share of the slope', async () => {
    const output = await trained({ catalogue: 'poisson-1d', parameters: { k: 1 } }, { formulation: 'variational', conditions: 'soft', budget: { steps: 60 }, resolution: [9] })
    // ½|u′|² − f u + ½γ u(0)²: u′(0) = γ u(0) with u′(0) near π.
    expect(Math.abs((output.fields[0] as Field).values[0] - Math.PI / 500)).toBeLessThan(1e-4)
    expect(array(output, 'boundary_term').at(-1)).toBeLessThan(0)
    expect(output.metrics.identity_defect).toBeLessThan(1e-10)
  })

  it.each([{ kind: 'lbfgs' }, { kind: 'adam', rate: 0.02 }])('$kind by the value alone', async optimizer => {
    const output = await trained({ catalogue: 'poisson-1d', parameters: { k: 1 } }, { formulation: 'variational', optimizer, budget: { steps: 200 }, resolution: [9] })
    expect(output.metrics.loss).toBeLessThan(-2.4)
    expect(output.faults.filter(f => f.severity !== 'info')).toEqual([])
  })
})

describe('conditions held by form', () => {
  it('leave the loss of the strong form, initial values too', async () => {
    const output = await trained({ catalogue: 'heat-1d' }, { conditions: 'hard', budget: { steps: 5 }, resolution: [9], times: 3 })
    expect(output.arrays.map(a => a.name).filter(name => name.startsWith('loss_'))).toEqual([])
    const { values } = output.fields[0] as Field
    for (let i = 0; i < 9; i++) expect(Math.abs(values[i] - libm.sin(Math.PI * i / 8))).toBeLessThan(1e-14)
  })

  it('that cannot be held are told', async () => {
    await expect(trained({ catalogue: 'poisson-100d' }, { conditions: 'hard', budget: { steps: 1 } })).rejects.toThrow('Products of distances vanish nearly everywhere in 100 dimensions.')
  })
})

it('an energy is not looked for in vain: advection says why', () => {
  const { problem } = analyse({ domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], equations: ['-dxx(u) + dx(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] } as never, libm)
  expect(train.check({ id: 'net', kind: 'train', formulation: 'variational' }, {} as never, problem, libm)[0]).toMatchObject({
    code: 'formulation-no-energy', message: expect.stringContaining('The first derivatives make the operator unsymmetric'), where: { path: 'formulation' },
  })
})
