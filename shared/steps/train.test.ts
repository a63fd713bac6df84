import { InferenceSession, Tensor } from 'onnxruntime-node'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Field } from '../fields/field'
import type { Json } from '../json'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import type { StepContext, StepOutput } from './step-kind'
import { train } from './train'
import { parseTrain } from './train-options'

const kernels = readKernels()
const libm = loadLibm(kernels)
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
let clock = 0
beforeAll(() => { clock = 0 })

async function trained(problem: Json, options: Record<string, unknown>, run: Partial<Run> = {}): Promise<StepOutput> {
  const { problem: analysed, faults } = analyse(problem as never, libm)
  if (!analysed) throw new Error(JSON.stringify(faults))
  const step = { id: 'net', kind: 'train', ...options }
  const wrong = train.check(step, {} as never, analysed, libm)
  if (wrong.length > 0) throw new Error(wrong.map(f => f.message).join(' '))
  const runner = await train.load()
  return runner.run({ step, problem: analysed, run: { ...quiet, ...run }, libm, seed: 5, team: createSerialTeam({ kernels }), learning: createLearningRuntime({ threads: 1 }), now: () => (clock += 1) } as unknown as StepContext)
}

const array = (output: StepOutput, name: string) => output.arrays.find(a => a.name === name)!.values

