import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import { compile } from './compile'
import type { Precision } from './graph/graph'
import { applyNetwork, createNetwork } from './networks'
import { adam } from './optimizers/adam'
import { constantRate, cosineDecay, trainingProgram } from './optimizers'
import { createRandom } from './random'
import { mean, square, sub } from './tf'
import { train, type TrainingRun } from './train'

const libm = loadLibm(readKernels())
const runtime = createLearningRuntime({ threads: 1 })
const random = createRandom(5, libm)
const batch = 16

/** A perceptron fitted to sin 3x on a new batch each step. */
async function prepare(precision: Precision, { rate = 0.01, stepsPerCall = 1 } = {}) {
  const network = await createNetwork('mlp', { width: 12, depth: 2 }, { inputs: 1, outputs: 1 })
  const { state, step } = trainingProgram({
    loss: (p, { x, y }) => ({ value: mean(square(sub(applyNetwork(network, p, x), y))) }), parameters: network.initialise(random.child('weights')),
    optimizer: adam.build({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, rate > 1 ? constantRate(rate) : cosineDecay({ rate, warmUp: 20, steps: 300 })),
  })
  return runtime.prepare(compile(step, { precision, state, inputs: { x: [batch, 1], y: [batch, 1] }, stepsPerCall, libm }))
}
const inputs = (stepsPerCall: number) => (step: number): Record<string, Float64Array> => {
  const x = Float64Array.from({ length: stepsPerCall }, (_, k) => k).reduce<number[]>((all, k) => [...all, ...random.child('batch').child(step + k).uniform(batch)], [])
  return { x: Float64Array.from(x), y: Float64Array.from(x, v => libm.sin(3 * v)) }
}

/** A run that keeps its checkpoints; with `cancelAt`, the user presses Stop before that many calls are done. */
function recorder({ cancelAt = Infinity, resumed }: { readonly cancelAt?: number; readonly resumed?: Checkpoint | undefined } = {}) {
  const seen: { checkpoint?: Checkpoint; forced: boolean; curve: number[] } = { forced: false, curve: [] }
  let asked = 0
  const run: Run = {
    progress: () => undefined, log: () => undefined, frame: () => undefined, series: (_, __, value) => { seen.curve.push(value) }, resumed,
    checkpoint: (make, force) => { if (force) { seen.checkpoint = make(); seen.forced = true } },
    throwIfCancelled: () => { if (asked++ >= cancelAt) throw new Cancelled() },
  }
  return { run, seen }
}
let ticks = 0
const clock = (): number => (ticks += 0.001)

describe.each(['float32', 'float64'] as const)('in %s', precision => {
  it('goes on after a stop to the same bits as without it', async () => {
    const whole = await prepare(precision)
    const common = { budget: { steps: 80 }, inputs: inputs(1), clock, snapshotSteps: 30 }
    const straight = recorder()
    const uninterrupted = await train({ ...common, execution: whole, run: straight.run })
    const stopped = recorder({ cancelAt: 37 })
    await expect(train({ ...common, execution: await prepare(precision), run: stopped.run })).rejects.toBeInstanceOf(Cancelled)
    expect(stopped.seen.forced).toBe(true)
    // What is stored goes through double precision, as a file would keep it.
    const checkpoint = structuredClone(stopped.seen.checkpoint)
    const resumed = recorder({ resumed: checkpoint })
    const result = await train({ ...common, execution: await prepare(precision), run: resumed.run })
    expect(result.steps).toBe(80)
    expect(result.state).toEqual(uninterrupted.state)
    expect(result.series).toEqual(uninterrupted.series)
    expect([...stopped.seen.curve, ...resumed.seen.curve]).toEqual(straight.seen.curve)
    expect(result.best.step).toBe(uninterrupted.best.step)
    const { loss } = result.series
    expect(loss.length).toBe(80)
    expect(loss[79]).toBeLessThan(0.6 * loss[0])
  })

  it('takes several steps a call to the same bits', async () => {
    const common = { budget: { steps: 24 }, clock, snapshotSteps: 10 }
    const one = await train({ ...common, execution: await prepare(precision), inputs: inputs(1), run: recorder().run })
    const four = await train({ ...common, execution: await prepare(precision, { stepsPerCall: 4 }), stepsPerCall: 4, inputs: inputs(4), run: recorder().run })
    expect(four.series.loss).toEqual(one.series.loss)
    expect(four.state).toEqual(one.state)
  })

  it('says when the loss stops being finite and keeps the last good state', async () => {
    const { run } = recorder()
    const result = await train({ execution: await prepare(precision, { rate: precision === 'float32' ? 1e25 : 1e200 }), budget: { steps: 100 }, inputs: inputs(1), clock, run, snapshotSteps: 1 })
    expect(result.fault?.code).toBe('learning-diverged')
    expect(result.fault?.message).toMatch(/^The loss is (NaN|Infinity) at step \d+; the last finite value was [\d.e+-]+ at step \d+\.$/)
    expect(result.steps).toBeLessThan(10)
    for (const values of Object.values(result.state)) expect(Array.from(values).every(Number.isFinite)).toBe(true)
    expect(result.best.loss).toBeLessThanOrEqual(result.series.loss[0])
  })
})

it('ends with its seconds and records the steps', async () => {
  let now = 0
  const options: TrainingRun = { execution: await prepare('float32'), budget: { seconds: 10 }, inputs: inputs(1), clock: () => now, run: recorder().run, afterCall: () => { now += 0.5 } }
  const result = await train(options)
  expect(result.steps).toBe(20)
  expect(result.series.loss.length).toBe(20)
})
