import type { Value } from '../../graph/graph'
import type { Recorder, TracedKernels } from '../recorder'
import { joined, slicedAlong, filled, numberLike } from './arrange'

/** Sums, extrema and scans along axes. */
export const reductionKernels: TracedKernels = {
  Sum: ({ x }, attrs, r) => r.node('ReduceSum', [x.type === 'boolean' ? r.node('Cast', [x], { to: 'integer' }) : x], fold(x, attrs)),
  Mean: ({ x }, attrs, r) => r.node('ReduceMean', [x.type === 'real' ? x : r.node('Cast', [x], { to: 'real' })], fold(x, attrs)),
  Max: ({ x }, { reductionIndices, axis, keepDims }, r) => r.node('ReduceMax', [x], fold(x, { axis: reductionIndices ?? axis, keepDims })),
  Min: ({ x }, attrs, r) => r.node('ReduceMin', [x], fold(x, attrs)),
  Prod: ({ x }, attrs, r) => r.node('ReduceProd', [x], fold(x, attrs)),
  All: ({ x }, attrs, r) => ofBooleans('ReduceMin', x, attrs, r),
  Any: ({ x }, attrs, r) => ofBooleans('ReduceMax', x, attrs, r),
  ArgMax: ({ x }, { axis }, r) => r.node('ArgMax', [x], { axis: along(x, axis as number), keepdims: 0 }),
  ArgMin: ({ x }, { axis }, r) => r.node('ArgMin', [x], { axis: along(x, axis as number), keepdims: 0 }),
  TopK: ({ x }, { k }, r) => r.nodes('TopK', [x], { axis: x.shape.length - 1, k: k as number }),
  Cumsum: ({ x }, { axis, exclusive, reverse }, r) => r.node('CumSum', [x], { axis: along(x, axis as number), exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 }),
  Cumprod: ({ x }, { axis, exclusive, reverse }, r) => cumulativeProduct(x, along(x, axis as number), exclusive === true, reverse === true, r),
  Softmax: ({ logits }, { dim }, r) => r.node('Softmax', [logits], { axis: along(logits, dim as number) }),
  LogSoftmax: ({ logits }, { axis }, r) => r.node('LogSoftmax', [logits], { axis: along(logits, axis as number) }),
}

export const along = (x: Value, axis: number): number => (axis < 0 ? axis + x.shape.length : axis)

function fold(x: Value, { axis, keepDims }: Readonly<Record<string, unknown>>): { axes: readonly number[]; keepdims: number } {
  const given = axis === undefined || axis === null ? [...x.shape.keys()] : Array.isArray(axis) ? (axis as number[]) : [axis as number]
  return { axes: given.map(a => along(x, a)), keepdims: keepDims ? 1 : 0 }
}

const ofBooleans = (operator: string, x: Value, attrs: Readonly<Record<string, unknown>>, r: Recorder): Value =>
  r.node('Cast', [r.node(operator, [r.node('Cast', [x], { to: 'integer' })], fold(x, attrs))], { to: 'boolean' })

/** ⌈log₂ n⌉ products with the array moved by 1, 2, 4, … places, ones moving in (Hillis & Steele 1986, doi 10.1145/7902.7903). */
function cumulativeProduct(x: Value, axis: number, exclusive: boolean, reverse: boolean, r: Recorder): Value {
  const length = x.shape[axis]
  const moved = (y: Value, places: number): Value => {
    const ones = filled(numberLike(x, 1, r), x.shape.map((n, i) => (i === axis ? places : n)), r)
    const kept = slicedAlong(y, axis, reverse ? places : 0, reverse ? length : length - places, r)
    return joined(reverse ? [kept, ones] : [ones, kept], axis, r)
  }
  if (length === 0) return x
  let product = exclusive ? moved(x, 1) : x
  for (let places = 1; places < length; places *= 2) product = r.node('Mul', [product, moved(product, places)])
  return product
}
