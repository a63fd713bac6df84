import type { Checkpoint } from '../../kernels/team'
import type { Execution } from '../runtime'
import type { Parameters } from '../networks'
import { concat, reshape, split, type Tensor, type Tensors } from '../tf'
import { valueAndGradients } from '../gradients'
import type { StepFunction } from '../tracing/trace'
import type { Loss } from './training-step'

/** A smooth function of one vector, as deterministic optimizers see it. */
export interface Objective {
  readonly dimension: number
  /** A fresh gradient array each time. A value that is not finite means "too far". */
  valueAndGradient(x: Float64Array): Promise<{ readonly value: number; readonly gradient: Float64Array }>
}

/** A deterministic optimizer as functions of its state; everything that goes on is in the state. */
export interface Minimiser<State extends MinimiserState> {
  start(objective: Objective, x: Float64Array): Promise<State>
  /** One iteration: a direction and a line search. The value never grows. */
  advance(objective: Objective, state: State): Promise<State>
  /** Goes on where it is with an objective that has changed a little (other points of the same loss): the value and the gradient are new, what was learned of the curvature stays. */
  refresh(objective: Objective, state: State): Promise<State>
  store(state: State): Checkpoint
  restore(checkpoint: Checkpoint): State
}

export interface MinimiserState {
  readonly x: Float64Array
  readonly value: number
  readonly gradient: Float64Array
  readonly iterations: number
  /** Calls of the objective. */
  readonly evaluations: number
  /** Length of the last step as a share of the proposed one. */
  readonly length: number
  /** Set when no further step lowers the value, in one sentence. */
  readonly stalled?: string
}

/** How named arrays lie in one vector: one after the other, row-major. */
export interface Layout {
  readonly size: number
  readonly parts: readonly { readonly name: string; readonly shape: readonly number[]; readonly start: number; readonly size: number }[]
}

export function layoutOf(parameters: Parameters, names: readonly string[] = Object.keys(parameters)): Layout {
  let start = 0
  const parts = names.map(name => {
    const { values, shape } = parameters[name]
    const part = { name, shape, start, size: values.length }
    start += values.length
    return part
  })
  return { size: start, parts }
}

export function flatten(layout: Layout, arrays: Readonly<Record<string, ArrayLike<number>>>): Float64Array {
  const vector = new Float64Array(layout.size)
  for (const { name, start } of layout.parts) vector.set(arrays[name], start)
  return vector
}

/** Views into the vector. */
export const unflatten = (layout: Layout, vector: Float64Array): Record<string, Float64Array> => Object.fromEntries(layout.parts.map(({ name, start, size }) => [name, vector.subarray(start, start + size)]))

export const flattenTensors = (layout: Layout, tensors: Tensors): Tensor => concat(layout.parts.map(({ name, size }) => reshape(tensors[name], [size])), 0)

export function unflattenTensor(layout: Layout, vector: Tensor): Tensors {
  const pieces = layout.parts.length === 1 ? [vector] : split(vector, layout.parts.map(({ size }) => size), 0)
  return Object.fromEntries(layout.parts.map(({ name, shape }, i) => [name, reshape(pieces[i], [...shape])]))
}

/** The program of an objective: inputs `x` [dimension] and what the loss takes; outputs `value` and `gradient`. */
export const objectiveStep = (layout: Layout, loss: Loss): StepFunction => (_, { x, ...inputs }) => {
  const { value, gradients } = valueAndGradients(p => loss(p, inputs), unflattenTensor(layout, x))
  return { outputs: { value, gradient: flattenTensors(layout, gradients) } }
}

/** The objective that a prepared `objectiveStep` computes, with the same further inputs at every call. */
export const objectiveOf = (layout: Layout, execution: Execution, inputs: Readonly<Record<string, ArrayLike<number>>> = {}): Objective => ({
  dimension: layout.size,
  valueAndGradient: async x => {
    const { value, gradient } = await execution.run({ ...inputs, x })
    return { value: value[0], gradient: Float64Array.from(gradient) }
  },
})
