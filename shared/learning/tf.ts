/**
 * What models, losses and optimizers are written with: functions of tfjs on tensors, working eagerly on a tfjs backend and while tracing.
 * Plain numbers are constants of full precision: `mul(x, 0.1)` means 0.1, not the nearest float32.
 */
import * as tfjs from '@tensorflow/tfjs-core'
import { constant, type Tensor } from './tracing/trace'

export { constant, isTracing, type Tensor, type Tensors } from './tracing/trace'
export { einsum } from './tracing/functions/einsum'
export { periodicPad, roll } from './tracing/functions/borders'
export { normalise } from './tracing/functions/normalise'
export { fourierMatrix, inverseRealFourierMatrix, lowFrequencies, realBlockMatrix, realFourierMatrix, type ComplexMatrix } from './tracing/functions/spectral'
export {
  abs, acos, acosh, addN, all, any, argMax, argMin, asin, asinh, atan, atanh, avgPool, avgPool3d, batchToSpaceND, broadcastTo, cast, ceil, clipByValue, concat, conv1d, conv2d, conv2dTranspose, conv3d, conv3dTranspose,
  cos, cosh, cumprod, cumsum, depthToSpace, depthwiseConv2d, elu, erf, exp, expandDims, expm1, floor, gather, gatherND, isFinite, isInf, isNaN, leakyRelu, linspace, log, log1p, logicalAnd, logicalNot, logicalOr,
  logicalXor, logSigmoid, logSoftmax, logSumExp, max, maxPool, maxPool3d, mean, min, mirrorPad, neg, norm, oneHot, onesLike, pad, prelu, prod, range, reciprocal, relu, relu6, reshape, reverse, round, rsqrt, scatterND, selu,
  sigmoid, sign, sin, sinh, slice, softmax, softplus, spaceToBatchND, split, sqrt, square, squeeze, stack, stridedSlice, sum, tan, tanh, tensorScatterUpdate, tile, topk, transpose, unsortedSegmentSum, unstack, zerosLike,
} from '@tensorflow/tfjs-core'

export type Operand = Tensor | number
/** A number beside a tensor of whole numbers is a whole number, if it is one. */
const lift = (x: Operand, beside?: Operand): Tensor =>
  typeof x !== 'number' ? x : constant(x, [], typeof beside === 'object' && beside.dtype === 'int32' && Number.isInteger(x) ? 'int32' : 'float32')
const lifted = <T extends Tensor>(f: (a: Tensor, b: Tensor) => T) => (a: Operand, b: Operand): T => f(lift(a, b), lift(b, a))

export const add = lifted(tfjs.add)
export const sub = lifted(tfjs.sub)
export const mul = lifted(tfjs.mul)
export const div = lifted(tfjs.div)
export const pow = lifted(tfjs.pow)
export const mod = lifted(tfjs.mod)
export const floorDiv = lifted(tfjs.floorDiv)
/** Angle of the point (x, y) from the axis of x, in (−π, π]. */
export const atan2 = lifted((y, x) => tfjs.atan2(y, x))
export const maximum = lifted(tfjs.maximum)
export const minimum = lifted(tfjs.minimum)
export const squaredDifference = lifted(tfjs.squaredDifference)
export const equal = lifted(tfjs.equal)
export const notEqual = lifted(tfjs.notEqual)
export const greater = lifted(tfjs.greater)
export const greaterEqual = lifted(tfjs.greaterEqual)
export const less = lifted(tfjs.less)
export const lessEqual = lifted(tfjs.lessEqual)
export const where = (condition: Tensor, yes: Operand, no: Operand): Tensor => tfjs.where(condition, lift(yes, no), lift(no, yes))
/** Stacks of matrices; transposes cost nothing in a compiled graph. */
export const matMul = (a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor => tfjs.matMul(a, b, transposeA, transposeB)
/** Sum of products of two vectors, of all elements of two arrays. */
export const dot = (a: Tensor, b: Tensor): Tensor => tfjs.sum(tfjs.mul(a, b))
/** A real array of one value. */
export const fill = (shape: readonly number[], value: number): Tensor => tfjs.broadcastTo(constant(value), [...shape])
export const zeros = (shape: readonly number[]): Tensor => fill(shape, 0)
export const ones = (shape: readonly number[]): Tensor => fill(shape, 1)
/** Pictures [batch, height, width, channels] at another size, by linear interpolation; `alignCorners` keeps the outermost samples in place. */
export const resizeBilinear = (x: Tensor, size: readonly [number, number], alignCorners = false, halfPixelCenters = false): Tensor =>
  tfjs.image.resizeBilinear(x as tfjs.Tensor4D, [...size], alignCorners, halfPixelCenters)
/** By the nearest sample; by whole factors it repeats. */
export const resizeNearestNeighbor = (x: Tensor, size: readonly [number, number], alignCorners = false, halfPixelCenters = false): Tensor =>
  tfjs.image.resizeNearestNeighbor(x as tfjs.Tensor4D, [...size], alignCorners, halfPixelCenters)
