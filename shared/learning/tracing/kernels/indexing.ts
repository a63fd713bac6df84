import { sizeOf, type Value } from '../../graph/graph'
import { stridesOf } from '../../graph/strides'
import type { Recorder, TracedKernels } from '../recorder'
import { filled, joined, numberLike, reshaped, transposed } from './arrange'
import { along } from './reductions'

/** Kernels that read and write at positions. */
export const indexingKernels: TracedKernels = {
  GatherV2: ({ x, indices }, { axis, batchDims }, r) => {
    const at = along(x, axis as number)
    const batch = (batchDims as number) ?? 0
    if (batch === 0) return r.node('Gather', [x, indices], { axis: at })
    return gatherBatched(x, indices, at, batch, r)
  },
  GatherNd: ({ params, indices }, _, r) => r.node('GatherND', [params, indices]),
  /** Sum of the updates at each position; positions that nothing is written to are 0. */
  ScatterNd: ({ indices, updates }, { shape }, r) => {
    const to = shape as number[]
    const depth = indices.shape.at(-1)!
    const block = to.slice(depth)
    const rows = reshaped(updates, [sizeOf(indices.shape.slice(0, -1)), sizeOf(block)], r)
    return reshaped(segmentSum(rows, flatPositions(indices, to.slice(0, depth), r), sizeOf(to.slice(0, depth)), r), to, r)
  },
  TensorScatterUpdate: ({ tensor, indices, updates }, _, r) => r.node('ScatterND', [tensor, indices, updates]),
  UnsortedSegmentSum: ({ x, segmentIds }, { numSegments }, r) => {
    const rank = segmentIds.shape.length
    const rest = x.shape.slice(rank)
    const sums = segmentSum(reshaped(x, [sizeOf(segmentIds.shape), sizeOf(rest)], r), reshaped(segmentIds, [sizeOf(segmentIds.shape)], r), numSegments as number, r)
    return reshaped(sums, [numSegments as number, ...rest], r)
  },
  OneHot: ({ indices }, { depth, onValue, offValue, dtype }, r) => {
    const columns = r.integers(Array.from({ length: depth as number }, (_, i) => i))
    const hit = r.node('Equal', [reshaped(indices, [...indices.shape, 1], r), columns])
    if (dtype === 'bool') return hit
    const value = (n: unknown): Value => (dtype === 'int32' ? r.integers([n as number], []) : r.real(n as number))
    return r.node('Where', [hit, value(onValue ?? 1), value(offValue ?? 0)])
  },
}

/** Row r of the result is the sum of the rows of x [n, width] whose place is r. */
export function segmentSum(x: Value, places: Value, count: number, r: Recorder): Value {
  const width = x.shape[1]
  const known = constantIntegers(places)
  if (known) {
    const gathered = gatheredSum(x, known, count, r)
    if (gathered) return gathered
  }
  const zeros = filled(numberLike(x, 0, r), [count, width], r)
  return r.node('ScatterElements', [zeros, filled(reshaped(places, [places.shape[0], 1], r), x.shape, r), x], { axis: 0, reduction: 'add' })
}

/**
 * With places known in advance the sum is a Gather: each result reads its rows, filled up with a row of zeros. It is exact in order and runs on all threads, unlike
 * a scatter. Undefined where rows pile up so unevenly that filling up would cost more than twice the data.
 */
function gatheredSum(x: Value, places: ArrayLike<number>, count: number, r: Recorder): Value | undefined {
  const lists: number[][] = Array.from({ length: count }, () => [])
  for (let i = 0; i < places.length; i++) if (places[i] >= 0 && places[i] < count) lists[places[i]].push(i)
  const most = lists.reduce((m, list) => Math.max(m, list.length), 0)
  if (most === 0 || most * count > 2 * (places.length + count)) return undefined
  const rows = x.shape[0]
  const positions = lists.flatMap(list => Array.from({ length: most }, (_, k) => list[k] ?? rows))
  const wide = positions.includes(rows) ? joined([x, filled(numberLike(x, 0, r), [1, x.shape[1]], r)], 0, r) : x
  const gathered = r.node('Gather', [wide, r.integers(positions)], { axis: 0 })
  return most === 1 ? gathered : r.node('ReduceSum', [reshaped(gathered, [count, most, x.shape[1]], r)], { axes: [1], keepdims: 0 })
}

/** The numbers of a constant that at most had its shape changed. */
function constantIntegers(value: Value): ArrayLike<number> | undefined {
  let node = value.node
  while (node.operator === 'Reshape') node = node.inputs[0].node
  return node.operator === 'Constant' ? node.data : undefined
}

/** Positions in the flattened leading axes from indices [n…, depth]. */
function flatPositions(indices: Value, lengths: readonly number[], r: Recorder): Value {
  const count = sizeOf(indices.shape.slice(0, -1))
  const depth = lengths.length
  const strides = stridesOf(lengths)
  const known = constantIntegers(indices)
  if (known) return r.integers(Array.from({ length: count }, (_, i) => strides.reduce((sum, stride, d) => sum + stride * known[i * depth + d], 0)))
  if (depth === 1) return reshaped(indices, [count], r)
  return r.node('ReduceSum', [r.node('Mul', [reshaped(indices, [count, depth], r), r.integers(strides)])], { axes: [1], keepdims: 0 })
}

/** The first `batch` axes of x and indices run together: y[b…, …, i…, …] = x[b…, …, indices[b…, i…], …]. */
function gatherBatched(x: Value, indices: Value, axis: number, batch: number, r: Recorder): Value {
  const leading = x.shape.slice(0, batch)
  const others = [...x.shape.keys()].filter(i => i >= batch && i !== axis)
  const length = x.shape[axis]
  const inner = others.map(i => x.shape[i])
  const rows = reshaped(transposed(x, [...leading.keys(), axis, ...others], r), [sizeOf(leading) * length, ...inner], r)
  const offsets = Array.from({ length: sizeOf(leading) }, (_, b) => b * length)
  const shifted = r.node('Add', [reshaped(indices, [sizeOf(leading), -1], r), r.integers(offsets, [offsets.length, 1])])
  const own = indices.shape.slice(batch)
  const gathered = reshaped(r.node('Gather', [rows, shifted], { axis: 0 }), [...leading, ...own, ...inner], r)
  // [batch, own, before the axis, behind it] → [batch, before, own, behind].
  const before = axis - batch
  const at = batch + own.length
  return transposed(gathered, [...leading.keys(), ...Array.from({ length: before }, (_, i) => at + i), ...own.map((_, i) => batch + i), ...Array.from({ length: inner.length - before }, (_, i) => at + before + i)], r)
}
