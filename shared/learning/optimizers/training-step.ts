import { ofPrefix, withPrefix, type Parameters } from '../networks'
import { valueAndGradients } from '../gradients'
import { add, sqrt, square, sum, type Tensor, type Tensors } from '../tf'
import type { StepFunction } from '../tracing/trace'
import type { GraphOptimizer } from './optimizer'

/** A loss of parameters and a call's inputs; `aux` are further scalars or arrays to be shown (terms of the loss). */
export type Loss = (parameters: Tensors, inputs: Tensors) => { readonly value: Tensor; readonly aux?: Tensors }

export interface TrainingProgram {
  /** Parameters under their own names, the optimizer's state as `optimizer.…`. */
  readonly state: Parameters
  /** One step: outputs `loss` (before the step), `gradientNorm` (Euclidean), `rate`, and what `aux` names. */
  readonly step: StepFunction
}

export interface TrainingOptions {
  readonly loss: Loss
  readonly parameters: Parameters
  readonly optimizer: GraphOptimizer
  /** Names of parameters that stay as they are. */
  readonly fixed?: readonly string[]
}

/** What `compile` and `train` need of a model, its loss and an optimizer. */
export function trainingProgram({ loss, parameters, optimizer, fixed = [] }: TrainingOptions): TrainingProgram {
  const trained = Object.fromEntries(Object.entries(parameters).filter(([name]) => !fixed.includes(name)))
  return {
    state: { ...parameters, ...withPrefix('optimizer', optimizer.initialise(trained)) },
    step: (state, inputs) => {
      const kept = Object.fromEntries(fixed.map(name => [name, state[name]]))
      const current = Object.fromEntries(Object.keys(trained).map(name => [name, state[name]]))
      const { value, gradients, aux } = valueAndGradients(p => loss({ ...p, ...kept }, inputs), current)
      const next = optimizer.update(ofPrefix('optimizer', state), current, gradients)
      return { state: { ...next.parameters, ...kept, ...withPrefix('optimizer', next.state) }, outputs: { ...aux, loss: value, gradientNorm: norm(gradients), rate: next.rate } }
    },
  }
}

const norm = (gradients: Tensors): Tensor => sqrt(Object.values(gradients).map(g => sum(square(g))).reduce((a, b) => add(a, b)))
