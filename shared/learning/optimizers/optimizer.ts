import type { Parameters } from '../networks'
import type { Tensor, Tensors } from '../tf'
import type { Schedule } from './schedules'

/** An update rule inside the graph: a pure function of its state, the parameters and their gradients. */
export interface GraphOptimizer {
  /** What the rule keeps between steps, with its first values; `step` counts the steps done. */
  initialise(parameters: Parameters): Parameters
  /** Parameters are named as in `initialise`. `rate` is the learning rate of this step. */
  update(state: Tensors, parameters: Tensors, gradients: Tensors): { readonly state: Tensors; readonly parameters: Tensors; readonly rate: Tensor }
}

/** What a registry line loads. */
export interface OptimizerFamily<Options = never> {
  build(options: Options, schedule: Schedule): GraphOptimizer
}

export const zeroScalar = { values: new Float64Array(1), shape: [] }

/** Zeros like each parameter, as `moment.name`. */
export const zeroMoments = (parameters: Parameters, ...moments: readonly string[]): Parameters =>
  Object.fromEntries(moments.flatMap(moment => Object.entries(parameters).map(([name, { values, shape }]) => [`${moment}.${name}`, { values: new Float64Array(values.length), shape }])))
