import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Json } from '../json'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import type { StepContext, StepOutput } from './step-kind'
import { train } from './train'

const kernels = readKernels()
const libm = loadLibm(kernels)
const learning = createLearningRuntime({ threads: 1 })
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
let clock = 0

async function trained(problem: Json, options: Record<string, unknown>, run: Partial<Run> = {}): Promise<StepOutput> {
  const { problem: analysed, faults } = analyse(problem as never, libm)
  if (!analysed) throw new Error(JSON.stringify(faults))
  const step = { id: 'net', kind: 'train', ...options }
  const wrong = train.check(step, {} as never, analysed, libm)
  if (wrong.length > 0) throw new Error(wrong.map(f => f.message).join(' '))
  return (await train.load()).run({ step, problem: analysed, run: { ...quiet, ...run }, libm, seed: 5, team: createSerialTeam({ kernels }), learning, now: () => (clock += 1) } as unknown as StepContext)
}
const array = (output: StepOutput, name: string): Float64Array => output.arrays.find(a => a.name === name)!.values

/** Poisson's equation in units in which its residual is a thousand times the boundary's. */
const badlyScaled = {
  domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], definitions: { ue: 'sin(pi*x)*sin(pi*y) + 1 + x' },
  equations: ['-1000*lap(u) = 2000*pi^2*sin(pi*x)*sin(pi*y)'], boundary: [{ on: 'all', condition: 'u = ue' }], exact: { u: 'ue' },
}
/** A front of width 1/50 at x = 0.3. */
const front = {
  domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], definitions: { ue: 'tanh(50*(x - 0.3))' },
  equations: ['-lap(u) = 5000*ue*(1 - ue^2)'], boundary: [{ on: 'all', condition: 'u = ue' }], exact: { u: 'ue' },
}
const small = { network: { kind: 'mlp', width: 16, depth: 2 }, resolution: [5, 5] }

describe('balanced factors', () => {
  const options = { ...small, optimizer: { kind: 'adam', rate: 5e-3 }, points: { interior: 128, boundary: 64 }, budget: { steps: 250 } }
  let fixed: Promise<StepOutput> | undefined
  it.each(['gradient-norm', 'ntk'])('%s makes up for the units of a statement', async balance => {
    fixed ??= trained(badlyScaled, options)
    const adjusted = await trained(badlyScaled, { ...options, weights: { balance, every: 20 } })
    expect(adjusted.metrics.relative_l2).toBeLessThan(0.3 * (await fixed).metrics.relative_l2)
    // The boundary's factor by the equation's: some thousands for norms, the square of it for traces.
    const ratio = array(adjusted, 'weight_u_on_the_boundary').map((w, k) => w / array(adjusted, 'weight_equation_u')[k])
    expect(Math.min(...ratio)).toBeGreaterThan(100)
    expect(ratio).toHaveLength(250)
  })
})

describe('adaptive points', () => {
  const options = { network: { kind: 'mlp', width: 16, depth: 1 }, optimizer: { kind: 'lbfgs' }, resolution: [5] }
  it('crowd where the residual is large', async () => {
    const { arrays } = await trained(front, { ...options, points: { interior: 200, boundary: 2, adaptive: { kind: 'residual', every: 10, exponent: 2, constant: 0.2 } }, budget: { steps: 11 } })
    const points = arrays.find(a => a.name === 'points')!
    expect(points.shape).toEqual([200, 1])
    expect(points.values.filter(x => Math.abs(x - 0.3) < 0.05).length).toBeGreaterThan(60)
    expect(points.values.every(x => x >= 0 && x <= 1)).toBe(true)
  })
  it('raise the mean residual where they are an adversary’s', async () => {
    const residual = async (steps: number) => {
      const output = await trained(front, { ...options, points: { interior: 200, boundary: 2, adaptive: { kind: 'adversarial', every: 10, rate: 0.005 } }, budget: { steps } })
      return { loss: array(output, 'loss'), points: array(output, 'points') }
    }
    const { loss, points } = await residual(11)
    // The loss at step 10 is taken at the points that were moved; no step before had raised it.
    expect(loss[10]).toBeGreaterThan(1.1 * loss[9])
    expect(points.every(x => x >= 0 && x <= 1)).toBe(true)
    const still = (await residual(10)).points
    expect(points.subarray(0, 100)).toEqual(still.subarray(0, 100))
    expect(points.subarray(100)).not.toEqual(still.subarray(100))
  })
})

it('causal weights open one window of time after the other', async () => {
  const reach: number[] = []
  const options = { ...small, resolution: [5], times: 2, optimizer: { kind: 'ssbroyden' }, points: { interior: 200, boundary: 40, initial: 40 }, weights: { causal: 50, windows: 8, every: 5 }, budget: { steps: 120 } }
  const output = await trained({ catalogue: 'heat-1d' }, options, { series: (name, _, value) => { if (name === 'causal_reach') reach.push(value) } })
  const { metrics } = output
  expect([...array(output, 'causal_reach')]).toEqual(reach)
  expect(reach[0]).toBeLessThan(0.3)
  expect(reach.at(-1)).toBeGreaterThan(0.9)
  expect(metrics.relative_l2_spacetime).toBeLessThan(0.05)
})

