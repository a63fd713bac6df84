import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import { FaultError } from '../fault'
import type { Field } from '../fields/field'
import type { Json } from '../json'
import { createSerialTeam } from '../kernels/serial-team'
import type { Run } from '../kernels/team'
import { analyse } from '../problems/analyse'
import { solve } from './solve'
import type { StepContext, StepOutput, StepResult } from './step-kind'
import { train } from './train'
import { gridLevels } from './train-grid'

const kernels = readKernels()
const libm = loadLibm(kernels)
const learning = createLearningRuntime({ threads: 1 })
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }

async function computed(problem: Json, step: { readonly id: string; readonly kind: string; readonly [option: string]: Json }, results: Readonly<Record<string, StepResult>> = {}, pace = 1): Promise<StepOutput> {
  const { problem: analysed, faults } = analyse(problem as never, libm)
  if (!analysed) throw new Error(JSON.stringify(faults))
  const kind = step.kind === 'train' ? train : solve
  const document = { steps: [step, ...Object.keys(results).map(id => ({ id, kind: 'solve' }))] }
  const wrong = kind.check(step, document as never, analysed, libm)
  if (wrong.length > 0) throw new FaultError(wrong)
  let clock = 0
  return (await kind.load()).run({ step, problem: analysed, run: quiet, libm, seed: 5, team: createSerialTeam({ kernels }), learning, now: () => (clock += pace), input: (id: string) => results[id] } as unknown as StepContext)
}
const training = (problem: Json, options: { readonly [option: string]: Json }, results?: Readonly<Record<string, StepResult>>) =>
  computed(problem, { id: 'net', kind: 'train', network: { kind: 'mlp', width: 8, depth: 1 }, points: { interior: 60, boundary: 24, initial: 24 }, ...options }, results)

const array = (output: StepResult, name: string): Float64Array => output.arrays.find(a => a.name === name)!.values
const field = (output: StepResult, name: string): Field => output.fields.find(f => f.name === name) as Field
const adam = (steps: number, rate = 5e-3): { readonly [option: string]: Json } => ({ optimizer: { kind: 'adam', rate, schedule: 'constant' }, budget: { steps } })

/** −u″ = f on (0, 1) with u known at the ends. */
const line = (exact: string, source: string): Json => ({
  domain: { shape: 'box', bounds: [[0, 1]], periodic: [false] }, unknowns: ['u'], definitions: { ue: exact }, equations: [`-lap(u) = ${source}`], boundary: [{ on: 'all', condition: 'u = ue' }], exact: { u: 'ue' },
})

