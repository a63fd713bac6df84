import { describe, expect, it } from 'vitest'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import type { Advance, TrainingMethod } from '../learning/training/method'
import { methodCheckpoint, trainingLoop } from './train-loop'

const run: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
let clock = 0
const host = { run, now: () => (clock += 1000) }
const feed = { store: () => ({ scalars: {}, arrays: {} }) }
const watched = { picture: undefined, error: undefined }

/** An optimizer that only tells what it is given to tell. */
function told(advances: readonly Partial<Advance>[]): TrainingMethod {
  let step = 0
  return {
    advance: async () => ({ loss: 1, terms: { 'equation u': 1 }, ...advances[Math.min(step++, advances.length - 1)], step }),
    parameters: () => ({ w: Float64Array.of(step) }), store: () => ({ scalars: { done: step }, arrays: {} }), dispose: () => undefined,
  }
}

describe('the end of a training', () => {
  it('makes one step at least, however short the time', async () => {
    const { done, loss, faults } = await trainingLoop(host, { seconds: 1e-9 }, told([{}]), feed, watched)
    expect({ done, loss, faults }).toEqual({ done: 1, loss: [1], faults: [] })
  })

  it('names the terms that have no value before anything was trained', async () => {
    const { faults } = await trainingLoop(host, { steps: 5 }, told([{ loss: NaN, terms: { 'equation u': NaN, 'u on left': 2 }, curves: { rate: 1e-3 } }]), feed, watched)
    expect(faults[0].message).toBe('The loss is not a number before the first step, in "equation u". The network as it began is kept.')
    expect(faults[0].tip).toContain('divisions by zero')
  })

  it('speaks of the learning rate where there is one', async () => {
    const later = (curves: Advance['curves']) => trainingLoop(host, { steps: 5 }, told([{}, { loss: Infinity, ...(curves ? { curves } : {}) }]), feed, watched)
    const [adam, other] = [await later({ rate: 1 }), await later(undefined)]
    expect(adam.faults[0]).toMatchObject({ message: 'The loss became infinite at step 2; it was 1.00 before. The network of step 0 is kept.', tip: 'Lower the learning rate, or train in double precision.' })
    expect(other.faults[0].tip).not.toContain('Lower')
  })
})

describe('a training that fails', () => {
  /** The loss of the network after so many steps. */
  const losses = [5, 3, 8, 2, 9, 40, 90]
  const falling = (after: number): TrainingMethod => {
    let step = 0
    return { ...told([]), advance: async () => ({ loss: losses[step] ?? after, terms: {}, step: ++step }), parameters: () => ({ w: Float64Array.of(step) }) }
  }

  it('keeps the network of the smallest loss, wherever it was', async () => {
    const { parameters, kept, faults } = await trainingLoop(host, { steps: 20 }, falling(NaN), feed, watched)
    expect({ parameters, kept }).toEqual({ parameters: { w: Float64Array.of(3) }, kept: { step: 3, loss: 2 } })
    expect(faults[0].message).toBe('The loss became not a number at step 8; it was 90.0 before. The network of step 3 is kept.')
  })

  it('keeps it as well where the loss ends far above its start', async () => {
    const { parameters, faults } = await trainingLoop(host, { steps: 9 }, falling(95), feed, watched)
    expect(parameters).toEqual({ w: Float64Array.of(3) })
    expect(faults).toMatchObject([{ severity: 'warning', message: 'The loss ended at 95.0, far above 5.00 where it began. The network of step 3, with 2.00, is kept.' }])
  })

  it('copies large networks at every tenth step only', async () => {
    let step = 0
    const large: TrainingMethod = { ...told([]), advance: async () => ({ loss: step === 60 ? NaN : 1 / (step + 1), terms: {}, step: ++step }), parameters: () => ({ w: new Float64Array(20_001).fill(step) }) }
    const { kept } = await trainingLoop(host, { steps: 90 }, large, feed, watched)
    expect(kept).toEqual({ step: 50, loss: 1 / 51 })
  })
})

