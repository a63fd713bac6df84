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