describe('what a training tells of itself', () => {
  it('spectra, gradients, histograms; the same bits at any pace of the clock', async () => {
    const step = { id: 'net', kind: 'train', network: { kind: 'mlp', width: 12, depth: 1 }, points: { interior: 60, boundary: 24 }, budget: { steps: 12 }, resolution: [9, 9] }
    const output = await computed({ catalogue: 'poisson-2d' }, step)
    const again = await computed({ catalogue: 'poisson-2d' }, step, {}, 40)
    expect(again.arrays).toEqual(output.arrays)
    expect(again.metrics).toEqual(output.metrics)
    const singular = array(output, 'singular_values')
    singular.forEach((v, k) => k > 0 && expect(v).toBeLessThanOrEqual(singular[k - 1]))
    expect(output.metrics.rank).toBe(singular.filter(v => v > 1e-8 * singular[0]).length)
    // The terms' gradients and the whole one, where errors are measured.
    for (const name of ['gradient', 'gradient_equation_u', 'gradient_u_on_the_boundary']) expect(array(output, name)).toHaveLength(array(output, 'observed_steps').length)
    expect(array(output, 'observed_steps')).toEqual(array(output, 'relative_l2_steps'))
    // The trace of the whole kernel is the sum of its parts'.
    const trace = (name: string): number => array(output, name).reduce((a, b) => a + b, 0)
    for (const end of ['', '_start']) expect(trace(`ntk${end}`) / (trace(`ntk_equation_u${end}`) + trace(`ntk_u_on_the_boundary${end}`))).toBeCloseTo(1, 10)
    expect(array(output, 'weights_edges')).toHaveLength(array(output, 'weights_histogram').length + 1)
    for (const name of ['weights_histogram', 'weights_histogram_start']) expect(array(output, name).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
    expect(output.timings!.training).toHaveLength(array(output, 'relative_l2_steps').length)
  })

  it('the residual is that of the equation, the error that of the solution', async () => {
    const output = await training(line('x^3', '-6*x'), { ...adam(30), resolution: [401] })
    const [u, residual, error] = ['u', 'residual', 'error'].map(name => field(output, name).values)
    const h = 1 / 400
    for (let i = 40; i < 400; i += 40) {
      // −u″ − f by differences of the stored picture, f = −6x; rows of constraints read 0 − C.
      const expected = -(u[i - 1] - 2 * u[i] + u[i + 1]) / (h * h) + 6 * i * h
      expect(Math.abs(Math.abs(residual[i]) - Math.abs(expected))).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)))
      expect(error[i]).toBeCloseTo(u[i] - (i * h) ** 3, 13)
    }
  })

  it('fields of several, complex and evolving unknowns have their parts and times', async () => {
    const burgers = await training({ catalogue: 'burgers-2d' }, { ...adam(3), resolution: [5, 5], times: 3, diagnostics: ['residual'] })
    expect(burgers.fields.map(f => f.name)).toEqual(expect.arrayContaining([expect.stringMatching(/^residual/)]))
    const nls = await training({ catalogue: 'nls-soliton' }, { ...adam(3), resolution: [8], times: 3, diagnostics: ['residual', 'error'] })
    expect(field(nls, 'residual')).toMatchObject({ components: ['re', 'im'], times: { length: 3 } })
    expect(field(nls, 'residual').values).toHaveLength(3 * 2 * 8)
    const wave = await training({ catalogue: 'wave-1d' }, { ...adam(3), resolution: [9], times: 2, diagnostics: ['residual'] })
    expect(field(wave, 'residual').values.every(Number.isFinite)).toBe(true)
  })

  it('networks without dense layers have no kernel, and train all the same', async () => {
    const output = await training({ catalogue: 'poisson-1d' }, { ...adam(25), network: { kind: 'piratenet', width: 6, depth: 1 }, resolution: [9] })
    expect(output.arrays.some(a => a.name.startsWith('ntk'))).toBe(false)
    expect(output.arrays.some(a => a.name === 'gradient')).toBe(true)
  })
})

describe('why a training stands still', () => {
  const reasons = (output: StepOutput): string => output.faults.filter(f => f.code === 'learning-stalled').map(f => f.message).join(' ')

  it('a network too small', async () => {
    const output = await training(line('sin(6*pi*x)', '(6*pi)^2*ue'), { network: { kind: 'mlp', width: 2, depth: 1 }, budget: { steps: 60 }, resolution: [9], diagnostics: ['stall'] })
    expect(reasons(output)).toMatch(/(100|9\d(\.\d+)?) % of the residual is orthogonal to all that the 7 parameters can change at the \d+ residuals: the network is too small/)
    // Nothing has failed: the result counts.
    expect(output.converged).toBe(true)
  })

  it('a boundary whose weight is too small', async () => {
    const output = await training(line('1 + x', '0'), { ...adam(300), weights: { boundary: 1e-8 }, resolution: [9], diagnostics: ['stall', 'gradients'] })
    expect(reasons(output)).toContain('the gradient of "u on the boundary" is 1/')
  })

  it('a high frequency that gradient descent does not reach', async () => {
    const output = await training(line('sin(8*pi*x)/(8*pi)^2', 'sin(8*pi*x)'), { ...adam(250, 1e-3), network: { kind: 'mlp', width: 24, depth: 1 }, resolution: [9], diagnostics: ['stall', 'gradients'] })
    expect(reasons(output)).toContain('spectral bias')
  })
})

