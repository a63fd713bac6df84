/** Nodes along x, y, z; 1 for an absent axis. */
export type Shape = readonly [number, number, number]

export const sizeOf = ([nx, ny, nz]: Shape): number => nx * ny * nz

/** Nodes per piece of work below which waking another thread costs more than it saves. */
const worthwhile = 8192

/** Rows (lines along x) per grain of a parallel pass. */
export const rowGrain = ([nx]: Shape): number => Math.max(1, Math.ceil(worthwhile / nx))
export const nodeGrain = worthwhile

/** Rows per block of a reduction: a function of the grid only, so that sums have the same bits for any number of threads. */
export const rowBlock = ([nx]: Shape): number => Math.max(1, Math.ceil(16384 / nx))

/** How a red–black sweep is cut: slabs (rows in 2-D, planes in 3-D), slabs per tile, tiles per grain. */
export function tiling([nx, ny, nz]: Shape): { readonly slabs: number; readonly tile: number; readonly tiles: number; readonly grain: number } {
  const slabs = nz === 1 ? ny : nz
  const perSlab = nz === 1 ? nx : nx * ny
  const tile = Math.max(4, Math.ceil(16384 / perSlab))
  return { slabs, tile, tiles: Math.ceil(slabs / tile), grain: Math.max(1, Math.ceil(worthwhile / (tile * perSlab))) }
}

export const strides = ([nx, ny]: Shape): readonly [number, number, number] => [1, nx, nx * ny]

/** Visits every grid line along one axis: its first node, the step to the next node, and the line's indices along the two axes that follow cyclically. */
export function forEachLine(shape: Shape, axis: number, visit: (start: number, step: number, b: number, c: number) => void): void {
  const stride = strides(shape)
  const b = (axis + 1) % 3
  const c = (axis + 2) % 3
  // The faster of both in the inner loop.
  if (stride[b] < stride[c]) for (let k = 0; k < shape[c]; k++) for (let j = 0; j < shape[b]; j++) visit(j * stride[b] + k * stride[c], stride[axis], j, k)
  else for (let j = 0; j < shape[b]; j++) for (let k = 0; k < shape[c]; k++) visit(j * stride[b] + k * stride[c], stride[axis], j, k)
}

/** The control volume of every node, as products of lengths along the axes. */
export function fillVolumes(shape: Shape, widths: readonly Float64Array[], out: Float64Array): void {
  forEachLine(shape, 0, (start, _step, j, k) => {
    const across = widths[1][j] * widths[2][k]
    for (let i = 0; i < shape[0]; i++) out[start + i] = widths[0][i] * across
  })
}
