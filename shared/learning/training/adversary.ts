import { valueAndGradients } from '../gradients'
import { ofPrefix, withPrefix, type Network, type Parameters } from '../networks'
import { adam } from '../optimizers/adam'
import { adamDescriptor, type AdamOptions } from '../optimizers/adam-descriptor'
import { constantRate } from '../optimizers/schedules'
import { neg, type Tensor, type Tensors } from '../tf'
import type { StepInputs } from './feed'
import { inputsOf, type TrainingForm } from './form'

/** A form's adversary inside the program of a step: its arrays and Adam's moments are state beside those of the network. */
export interface Opponent {
  readonly initial: Parameters
  /** What a call still brings: all inputs but the adversary's arrays. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** The adversary after its steps against this network: its arrays as inputs of the form, and the state to keep. */
  raise(state: Tensors, network: Network, parameters: Tensors, inputs: Tensors): { readonly arrays: Tensors; readonly state: Tensors; readonly gain: Tensor }
}

const [arraysOf, momentsOf] = ['opponent', 'opponent-optimizer']

/** `first` are inputs of the form's own drawing: the adversary begins with its arrays among them. */
export function opponentOf(form: TrainingForm, first: StepInputs): Opponent | undefined {
  const { adversary } = form
  if (!adversary) return undefined
  const shapes = inputsOf(form)
  const arrays = Object.fromEntries(adversary.arrays.map(name => [name, { values: first[name], shape: shapes[name] }]))
  const rule = adam.build(adamDescriptor.options!.parse({}) as AdamOptions as never, constantRate(adversary.rate))
  return {
    initial: { ...withPrefix(arraysOf, arrays), ...withPrefix(momentsOf, rule.initialise(arrays)) },
    inputs: Object.fromEntries(Object.entries(shapes).filter(([name]) => !adversary.arrays.includes(name))),
    raise: (state, network, parameters, inputs) => {
      let now: Tensors = ofPrefix(arraysOf, state)
      let moments: Tensors = ofPrefix(momentsOf, state)
      let reached: Tensor | undefined
      for (let k = 0; k < adversary.steps; k++) {
        const { value, gradients } = valueAndGradients(moving => ({ value: neg(adversary.gain(network, parameters, { ...inputs, ...moving })) }), now, { unused: 'zero' })
        const next = rule.update(moments, now, gradients)
        now = next.parameters
        moments = next.state
        reached ??= neg(value)
      }
      return { arrays: now, state: { ...withPrefix(arraysOf, now), ...withPrefix(momentsOf, moments) }, gain: reached! }
    },
  }
}
