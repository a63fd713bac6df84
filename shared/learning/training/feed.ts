import type { Checkpoint } from '../../kernels/team'
import type { RandomStream } from '../random'
import { weightsInput, type TrainingForm } from './form'

/** Arrays of a network by name, in double precision. */
export type NetworkArrays = Readonly<Record<string, Float64Array>>
/** All inputs of one step, the factors λ among them. */
export type StepInputs = Readonly<Record<string, Float64Array>>

/** Brings every step its points and the factors of its parts. What it brings may depend on the network as it is then (adaptive points, balanced factors), never on time. */
export interface Feed {
  /** For the step after `done` others. `changed` says that these are not the inputs of the step before, so that what an optimizer remembers of the loss is void; it is false at the first call of a training that begins, and told once at the first of one that goes on. */
  at(done: number, parameters: () => NetworkArrays): Promise<{ readonly inputs: StepInputs; readonly changed: boolean }>
  /** Whether inputs ever change: a loss that stands still may then move again. */
  readonly changing: boolean
  /** Curves worth showing: factors, shares of points. */
  readonly curves?: () => Readonly<Record<string, number>>
  /** Where equations are asked for now, [count, dimension]; of points that follow the network. */
  readonly points?: () => { readonly values: Float64Array; readonly shape: readonly [number, number] } | undefined
  /** What is needed to bring the same inputs again after an interruption. */
  store(): Checkpoint
}

/** The points of drawing number ⌊done / resample⌋ (the first ones for resample = 0), and the factors as they are given. */
export function plainFeed(form: TrainingForm, weights: readonly number[], resample: number, stream: RandomStream, resumed?: Checkpoint): Feed {
  const factors = Float64Array.from(weights)
  let drawn: number | undefined = resumed?.scalars.drawn === undefined ? undefined : Number(resumed.scalars.drawn)
  let inputs: StepInputs | undefined
  return {
    changing: resample > 0,
    at: async done => {
      const index = drawingAt(done, resample)
      if (index === drawn && inputs) return { inputs, changed: false }
      const changed = drawn !== undefined && drawn !== index
      inputs = { ...form.draw(stream.child((drawn = index))), [weightsInput]: factors }
      return { inputs, changed }
    },
    store: () => ({ scalars: { ...(drawn === undefined ? undefined : { drawn }) }, arrays: {} }),
  }
}

/** Which drawing of points the step after `done` others has. */
export const drawingAt = (done: number, resample: number): number => (resample > 0 ? Math.floor(done / resample) : 0)
