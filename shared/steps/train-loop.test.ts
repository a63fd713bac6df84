import { describe, expect, it } from 'vitest'
import type { Run } from '../kernels/team'
import type { Advance, TrainingMethod } from '../learning/training/method'
import { trainingLoop } from './train-loop'

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

it('measures errors at steps that the clock has no part in', async () => {
  const steps = async (pace: number) => {
    let time = 0
    const { errorSteps } = await trainingLoop({ run, now: () => (time += pace) }, { steps: 60 }, told([{}]), feed, { picture: undefined, error: async () => 1 })
    return errorSteps
  }
  expect(await steps(1)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 21, 24, 28, 32, 37, 43, 50, 58])
  expect(await steps(5000)).toEqual(await steps(1))
})
