/**
 * Copies an array of any order of axes into C order. `strides[k]` is the distance in `source` between neighbours along output axis k.
 * Shapes: result has product(shape) entries, last axis fastest.
 */
export function gatherStrided(source: Float64Array, shape: readonly number[], strides: readonly number[], start = 0): Float64Array {
  const rank = shape.length
  const count = shape.reduce((n, extent) => n * extent, 1)
  const out = new Float64Array(count)
  if (count === 0) return out
  if (rank === 0) {
    out[0] = source[start]
    return out
  }
  const inner = shape[rank - 1]
  const innerStride = strides[rank - 1]
  const index = new Array<number>(rank).fill(0)
  let from = start
  for (let to = 0; to < count; to += inner) {
    for (let i = 0, at = from; i < inner; i++, at += innerStride) out[to + i] = source[at]
    for (let k = rank - 2; k >= 0; k--) {
      from += strides[k]
      if (++index[k] < shape[k]) break
      from -= strides[k] * shape[k]
      index[k] = 0
    }
  }
  return out
}

/** Strides of a C-order array: the last is 1. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let k = shape.length - 2; k >= 0; k--) strides[k] = strides[k + 1] * shape[k + 1]
  return strides
}

/** Strides of a Fortran-order (MATLAB) array: the first is 1. */
export function columnMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1)
  for (let k = 1; k < shape.length; k++) strides[k] = strides[k - 1] * shape[k - 1]
  return strides
}

/** A Fortran-order array as C order of the same shape. Arrays with at most one extent above 1 are returned as they are. */
export function rowMajorFromColumnMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  return shape.filter(extent => extent !== 1).length <= 1 ? values : gatherStrided(values, shape, columnMajorStrides(shape))
}

/** Turns big-endian values of `width` bytes into little-endian ones, in place. */
export function swapBytes(bytes: Uint8Array, width: number): void {
  for (let start = 0; start + width <= bytes.length; start += width) {
    for (let low = start, high = start + width - 1; low < high; low++, high--) {
      const byte = bytes[low]
      bytes[low] = bytes[high]
      bytes[high] = byte
    }
  }
}
