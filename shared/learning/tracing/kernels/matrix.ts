import type { Value } from '../../graph/graph'
import type { Recorder, TracedKernels } from '../recorder'

/** Matrix products, reductions and rearrangements. */
export const matrixKernels: TracedKernels = {
  BatchMatMul: ({ a, b }, { transposeA, transposeB }, r) => r.node('MatMul', [transposeA ? swapped(a, r) : a, transposeB ? swapped(b, r) : b]),
  Sum: ({ x }, attrs, r) => r.node('ReduceSum', [x], fold(x, attrs)),
  Mean: ({ x }, attrs, r) => r.node('ReduceMean', [x], fold(x, attrs)),
  Max: ({ x }, { reductionIndices, keepDims }, r) => r.node('ReduceMax', [x], fold(x, { axis: reductionIndices, keepDims })),
  Min: ({ x }, attrs, r) => r.node('ReduceMin', [x], fold(x, attrs)),
  Prod: ({ x }, attrs, r) => r.node('ReduceProd', [x], fold(x, attrs)),
  Reshape: ({ x }, { shape }, r) => reshaped(x, shape as number[], r),
  ExpandDims: ({ input }, { dim }, r) => {
    const at = (dim as number) < 0 ? input.shape.length + 1 + (dim as number) : (dim as number)
    return reshaped(input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)], r)
  },
  Transpose: ({ x }, { perm }, r) => r.node('Transpose', [x], { perm: perm as number[] }),
  BroadcastTo: ({ x }, { shape }, r) => r.node('Expand', [x], { shape: shape as number[] }),
  Concat: (inputs, { axis }, r) => r.node('Concat', Object.values(inputs), { axis: axis as number }),
  Slice: ({ x }, { begin, size }, r) => {
    const starts = begin as number[]
    const ends = starts.map((start, i) => ((size as number[])[i] < 0 ? x.shape[i] : start + (size as number[])[i]))
    return r.node('Slice', [x], { starts, ends, axes: starts.map((_, i) => i), steps: starts.map(() => 1) })
  },
  SplitV: ({ x }, { numOrSizeSplits, axis }, r) => {
    const along = axis as number
    const sizes = typeof numOrSizeSplits === 'number' ? Array.from({ length: numOrSizeSplits }, () => x.shape[along] / numOrSizeSplits) : (numOrSizeSplits as number[])
    let start = 0
    return sizes.map(size => r.node('Slice', [x], { starts: [start], ends: [(start += size)], axes: [along], steps: [1] }))
  },
  Pack: (inputs, { axis }, r) => {
    const parts = Object.values(inputs).map(x => reshaped(x, [...x.shape.slice(0, axis as number), 1, ...x.shape.slice(axis as number)], r))
    return parts.length === 1 ? parts[0] : r.node('Concat', parts, { axis: axis as number })
  },
}

const swapped = (x: Value, r: Recorder): Value => {
  const rank = x.shape.length
  return r.node('Transpose', [x], { perm: [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2) })
}

export function reshaped(x: Value, shape: readonly number[], r: Recorder): Value {
  const known = shape.reduce((product, n) => (n === -1 ? product : product * n), 1)
  const size = x.shape.reduce((product, n) => product * n, 1)
  return r.node('Reshape', [x], { shape: shape.map(n => (n === -1 ? size / known : n)) })
}

function fold(x: Value, { axis, keepDims }: Readonly<Record<string, unknown>>): { axes: readonly number[]; keepdims: number } {
  const given = axis === undefined || axis === null ? [...x.shape.keys()] : Array.isArray(axis) ? (axis as number[]) : [axis as number]
  return { axes: given.map(a => (a < 0 ? a + x.shape.length : a)), keepdims: keepDims ? 1 : 0 }
}
