/**
 * What models, losses and optimizers are written with: functions of tfjs on tensors, working eagerly on a tfjs backend and while tracing.
 * Plain numbers are constants of full precision: `mul(x, 0.1)` means 0.1, not the nearest float32.
 */
import * as tfjs from '@tensorflow/tfjs-core'
import { constant, type Tensor } from './tracing/trace'

export { constant, isTracing, type Tensor, type Tensors } from './tracing/trace'
export {
  abs, acos, asin, atan, broadcastTo, cast, ceil, concat, cos, cosh, erf, exp, expandDims, floor, gather, log, logicalAnd, logicalNot, logicalOr, max, mean, min, neg, onesLike, pad, prod, reciprocal, relu,
  reshape, reverse, round, rsqrt, sigmoid, sign, sin, sinh, slice, softmax, split, sqrt, square, squeeze, stack, stridedSlice, sum, tan, tanh, transpose, unstack, zerosLike,
} from '@tensorflow/tfjs-core'

export type Operand = Tensor | number
const lift = (x: Operand): Tensor => (typeof x === 'number' ? constant(x) : x)
const lifted = <T extends Tensor>(f: (a: Tensor, b: Tensor) => T) => (a: Operand, b: Operand): T => f(lift(a), lift(b))

export const add = lifted(tfjs.add)
export const sub = lifted(tfjs.sub)
export const mul = lifted(tfjs.mul)
export const div = lifted(tfjs.div)
export const pow = lifted(tfjs.pow)
export const maximum = lifted(tfjs.maximum)
export const minimum = lifted(tfjs.minimum)
export const squaredDifference = lifted(tfjs.squaredDifference)
export const equal = lifted(tfjs.equal)
export const notEqual = lifted(tfjs.notEqual)
export const greater = lifted(tfjs.greater)
export const greaterEqual = lifted(tfjs.greaterEqual)
export const less = lifted(tfjs.less)
export const lessEqual = lifted(tfjs.lessEqual)
export const where = (condition: Tensor, yes: Operand, no: Operand): Tensor => tfjs.where(condition, lift(yes), lift(no))
/** Stacks of matrices; transposes cost nothing in a compiled graph. */
export const matMul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor => tfjs.matMul(a, b, transposeA, transposeB)
/** A real array of one value. */
export const fill = (shape: readonly number[], value: number): Tensor => tfjs.broadcastTo(constant(value), [...shape])
export const zeros = (shape: readonly number[]): Tensor => fill(shape, 0)
export const ones = (shape: readonly number[]): Tensor => fill(shape, 1)
