import type { Libm } from '../../expressions/libm'
import type { ArrayType, Attributes, Data } from './graph'

/**
 * What the graph knows of one ONNX operator: one entry here makes it traceable, foldable, testable and writable.
 * `evaluate` is the reference in double precision: constant folding and the interpreter use it; it is clear, not fast.
 */
export interface Operator {
  /** ONNX's name. */
  readonly name: string
  /** Output types. Throws FaultError `graph-shape` for inputs that do not fit, in one sentence with the shapes. */
  infer(inputs: readonly ArrayType[], attributes: Attributes): readonly ArrayType[]
  evaluate(inputs: readonly Operand[], attributes: Attributes, outputs: readonly ArrayType[], libm: Libm): readonly Data[]
  /** Attributes that ONNX takes as constant int64 inputs behind the given ones, in ONNX's order; `''` leaves an optional one out. Attributes that are absent are left out too. */
  readonly attributesAsInputs?: readonly string[]
  /** ONNX attributes that are floats though their value here is a whole number. */
  readonly floatAttributes?: readonly string[]
  /** `com.microsoft` for ONNX Runtime's own operators: never in exported models. */
  readonly domain?: string
  /** How many of the last outputs need not be written when nobody uses them. */
  readonly optionalOutputs?: number
  /** Arithmetic operations of one evaluation, for the estimate beside the graph. */
  operations?(inputs: readonly ArrayType[], outputs: readonly ArrayType[], attributes: Attributes): number
}

export interface Operand extends ArrayType {
  readonly data: Data
}