describe('training on the strong form', () => {
  it('Gauss–Newton solves a boundary value problem to eight digits', async () => {
    const output = await trained({ catalogue: 'poisson-1d', parameters: { k: 1 } }, { network: { kind: 'mlp', width: 64, depth: 1 }, budget: { steps: 60 }, resolution: [65] })
    expect(output.metrics.relative_l2).toBeLessThan(1e-8)
    expect(output.metrics.parameters).toBe(64 + 64 + 64 + 1)
    // It ends by itself where the loss stands still.
    expect(output.metrics.iterations).toBeLessThan(60)
    expect(output.fields[0]).toMatchObject({ name: 'u', grid: { axes: [{ name: 'x', lower: 0, upper: 1 }] } })
    // The loss never grows, and its parts add up to it.
    const [loss, equation, boundary] = ['loss', 'loss_equation_u', 'loss_u_on_the_boundary'].map(name => array(output, name))
    for (let k = 1; k < loss.length; k++) expect(loss[k]).toBeLessThanOrEqual(loss[k - 1])
    loss.forEach((l, k) => expect(Math.abs(equation[k] + boundary[k] - l)).toBeLessThanOrEqual(1e-12 * l + 1e-18))
    // The stored picture is the network: a second network of the same numbers gives the error that was measured.
    const [field] = output.fields as unknown as { values: Float64Array; grid: { axes: { coordinates: Float64Array }[] } }[]
    field.grid.axes[0].coordinates.forEach((x, i) => expect(Math.abs(field.values[i] - libm.sin(Math.PI * x))).toBeLessThan(1e-7))
  })

  it('the defaults solve Poisson’s equation on a square to six digits and more', async () => {
    const output = await trained({ catalogue: 'poisson-2d' }, { network: { kind: 'mlp', width: 64, depth: 1 }, budget: { steps: 50 }, resolution: [9, 9] })
    expect(output.metrics.relative_l2).toBeLessThan(1e-6)
  }, 60_000)

  it('options that are left out are those of the parts that are taken', () => {
    const options = parseTrain({ id: 'net', kind: 'train' })
    expect(options.network).toMatchObject({ kind: 'mlp', width: 64, depth: 1, activation: 'tanh' })
    expect(options.optimizer).toEqual({ kind: 'gauss-newton', cutoff: 1e-8, solver: 'auto' })
  })

  it('evolution equations need no time steps', async () => {
    const output = await trained({ catalogue: 'heat-1d' }, { network: { kind: 'mlp', width: 32, depth: 1 }, points: { interior: 300, boundary: 60, initial: 60 }, budget: { steps: 70 }, resolution: [33], times: 5 })
    expect(output.metrics.relative_l2_spacetime).toBeLessThan(1e-3)
    expect(output.fields[0]).toMatchObject({ times: expect.objectContaining({ length: 5 }) })
  })

  it.each([
    ['heat-1d', { resolution: [9], times: 3 }], ['poisson-disk', { resolution: [9, 9] }], ['poisson-holes', { conditions: 'hard', optimizer: { kind: 'adam' }, resolution: [9, 9] }], ['burgers-2d', { resolution: [5, 5], times: 2 }], ['poisson-2d', { network: { kind: 'fourier-features', width: 8, depth: 2, features: 4 }, optimizer: { kind: 'adam' }, resolution: [5, 5] }],
  ])('the network of %s is left as an ONNX model that gives the stored values at the nodes', async (catalogue, options) => {
    const output = await trained({ catalogue }, { network: { kind: 'mlp', width: 8, depth: 1 }, points: { interior: 40, boundary: 12, initial: 12 }, budget: { steps: 3 }, diagnostics: [], ...options })
    const session = await InferenceSession.create(output.models![0].bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
    for (const field of (output.fields as Field[]).filter(({ name }) => session.outputNames.includes(name))) {
      const { grid: { axes }, components, times = [undefined] } = field
      const nodes = axes.reduce((n, axis) => n * axis.coordinates.length, 1)
      const x = Array.from(times).flatMap(t => Array.from({ length: nodes }, (_, i) => {
        let rest = i
        const place = axes.map(({ coordinates }) => {
          const at = coordinates[rest % coordinates.length]
          rest = Math.floor(rest / coordinates.length)
          return at
        })
        return t === undefined ? place : [...place, t]
      }))
      const given = new Tensor('float64', Float64Array.from(x.flat()), [x.length, x[0].length])
      const { [field.name]: { data, dims } } = await session.run({ x: given })
      const parts = components?.length ?? 1
      expect(dims).toEqual([x.length, parts])
      let inside = 0
      field.values.forEach((value, k) => {
        // [time, component, node] against [time, node, component].
        const [t, c, i] = [Math.floor(k / (parts * nodes)), Math.floor(k / nodes) % parts, k % nodes]
        if (Number.isNaN(value)) return
        inside++
        expect(Math.abs((data as Float64Array)[(t * nodes + i) * parts + c] - value)).toBeLessThan(1e-12)
      })
      expect(inside).toBeGreaterThan(field.values.length / 3)
    }
    await session.release()
  })

  it('periodic unknowns of a system are periodic exactly', async () => {
    const output = await trained({ catalogue: 'burgers-2d' }, { network: { kind: 'mlp', width: 8, depth: 1 }, optimizer: { kind: 'adam' }, points: { interior: 64, boundary: 8, initial: 32 }, budget: { steps: 3 }, resolution: [9, 9], times: 2 })
    expect(output.fields.length).toBeGreaterThan(0)
    expect(output.metrics.iterations).toBe(3)
  })

  it.each(['adam', 'lion'])('%s lowers the loss in single precision', async kind => {
    const output = await trained({ catalogue: 'poisson-2d' }, { precision: 'float32', network: { kind: 'mlp', width: 16, depth: 2 }, optimizer: { kind, rate: kind === 'lion' ? 2e-3 : 5e-3 }, points: { interior: 200, boundary: 60, resample: 20 }, budget: { steps: 250 }, resolution: [9, 9] })
    const loss = array(output, 'loss')
    expect(loss.at(-1)! / loss[0]).toBeLessThan(0.1)
    expect(output.precision).toBe('float32')
  })

  it.each([['gauss-newton', 'float64', 12], ['spring', 'float64', 12], ['lbfgs', 'float64', 20], ['ssbroyden', 'float64', 20], ['adam', 'float32', 60]] as const)('%s interrupted goes on to the same bits', async (kind, precision, steps) => {
    const options = { precision, network: { kind: 'mlp', width: 8, depth: 1 }, optimizer: { kind }, points: { interior: 50, boundary: 20, resample: kind === 'adam' ? 10 : 0 }, budget: { steps }, resolution: [9, 9] }
    const whole = await trained({ catalogue: 'poisson-2d' }, options)
    let kept: Checkpoint | undefined
    let calls = 0
    const stopped = await trained({ catalogue: 'poisson-2d' }, options, { throwIfCancelled: () => { if (++calls > steps / 3) throw new Cancelled() }, checkpoint: (make, force) => { if (force) kept = make() } })
    expect(kept!.scalars.done).toBeGreaterThan(0)
    // What was reached is a result: the picture, the curves and the network of that step.
    expect(stopped).toMatchObject({ stopped: true, converged: false, faults: [{ severity: 'info', code: 'stopped' }], metrics: { iterations: kept!.scalars.done, relative_l2: expect.any(Number) } })
    expect(stopped.fields[0].values.some(value => value !== 0)).toBe(true)
    expect(array(stopped, 'loss')).toEqual(array(whole, 'loss').slice(0, Number(kept!.scalars.done)))
    expect(stopped.models).toHaveLength(1)
    const resumed = await trained({ catalogue: 'poisson-2d' }, options, { resumed: kept })
    for (const name of ['parameters', 'loss']) expect(array(resumed, name)).toEqual(array(whole, name))
  })

  it.each(['lbfgs', 'ssbroyden'])('%s reaches four digits', async kind => {
    const output = await trained({ catalogue: 'poisson-1d', parameters: { k: 1 } }, { network: { kind: 'mlp', width: 16, depth: 1 }, optimizer: { kind }, points: { interior: 64, boundary: 2 }, budget: { steps: 400 }, resolution: [17] })
    expect(output.metrics.relative_l2).toBeLessThan(1e-4)
    const [loss, equation, boundary] = ['loss', 'loss_equation_u', 'loss_u_on_the_boundary'].map(name => array(output, name))
    loss.forEach((l, k) => expect(Math.abs(equation[k] + boundary[k] - l)).toBeLessThanOrEqual(1e-12 * l))
  })

  it('a loss that ends far above its start is said, and does not count as converged', async () => {
    const output = await trained({ catalogue: 'poisson-2d' }, { precision: 'float32', optimizer: { kind: 'lion', rate: 1e3, schedule: 'constant' }, points: { interior: 20, boundary: 8 }, budget: { steps: 10 }, resolution: [5, 5] })
    expect(output.converged).toBe(false)
    expect(output.faults[0]).toMatchObject({ severity: 'warning', code: 'learning-worse' })
  })

  it('numbers that leave the finite ones end the training with the last good network', async () => {
    const output = await trained({ catalogue: 'poisson-2d' }, { precision: 'float32', optimizer: { kind: 'adam', rate: 1e30, schedule: 'constant' }, points: { interior: 20, boundary: 8 }, budget: { steps: 50 }, resolution: [5, 5] })
    expect(output.converged).toBe(false)
    expect(output.faults[0]).toMatchObject({ code: 'learning-diverged', message: expect.stringMatching(/^The loss became (infinite|not a number) at step \d+; it was .* The network of step \d+ is kept\.$/) })
    expect(array(output, 'parameters').every(Number.isFinite)).toBe(true)
  })
})

describe('a statement without values', () => {
  it.each([['gauss-newton', '-lap(u) + sqrt(-1 - u^2) = 1'], ['gauss-newton', '-lap(u) = log(x - 2)'], ['lbfgs', '-lap(u) = log(x - 2)'], ['adam', '-lap(u) = log(x - 2)']])('%s says of %s in which equation', async (kind, equation) => {
    const problem = { domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: [equation], boundary: [{ on: 'all', condition: 'u = 0' }] }
    const { faults, converged } = await trained(problem, { network: { kind: 'mlp', width: 8, depth: 1 }, optimizer: { kind }, points: { interior: 40, boundary: 12 }, budget: { steps: 3 }, resolution: [5, 5] })
    expect(converged).toBe(false)
    expect(faults[0].message).toMatch(/^The loss is not a number before the first step, in "equation u"/)
  })
})

describe('what cannot be trained is told before', () => {
  it.each([
    ['poisson-2d', { network: { kind: 'mpl' } }, 'There is no network "mpl".'],
    ['poisson-2d', { optimizer: { kind: 'adan' } }, 'There is no optimizer "adan".'],
    ['poisson-2d', { optimizer: { kind: 'adam', rat: 1 } }, 'Unknown key "rat".'],
    ['poisson-2d', { points: { interior: 0 } }, 'points.interior'],
    ['poisson-2d', { network: { kind: 7 } }, 'There is no network "7".'],
    ['poisson-2d', { network: { kind: 'piratenet', width: 8 } }, 'Gauss–Newton needs dense layers, which the network "piratenet" has not alone.'],
    ['poisson-2d', { network: { kind: 'mlp', width: 4096, depth: 64 } }, 'A network of 64 layers of 4096 neurons has more than 1056 million parameters; 134 million can be trained.'],
    ['poisson-3d', { resolution: [4097, 4097, 4097] }, 'The picture of 4097 × 4097 × 4097 nodes holds 206309 million numbers; 134 million can be stored.'],
    ['heat-2d', { resolution: [129, 129], times: 10_000 }, 'nodes at 10000 times holds 166 million numbers'],
    ['poisson-2d', { budget: {} }, 'The budget says neither steps nor seconds.'],
    ['poisson-2d', { times: 5 }, 'Output times are given, but the problem is steady.'],
    ['poisson-2d', { resolution: [9] }, 'The resolution has 1 entry, but the domain has 2 axes.'],
    ['eigenvalues-square', {}, 'An eigenproblem has no strong form with one solution: its scale is free.'],
  ])('%s with %j', (id, options, message) => {
    const { problem } = analyse({ catalogue: id }, libm)
    const faults = train.check({ id: 'net', kind: 'train', ...options }, {} as never, problem, libm)
    expect(faults.map(f => `${f.message} ${f.where?.path}`).join('\n')).toContain(message)
  })

  it('a network with arrays outside dense layers asks for another optimizer', async () => {
    await expect(trained({ catalogue: 'poisson-2d' }, { network: { kind: 'piratenet', width: 8, depth: 1 }, points: { interior: 10, boundary: 8 }, budget: { steps: 1 } })).rejects.toThrow('Gauss–Newton needs dense layers')
  })
})