it('takes the curves of diagnostics at the same steps, and goes on with them', async () => {
  let kept: Checkpoint | undefined
  const observe = async (step: number) => ({ gradient_u: 10 * step })
  const first = await trainingLoop({ run: { ...run, checkpoint: make => { kept = make() } }, now: () => 0 }, { steps: 4 }, told([{}]), feed, { ...watched, observe })
  expect(first).toMatchObject({ observedSteps: [1, 2, 3, 4], observed: { gradient_u: [10, 20, 30, 40] } })
  let step = 4
  const further: TrainingMethod = { ...told([]), advance: async () => ({ loss: 1, terms: {}, step: ++step }) }
  const resumed: Checkpoint = { scalars: { ...kept!.scalars, done: 4 }, arrays: kept!.arrays }
  const second = await trainingLoop({ run: { ...run, resumed }, now: () => 0 }, { steps: 14 }, further, feed, { ...watched, observe })
  expect(second.observedSteps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14])
  expect(second.observed).toEqual({ gradient_u: second.observedSteps.map(s => 10 * s) })
})

it('measures errors at steps that the clock has no part in', async () => {
  const steps = async (pace: number) => {
    let time = 0
    const { errorSteps } = await trainingLoop({ run, now: () => (time += pace) }, { steps: 60 }, told([{}]), feed, { picture: undefined, error: async () => 1 })
    return errorSteps
  }
  expect(await steps(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 21, 24, 28, 32, 37, 43, 50, 58])
  expect(await steps(5000)).toEqual(await steps(1))
})

describe('a stopped training', () => {
  /** Stopped at the `calls`-th look at the flag. */
  const stopping = (calls: number) => {
    let [looked, kept]: [number, Checkpoint | undefined] = [0, undefined]
    const stopped: Run = { ...run, throwIfCancelled: () => { if (++looked >= calls) throw new Cancelled() }, checkpoint: (make, force) => { if (force) kept = make() } }
    return { stopped, checkpoint: () => kept! }
  }

  it('leaves what it had reached, and nothing before its first step', async () => {
    const { stopped, checkpoint } = stopping(4)
    const history = await trainingLoop({ run: stopped, now: () => 0 }, { steps: 9 }, told([{}]), feed, watched)
    expect(history).toMatchObject({ stopped: true, done: 3, loss: [1, 1, 1], parameters: { w: Float64Array.of(3) }, faults: [{ severity: 'info', message: 'Stopped after 3 steps of 9: this is what the training had reached.' }] })
    expect(methodCheckpoint(checkpoint())).toEqual({ scalars: { done: 3 }, arrays: {} })
    await expect(trainingLoop({ run: stopping(1).stopped, now: () => 0 }, { steps: 9 }, told([{}]), feed, watched)).rejects.toThrow(Cancelled)
  })

  it('falls back to the same good network, resumed or not', async () => {
    const diverging = (from: number): TrainingMethod => {
      let step = from
      return { ...told([]), advance: async () => ({ step: ++step, loss: step > 70 ? NaN : 1 / step, terms: {} }), parameters: () => ({ w: Float64Array.of(step) }), store: () => ({ scalars: { done: step }, arrays: {} }) }
    }
    const whole = await trainingLoop(host, { steps: 90 }, diverging(0), feed, watched)
    const { stopped, checkpoint } = stopping(61)
    await trainingLoop({ run: stopped, now: () => 0 }, { steps: 90 }, diverging(0), feed, watched)
    const resumed = await trainingLoop({ run: { ...run, resumed: checkpoint() }, now: () => 0 }, { steps: 90 }, diverging(60), feed, watched)
    expect([resumed.parameters, resumed.faults]).toEqual([whole.parameters, whole.faults])
    expect(whole.parameters.w[0]).toBeGreaterThan(0)
  })

  it('says when it goes on on another number of threads', async () => {
    const { stopped, checkpoint } = stopping(3)
    await trainingLoop({ run: stopped, now: () => 0, threads: 2 }, { steps: 4 }, told([{}]), feed, watched)
    const said: string[] = []
    const again = (threads: number) => trainingLoop({ run: { ...run, resumed: checkpoint(), log: (_, message) => said.push(message) }, now: () => 0, threads }, { steps: 2 }, told([{}]), feed, watched)
    await again(2)
    expect(said).toEqual([])
    await again(1)
    expect(said).toEqual(['The checkpoint was written on 2 threads and goes on on 1 thread: the last digits may differ from those of an uninterrupted run.'])
  })
})
