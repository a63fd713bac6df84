import type { Checkpoint } from '../../kernels/team'
import type { RandomStream } from '../random'
import { weightsInput, type TrainingForm } from './form'

/** Arrays of a network by name, in double precision. */
export type NetworkArrays = Readonly<Record<string, Float64Array>>
/** All inputs of one step, the factors λ among them. */
export type StepInputs = Readonly<Record<string, Float64Array>>

/** Brings every step its points and the factors of its parts. What it brings may depend on the network as it is then (adaptive points, balanced factors), never on time. */
export interface Feed {
  /** For the step after `done` others. `changed` says that these are not the inputs of the step before, so that what an optimizer remembers of the loss is void; it is false at the first call. */
  at(done: number, parameters: () => NetworkArrays): Promise<{ readonly inputs: StepInputs; readonly changed: boolean }>
  /** Whether inputs ever change: a loss that stands still may then move again. */
  readonly changing: boolean
  /** Curves worth showing: factors, shares of points. */
  readonly curves?: () => Readonly<Record<string, number>>
  /** What is needed to bring the same inputs again after an interruption. */
  store(): Checkpoint
}

/** The points of drawing number ⌊done / resample⌋ (the first ones for resample = 0), and the factors as they are given. */
export function plainFeed(form: TrainingForm, weights: readonly number[], resample: number, stream: RandomStream): Feed {
  const factors = Float64Array.from(weights)
  let drawn: number | undefined
  let inputs: StepInputs = {}
  return {
    changing: resample > 0,
    at: async done => {
      const index = resample > 0 ? Math.floor(done / resample) : 0
      if (index === drawn) return { inputs, changed: false }
      const changed = drawn !== undefined
      inputs = { ...form.draw(stream.child((drawn = index))), [weightsInput]: factors }
      return { inputs, changed }
    },
    store: () => ({ scalars: {}, arrays: {} }),
  }
}
