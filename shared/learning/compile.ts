import type { Libm } from '../expressions/libm'
import type { ArrayType, Data, Graph, Precision, Shape } from './graph/graph'
import { optimise } from './graph/passes/optimise'
import { arrayTypeOf, trace, type Signature, type StepFunction } from './tracing/trace'
import { concat, reshape, slice, type Tensor, type Tensors } from './tf'

/** An array to start from: values in double precision (reals), with their shape. */
export interface InitialArray {
  readonly values: Data
  readonly shape: Shape
}

export interface CompileOptions {
  readonly precision: Precision
  /** What is kept between calls, by name, with its first values: parameters, moments, counters. */
  readonly state?: Readonly<Record<string, InitialArray>>
  /** What each call brings, by name. */
  readonly inputs?: Signature
  /** Steps of one call, where the cost of a call is felt. Inputs and outputs then have a leading axis of this length. Default 1. */
  readonly stepsPerCall?: number
  readonly libm: Libm
}

/** A traced and optimised program with the values it starts from; a host's `LearningRuntime` runs it. */
export interface Program {
  /** Of one step; a call repeats it `stepsPerCall` times. */
  readonly graph: Graph
  readonly precision: Precision
  readonly state: Readonly<Record<string, InitialArray>>
  /** What a call brings: with several steps per call, a leading axis of them. */
  readonly inputs: Readonly<Record<string, ArrayType>>
  readonly stepsPerCall: number
  /** A whole call as a function, for backends that run it eagerly. */
  readonly step: StepFunction
}

/** Traces `step` once and makes its graph small and fast. Throws the FaultErrors of `trace`. */
export function compile(step: StepFunction, options: CompileOptions): Program {
  const { precision, state = {}, inputs = {}, stepsPerCall = 1, libm } = options
  const stateTypes = Object.fromEntries(Object.entries(state).map(([name, { values, shape }]) => [name, { type: values instanceof Float64Array ? 'real' : values instanceof Int32Array ? 'integer' : 'boolean', shape } as ArrayType]))
  const graph = optimise(trace(step, { state: stateTypes, inputs }), { precision, libm })
  const ofCall = Object.fromEntries(Object.entries(inputs).map(([name, given]) => [name, stackedType(arrayTypeOf(given), stepsPerCall)]))
  return { graph, precision, state, inputs: ofCall, stepsPerCall, step: stepsPerCall === 1 ? step : unrolled(step, stepsPerCall) }
}

/** The array of one step, for all steps of a call. */
export const stackedType = ({ type, shape }: ArrayType, steps: number): ArrayType => ({ type, shape: steps === 1 ? shape : [steps, ...shape] })

/** `count` steps as one: step k takes the kth slice of each input, outputs are stacked, state is handed on. */
function unrolled(step: StepFunction, count: number): StepFunction {
  return (first, inputs) => {
    let state = first
    const collected: Record<string, Tensor[]> = {}
    for (let k = 0; k < count; k++) {
      const mine: Tensors = Object.fromEntries(Object.entries(inputs).map(([name, x]) => {
        const inner = x.shape.slice(1)
        return [name, reshape(slice(x, [k, ...inner.map(() => 0)], [1, ...inner]), inner)]
      }))
      const result = step(state, mine)
      state = result.state ?? {}
      for (const [name, tensor] of Object.entries(result.outputs ?? {})) (collected[name] ??= []).push(reshape(tensor, [1, ...tensor.shape]))
    }
    return { state, outputs: Object.fromEntries(Object.entries(collected).map(([name, parts]) => [name, parts.length === 1 ? parts[0] : concat(parts, 0)])) }
  }
}
