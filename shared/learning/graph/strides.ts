import type { Shape } from './graph'

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]
  }
  return strides
}

/** Strides of `shape` seen as the broadcast shape `to`: 0 along stretched axes. */
export function broadcastStrides(shape: Shape, to: Shape): number[] {
  const own = stridesOf(shape)
  return to.map((_, axis) => {
    const mine = axis - to.length + shape.length
    return mine < 0 || shape[mine] === 1 ? 0 : own[mine]
  })
}

/** Calls `visit(offsets…)` for every index of `shape` in row-major order, with the offset under each set of strides. */
export function forEachOffset(shape: Shape, strides: readonly (readonly number[])[], visit: (position: number, offsets: readonly number[]) => void): void {
  const size = shape.reduce((product, n) => product * n, 1)
  const index = new Array<number>(shape.length).fill(0)
  const offsets = new Array<number>(strides.length).fill(0)
  for (let position = 0; position < size; position++) {
    visit(position, offsets)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++
      for (let k = 0; k < strides.length; k++) offsets[k] += strides[k][axis]
      if (index[axis] < shape[axis]) break
      for (let k = 0; k < strides.length; k++) offsets[k] -= strides[k][axis] * shape[axis]
      index[axis] = 0
    }
  }
}
