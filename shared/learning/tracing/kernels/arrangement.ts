import * as tfjs from '@tensorflow/tfjs-core'
import { sizeOf, type Value } from '../../graph/graph'
import type { Recorder, TracedKernels } from '../recorder'
import { filled, joined, numberLike, padded, reshaped, reversedAlong, slicedAlong, transposed } from './arrange'
import { along } from './reductions'

const pairs = (paddings: unknown): readonly (readonly [number, number])[] => paddings as readonly (readonly [number, number])[]

/** Kernels that move elements without changing them, and arrays of fixed values. */
export const arrangementKernels: TracedKernels = {
  Reshape: ({ x }, { shape }, r) => reshaped(x, shape as number[], r),
  ExpandDims: ({ input }, { dim }, r) => {
    const at = (dim as number) < 0 ? input.shape.length + 1 + (dim as number) : (dim as number)
    return reshaped(input, [...input.shape.slice(0, at), 1, ...input.shape.slice(at)], r)
  },
  Transpose: ({ x }, { perm }, r) => transposed(x, perm as number[], r),
  BroadcastTo: ({ x }, { shape }, r) => filled(x, shape as number[], r),
  Concat: (inputs, { axis }, r) => {
    const parts = Object.values(inputs).filter(x => sizeOf(x.shape) > 0)
    return parts.length === 0 ? inputs[0] : joined(parts, along(parts[0], axis as number), r)
  },
  Slice: ({ x }, { begin, size }, r) => {
    const starts = [begin].flat() as number[]
    const sizes = [size ?? starts.map(() => -1)].flat() as number[]
    const ends = x.shape.map((n, i) => (sizes[i] === undefined || sizes[i] < 0 ? n : (starts[i] ?? 0) + sizes[i]))
    const axes = [...x.shape.keys()].filter(i => (starts[i] ?? 0) !== 0 || ends[i] !== x.shape[i])
    return axes.length === 0 ? x : r.node('Slice', [x], { starts: axes.map(i => starts[i]), ends: axes.map(i => ends[i]), axes, steps: axes.map(() => 1) })
  },
  StridedSlice: ({ x }, attrs, r) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs as unknown as StridedSliceAttributes
    const info = tfjs.slice_util.sliceInfo([...x.shape], begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask)
    if (info.finalShapeSparse.some(n => n === 0)) return r.node('Expand', [numberLike(x, 0, r)], { shape: info.finalShape })
    let y = x
    info.begin.forEach((start, axis) => {
      const step = info.strides[axis]
      y = slicedAlong(y, axis, start, step > 0 ? Math.min(info.end[axis], x.shape[axis]) : Math.max(info.end[axis], -1), r, step)
    })
    return reshaped(y, info.finalShape, r)
  },
  SplitV: ({ x }, { numOrSizeSplits, axis }, r) => {
    const at = along(x, axis as number)
    const sizes = typeof numOrSizeSplits === 'number' ? Array.from({ length: numOrSizeSplits }, () => x.shape[at] / numOrSizeSplits) : (numOrSizeSplits as number[])
    const rest = x.shape[at] - sizes.reduce((sum, n) => sum + Math.max(n, 0), 0)
    let start = 0
    return sizes.map(size => slicedAlong(x, at, start, (start += size < 0 ? rest : size), r))
  },
  Pack: (inputs, { axis }, r) => joined(Object.values(inputs).map(x => reshaped(x, [...x.shape.slice(0, axis as number), 1, ...x.shape.slice(axis as number)], r)), axis as number, r),
  Unpack: ({ value }, { axis }, r) => {
    const at = along(value, axis as number)
    const rest = value.shape.filter((_, i) => i !== at)
    return Array.from({ length: value.shape[at] }, (_, k) => reshaped(slicedAlong(value, at, k, k + 1, r), rest, r))
  },
  Reverse: ({ x }, { dims }, r) => ([dims].flat() as number[]).reduce((y, axis) => reversedAlong(y, along(x, axis), r), x),
  PadV2: ({ x }, { paddings, constantValue }, r) => {
    if (!constantValue) return padded(x, pairs(paddings).map(p => p[0]), pairs(paddings).map(p => p[1]), r)
    const value = x.type === 'boolean' ? r.node('Cast', [r.integers([1], [])], { to: 'boolean' }) : numberLike(x, constantValue as number, r)
    return pairs(paddings).reduce((y, around, axis) => {
      const block = (n: number): Value => filled(value, y.shape.map((length, i) => (i === axis ? n : length)), r)
      return joined([...(around[0] > 0 ? [block(around[0])] : []), y, ...(around[1] > 0 ? [block(around[1])] : [])], axis, r)
    }, x)
  },
  MirrorPad: ({ x }, { paddings, mode }, r) => {
    if (mode === 'reflect') return padded(x, pairs(paddings).map(p => p[0]), pairs(paddings).map(p => p[1]), r, 'reflect')
    return pairs(paddings).reduce((y, [before, after], axis) => {
      const length = y.shape[axis]
      const parts = [...(before > 0 ? [reversedAlong(slicedAlong(y, axis, 0, before, r), axis, r)] : []), y, ...(after > 0 ? [reversedAlong(slicedAlong(y, axis, length - after, length, r), axis, r)] : [])]
      return joined(parts, axis, r)
    }, x)
  },
  Tile: ({ x }, { reps }, r) => tiled(x, reps as number[], r),
  /** Blocks of one array as entries of a longer batch. */
  SpaceToBatchND: ({ x }, { blockShape, paddings }, r) => {
    const block = blockShape as number[]
    const rank = block.length
    const rest = x.shape.slice(1 + rank)
    const around = [[0, 0], ...pairs(paddings), ...rest.map(() => [0, 0])]
    const y = padded(x, around.map(p => p[0]), around.map(p => p[1]), r)
    const split = reshaped(y, [x.shape[0], ...block.flatMap((b, i) => [y.shape[1 + i] / b, b]), ...rest], r)
    const perm = [...block.map((_, i) => 2 + 2 * i), 0, ...block.map((_, i) => 1 + 2 * i), ...rest.map((_, i) => 1 + 2 * rank + i)]
    return reshaped(transposed(split, perm, r), [x.shape[0] * sizeOf(block), ...block.map((b, i) => y.shape[1 + i] / b), ...rest], r)
  },
  BatchToSpaceND: ({ x }, { blockShape, crops }, r) => {
    const block = blockShape as number[]
    const rank = block.length
    const rest = x.shape.slice(1 + rank)
    const batch = x.shape[0] / sizeOf(block)
    const split = reshaped(x, [...block, batch, ...x.shape.slice(1)], r)
    const perm = [rank, ...block.flatMap((_, i) => [rank + 1 + i, i]), ...rest.map((_, i) => 1 + 2 * rank + i)]
    const whole = reshaped(transposed(split, perm, r), [batch, ...block.map((b, i) => x.shape[1 + i] * b), ...rest], r)
    return pairs(crops).reduce((y, [before, after], i) => slicedAlong(y, 1 + i, before, y.shape[1 + i] - after, r), whole)
  },
  DepthToSpace: ({ x }, { blockSize, dataFormat }, r) => {
    const b = blockSize as number
    if (dataFormat === 'NCHW') {
      const [n, c, h, w] = x.shape
      return reshaped(transposed(reshaped(x, [n, b, b, c / (b * b), h, w], r), [0, 3, 4, 1, 5, 2], r), [n, c / (b * b), h * b, w * b], r)
    }
    const [n, h, w, c] = x.shape
    return reshaped(transposed(reshaped(x, [n, h, w, b, b, c / (b * b)], r), [0, 1, 3, 2, 4, 5], r), [n, h * b, w * b, c / (b * b)], r)
  },
  LinSpace: (_, { start, stop, num }, r) => {
    const [a, b, n] = [start, stop, num] as number[]
    return r.real(Float64Array.from({ length: n }, (_, i) => (i === n - 1 && n > 1 ? b : a + (n > 1 ? (i * (b - a)) / (n - 1) : 0))), [n])
  },
  Range: (_, { start, stop, step, dtype }, r) => {
    const [a, b, by] = [start, stop, step] as number[]
    const values = Array.from({ length: Math.max(0, Math.ceil((b - a) / by)) }, (_, i) => a + i * by)
    return dtype === 'int32' ? r.integers(values) : r.real(Float64Array.from(values), [values.length])
  },
}

interface StridedSliceAttributes {
  readonly begin: number[]
  readonly end: number[]
  readonly strides: number[]
  readonly beginMask: number
  readonly endMask: number
  readonly ellipsisMask: number
  readonly newAxisMask: number
  readonly shrinkAxisMask: number
}

/** Axes of length 1 are stretched, which ONNX does within the operators that follow; the others are copied. */
function tiled(x: Value, reps: readonly number[], r: Recorder): Value {
  const own = [...Array.from({ length: Math.max(0, reps.length - x.shape.length) }, () => 1), ...x.shape]
  const wide = own.map((n, i) => (n === 1 ? reps[i] : n))
  const stretched = wide.every((n, i) => n === own[i]) ? reshaped(x, own, r) : filled(x, wide, r)
  const repeats = own.map((n, i) => (n === 1 ? 1 : reps[i]))
  return repeats.every(n => n === 1) ? stretched : r.node('Tile', [stretched], { repeats })
}