describe('interrupted, goes on to the same bits', () => {
  const residual = { kind: 'residual', every: 4 }
  it.each([
    ['gradient-norm under Gauss–Newton', 'gauss-newton', { weights: { balance: 'gradient-norm', every: 3 } }], ['ntk under SSBroyden', 'ssbroyden', { weights: { balance: 'ntk', every: 4 } }],
    ['residual points under Gauss–Newton', 'gauss-newton', { points: { adaptive: residual } }],
    ['adversarial points and balance under L-BFGS', 'lbfgs', { points: { adaptive: { kind: 'adversarial', every: 4 } }, weights: { balance: 'gradient-norm', every: 2 } }],
    ['all of it with Adam', 'adam', { points: { resample: 5, adaptive: residual }, weights: { balance: 'ntk', every: 4, causal: 1 } }], ['points drawn anew under L-BFGS', 'lbfgs', { points: { resample: 4 } }],
  ])('%s', async (_, kind, { points, weights }: { points?: object; weights?: object }) => {
    const options = { network: { kind: 'mlp', width: 6, depth: 1 }, optimizer: { kind }, points: { interior: 40, boundary: 10, initial: 10, ...points }, ...(weights ? { weights } : {}), budget: { steps: 9 }, resolution: [5], times: 2 }
    const whole = await trained({ catalogue: 'heat-1d' }, options)
    // Stopped where points are about to be placed, or elsewhere.
    const stop = kind === 'adam' ? 7 : 4
    let kept: Checkpoint | undefined
    let calls = 0
    const stopped = trained({ catalogue: 'heat-1d' }, options, { throwIfCancelled: () => { if (calls++ === stop) throw new Cancelled() }, checkpoint: (make, force) => { if (force) kept = make() } })
    await stopped.catch((reason: unknown) => { if (!(reason instanceof Cancelled)) throw reason as Error })
    expect(kept!.scalars.done).toBe(stop)
    const resumed = await trained({ catalogue: 'heat-1d' }, options, { resumed: kept })
    for (const { name, values } of whole.arrays) expect(array(resumed, name), name).toEqual(values)
  })
})

it('networks beyond dense layers have their kernels’ traces estimated', async () => {
  const options = { network: { kind: 'piratenet', width: 6, depth: 1 }, optimizer: { kind: 'adam' }, points: { interior: 60, boundary: 20 }, weights: { balance: 'ntk' }, budget: { steps: 2 }, resolution: [5, 5] }
  const { arrays } = await trained(badlyScaled, options)
  const [equation, boundary] = ['weight_equation_u', 'weight_u_on_the_boundary'].map(name => arrays.find(a => a.name === name)!.values[0])
  // λ̂ are the inverse shares of the traces.
  expect(1 / equation + 1 / boundary).toBeCloseTo(1, 10)
  expect(boundary).toBeGreaterThan(1e4)
})

describe('what cannot be is told before', () => {
  it.each([
    ['poisson-2d', { weights: { causal: 1 } }, 'Causal weights follow the time, which this statement has not. weights.causal'],
    ['poisson-2d', { weights: { balance: 'ntkk' } }, 'weights.balance'],
    ['poisson-2d', { weights: { balance: 'ntk', momentum: 1 } }, 'weights.momentum'],
    ['poisson-2d', { points: { adaptive: { kind: 'residual', every: 0 } } }, 'points.adaptive.every'],
    ['poisson-2d', { points: { adaptive: { kind: 'residual', candidates: 1 } } }, 'points.adaptive.candidates'],
    ['poisson-2d', { points: { adaptive: { kind: 'adversarial', candidates: 10 } } }, 'candidates'],
    ['poisson-2d', { points: { adaptive: { kind: 'rad' } } }, 'points.adaptive.kind'],
    ['poisson-2d', { points: { interior: 100_000, adaptive: { kind: 'residual', candidates: 1000 } } }, '1000 candidates for each of 100000 points are 100000000; 4194304 can be asked at once. points.adaptive.candidates'],
    ['poisson-100d', { optimizer: { kind: 'adam' }, points: { interior: 20_000, adaptive: { kind: 'residual', candidates: 100 } } }, '1342177 can be asked at once'],
  ])('%s with %j', (id, options, message) => {
    const { problem } = analyse({ catalogue: id }, libm)
    const faults = train.check({ id: 'net', kind: 'train', ...options }, {} as never, problem, libm)
    expect(faults).toHaveLength(1)
    expect(`${faults[0].message} ${faults[0].where?.path}`).toContain(message)
  })

  it('more coordinates than Sobol points have', () => {
    const cube = { domain: { shape: 'box', dimension: 200 }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] }
    const { problem } = analyse(cube as never, libm)
    const checked = (sequence?: string) => train.check({ id: 'net', kind: 'train', optimizer: { kind: 'adam' }, points: { ...(sequence ? { sequence } : {}) } }, {} as never, problem, libm).map(f => `${f.where?.path}: ${f.message}`)
    expect(checked()).toEqual(['points.sequence: Sobol points exist here in up to 111 dimensions, not in 200.'])
    expect(checked('uniform')).toEqual([])
  })
})
