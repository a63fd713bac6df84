import type { Program } from './compile'
import type { Data } from './graph/graph'

/**
 * How a host runs compiled programs. The engine offers ONNX Runtime for the machine, ONNX Runtime in WebAssembly, and tfjs run eagerly,
 * in this order of preference; what really ran is written into the provenance.
 */
export interface LearningRuntime {
  /** Throws FaultError `learning-memory` when the program needs more than the job may use, `learning-backend` when no backend takes it. */
  prepare(program: Program): Promise<Execution>
}

export interface Execution {
  /** `ONNX Runtime 1.30 (CPU, 2 threads)`. */
  readonly backend: string
  /**
   * One call: inputs by name, outputs by name; state moves on by `stepsPerCall` steps. Reals are Float32Array or Float64Array as the program's precision
   * says, integers Int32Array, booleans Uint8Array. Output arrays are valid until the next call. Throws FaultError `learning-failed` with the node at fault;
   * state is then as before the call.
   */
  run(inputs?: Readonly<Record<string, ArrayLike<number>>>): Promise<Readonly<Record<string, RunData>>>
  /** Copies of the state, in double precision (exact for float32): what a checkpoint stores. */
  state(): Readonly<Record<string, Data>>
  /** Goes on from other values. Throws FaultError `learning-state` for a name or length that the program does not have. */
  restore(state: Readonly<Record<string, ArrayLike<number>>>): void
  dispose(): void
}

export type RunData = Float32Array | Float64Array | Int32Array | Uint8Array
