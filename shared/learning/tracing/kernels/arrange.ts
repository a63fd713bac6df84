import { sizeOf, type Value } from '../../graph/graph'
import type { Recorder } from '../recorder'

/** Rearrangements that lowerings share. Those that change nothing add no node. */

/** `shape` may hold one -1: what is left. */
export function reshaped(x: Value, shape: readonly number[], r: Recorder): Value {
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1)
  return r.node('Reshape', [x], { shape: shape.map(n => (n === -1 ? sizeOf(x.shape) / known : n)) })
}

export const transposed = (x: Value, perm: readonly number[], r: Recorder): Value => (perm.every((axis, i) => axis === i) ? x : r.node('Transpose', [x], { perm }))

/** From `start` up to `end` (excluded) by `step` along one axis; with a negative step downwards, `end` then is the last one excluded. */
export function slicedAlong(x: Value, axis: number, start: number, end: number, r: Recorder, step = 1): Value {
  if (step === 1 && start === 0 && end === x.shape[axis]) return x
  // In ONNX an end of -1 is the last element; "before the first" is anything below -length.
  return r.node('Slice', [x], { starts: [start], ends: [end < 0 ? -x.shape[axis] - 1 : end], axes: [axis], steps: [step] })
}

export const reversedAlong = (x: Value, axis: number, r: Recorder): Value => (x.shape[axis] < 2 ? x : slicedAlong(x, axis, x.shape[axis] - 1, -1, r, -1))

export const padded = (x: Value, before: readonly number[], after: readonly number[], r: Recorder, mode = 'constant'): Value =>
  (before.every(n => n === 0) && after.every(n => n === 0) ? x : r.node('Pad', [x], { pads: [...before, ...after], mode }))

export const joined = (parts: readonly Value[], axis: number, r: Recorder): Value => (parts.length === 1 ? parts[0] : r.node('Concat', parts, { axis }))

export const filled = (value: Value, shape: readonly number[], r: Recorder): Value => r.node('Expand', [value], { shape })

/** A constant of x's element type. */
export const numberLike = (x: Value, value: number, r: Recorder): Value => (x.type === 'real' ? r.real(value) : r.integers([value], []))

/** Product with a constant matrix [to, from] (row-major) along one axis: y[…, i, …] = Σⱼ m[i, j] x[…, j, …]. */
export function alongAxis(x: Value, axis: number, matrix: Float64Array, r: Recorder): Value {
  const from = x.shape[axis]
  const to = matrix.length / from
  const [outer, inner] = [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis + 1))]
  const shape = [...x.shape.slice(0, axis), to, ...x.shape.slice(axis + 1)]
  if (inner > 1) return reshaped(r.node('MatMul', [r.real(matrix, [to, from]), reshaped(x, [outer, from, inner], r)]), shape, r)
  return reshaped(r.node('MatMul', [reshaped(x, [outer, from], r), r.real(transposeOf(matrix, from), [from, to])]), shape, r)
}

/** The matrix of `alongAxis` turned around: [to, from] becomes [from, to]. */
export const transposeOf = (matrix: Float64Array, from: number): Float64Array => {
  const to = matrix.length / from
  return Float64Array.from({ length: matrix.length }, (_, k) => matrix[(k % to) * from + Math.floor(k / to)])
}