describe('what a grid does in these seconds', () => {
  it('stands beside the network, in grids that the clock has no part in', async () => {
    const output = await training({ catalogue: 'poisson-2d' }, { network: { kind: 'mlp', width: 12, depth: 1 }, budget: { steps: 40 }, resolution: [9, 9], diagnostics: ['grid'] })
    const [unknowns, errors] = ['grid_unknowns', 'grid_relative_l2'].map(name => array(output, name))
    expect(output.timings!.grid).toHaveLength(errors.length)
    expect([...unknowns].slice(0, 2)).toEqual([49, 225])
    for (let i = 1; i < errors.length; i++) expect(errors[i - 1] / errors[i]).toBeGreaterThan(3)
    expect(Object.keys(output.metrics)).not.toContain('grid_relative_l2')
  })

  it('few steps have few grids beside them, and classes have their finest', () => {
    const problem = (id: string) => analyse({ catalogue: id }, libm).problem!
    expect(gridLevels(problem('poisson-2d'), 1e5)).toEqual([])
    expect(gridLevels(problem('poisson-2d'), 1e15).at(-1)).toEqual([1025, 1025])
    expect(gridLevels(problem('burgers-1d'), 1e15).at(-1)).toEqual([512])
    expect(gridLevels(problem('poisson-boltzmann'), 1e15).at(-1)!.every(n => n <= 129)).toBe(true)
  })
})

describe('another step’s field as the reference', () => {
  const unsolved: Json = { domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [false, false] }, unknowns: ['u'], equations: ['-lap(u) = exp(x*y)'], boundary: [{ on: 'all', condition: 'u = 0' }] }

  it('gives the error curve, the error field and the metrics where there is no exact solution', async () => {
    const grid = await computed(unsolved, { id: 'fd', kind: 'solve', method: 'finite-difference', resolution: [65, 65] })
    const options = { budget: { steps: 24 }, network: { kind: 'mlp', width: 24, depth: 1 }, points: { interior: 200, boundary: 60 }, resolution: [33, 33], diagnostics: ['error', 'grid'] }
    const output = await training(unsolved, { ...options, reference: 'fd' }, { fd: grid })
    const curve = array(output, 'relative_l2_curve')
    expect(curve.at(-1)!).toBeLessThan(0.3 * curve[0])
    expect(output.metrics.relative_l2).toBeCloseTo(curve.at(-1)!, 3)
    // At nodes that both have, the error field is the difference of the two pictures.
    const [u, error, reference] = [field(output, 'u').values, field(output, 'error').values, (grid.fields[0] as Field).values]
    for (const [i, j] of [[16, 16], [5, 20], [30, 2]]) expect(error[j * 33 + i]).toBeCloseTo(u[j * 33 + i] - reference[2 * j * 65 + 2 * i], 10)
    expect(array(output, 'grid_relative_l2').length).toBeGreaterThan(1)
    expect((await training(unsolved, { ...options, diagnostics: [] })).metrics.relative_l2).toBeUndefined()
  }, 20_000)

  it('of an evolution at its times, and of a mesh at its nodes', async () => {
    const heat: Json = { catalogue: 'heat-1d' }
    const grid = await computed(heat, { id: 'fd', kind: 'solve', method: 'finite-difference', resolution: [65], times: 5 })
    const output = await training(heat, { ...adam(3), resolution: [9], times: 2, diagnostics: [], reference: 'fd' }, { fd: grid })
    expect(output.metrics.relative_l2_spacetime).toBeGreaterThan(0)
    const mesh = await computed({ catalogue: 'poisson-disk' }, { id: 'fem', kind: 'solve', method: 'finite-element', resolution: [9, 9] })
    const disk = await training({ catalogue: 'poisson-disk' }, { ...adam(3), resolution: [9, 9], diagnostics: ['error'], reference: 'fem' }, { fem: mesh })
    expect(disk.metrics.relative_l2).toBeGreaterThan(0)
    expect(field(disk, 'error').values.some(Number.isFinite)).toBe(true)
  })

  it('must be there, and have the unknowns', async () => {
    await expect(training(unsolved, { ...adam(2), reference: 'fe' }, { fd: { fields: [], arrays: [], metrics: {} } })).rejects.toThrow('There is no other step "fe".')
    await expect(training(unsolved, { ...adam(2), reference: 'fd' }, { fd: { fields: [], arrays: [], metrics: {} } })).rejects.toThrow('The step "fd" has no field of u to measure against.')
  })
})
