import type { Mesh } from './mesh'
import { meshCells, nodesPerCell } from './mesh'
import { barycentric, newCell, readCell } from './mesh-cell'

/** A point this far outside of a cell, in barycentric coordinates, still lies in it: neighbouring cells must leave no gap, and files round their coordinates. */
export const cellTolerance = 1e-9

/** Finds the cell of a point through a grid of buckets over the bounding box, about two cells to a bucket. */
export interface MeshLocator {
  readonly mesh: Mesh
  /** Ends of the bounding box per axis. */
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** The first cell that contains the point (coordinates from `points[at]` on), −1 where there is none; its barycentric coordinates go to `lambda`. */
  locate(points: ArrayLike<number>, at: number, lambda: Float64Array): number
}

export function meshBounds({ dimension, points }: Mesh): { lower: Float64Array; upper: Float64Array } {
  const lower = new Float64Array(dimension).fill(Infinity)
  const upper = new Float64Array(dimension).fill(-Infinity)
  for (let i = 0; i < points.length; i++) {
    const a = i % dimension
    if (points[i] < lower[a]) lower[a] = points[i]
    if (points[i] > upper[a]) upper[a] = points[i]
  }
  return { lower, upper }
}

export function createLocator(mesh: Mesh): MeshLocator {
  const { dimension, points, cells } = mesh
  const nodes = nodesPerCell(mesh)
  const count = meshCells(mesh)
  const { lower, upper } = meshBounds(mesh)
  const volume = upper.reduce((v, end, a) => v * (end - lower[a]), 1)
  const width = nthRoot((2 * volume) / Math.max(count, 1), dimension)
  const shape = Array.from(upper, (end, a) => Math.max(1, Math.min(4096, Math.round((end - lower[a]) / width))))
  const bucketOf = (x: number, a: number): number => Math.max(0, Math.min(shape[a] - 1, Math.floor(((x - lower[a]) / (upper[a] - lower[a])) * shape[a])))
  const low = new Int32Array(3)
  const high = new Int32Array(3)
  const rangeOf = (cell: number): void => {
    for (let a = 0; a < dimension; a++) {
      let [least, greatest] = [Infinity, -Infinity]
      for (let i = 0; i <= dimension; i++) {
        const x = points[cells[cell * nodes + i] * dimension + a]
        if (x < least) least = x
        if (x > greatest) greatest = x
      }
      const slack = cellTolerance * (greatest - least)
      low[a] = bucketOf(least - slack, a)
      high[a] = bucketOf(greatest + slack, a)
    }
  }
  const [nx, ny] = [shape[0], shape[1] ?? 1]
  const eachBucket = (visit: (bucket: number) => void): void => {
    for (let k = low[2]; k <= high[2]; k++) for (let j = low[1]; j <= high[1]; j++) for (let i = low[0]; i <= high[0]; i++) visit((k * ny + j) * nx + i)
  }
  // Counting sort of cells into buckets: two passes, no lists.
  const starts = new Int32Array(shape.reduce((n, m) => n * m, 1) + 1)
  for (let cell = 0; cell < count; cell++) {
    rangeOf(cell)
    eachBucket(bucket => starts[bucket + 1]++)
  }
  for (let b = 1; b < starts.length; b++) starts[b] += starts[b - 1]
  const filled = starts.slice()
  const members = new Int32Array(starts[starts.length - 1])
  for (let cell = 0; cell < count; cell++) {
    rangeOf(cell)
    eachBucket(bucket => (members[filled[bucket]++] = cell))
  }
  const scratch = newCell(mesh)
  return {
    mesh, lower, upper,
    locate(place, at, lambda) {
      let bucket = 0
      for (let a = dimension - 1; a >= 0; a--) {
        const x = place[at + a]
        const slack = cellTolerance * (upper[a] - lower[a])
        if (!(x >= lower[a] - slack && x <= upper[a] + slack)) return -1
        bucket = bucket * shape[a] + bucketOf(x, a)
      }
      for (let m = starts[bucket]; m < starts[bucket + 1]; m++) {
        readCell(mesh, members[m], scratch)
        if (barycentric(scratch, place, at, lambda) >= -cellTolerance) return members[m]
      }
      return -1
    },
  }
}

const nthRoot = (value: number, n: number): number => {
  if (n === 1) return value
  if (n === 2) return Math.sqrt(value)
  // Cube root by Newton's method from above; a bucket's width needs no more than a few digits.
  let root = Math.max(value, 1e-300) > 1 ? value : 1
  for (let i = 0; i < 200; i++) {
    const next = (2 * root + value / (root * root)) / 3
    if (Math.abs(next - root) <= 1e-6 * root) break
    root = next
  }
  return root
}
