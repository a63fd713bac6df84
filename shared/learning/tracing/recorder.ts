import type { Attributes, Value } from '../graph/graph'

/** What a kernel of the tracing backend writes with: every call adds one node and returns its first output. */
export interface Recorder {
  /** `Conv2D at unet (unet.ts:41)`: the kernel and the line of the program that called it. */
  readonly origin: string
  node(operator: string, inputs: readonly Value[], attributes?: Attributes): Value
  nodes(operator: string, inputs: readonly Value[], attributes?: Attributes): readonly Value[]
  /** A real constant in double precision; a number is a scalar. */
  real(values: number | Float64Array, shape?: readonly number[]): Value
  integers(values: readonly number[], shape?: readonly number[]): Value
}

/** One tfjs kernel as graph nodes. `attrs` are tfjs's, unchecked as tfjs passes them. */
export type TracedKernel = (inputs: Readonly<Record<string, Value>>, attrs: Readonly<Record<string, unknown>>, recorder: Recorder) => Value | readonly Value[]

export type TracedKernels = Readonly<Record<string, TracedKernel>>

