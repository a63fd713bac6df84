import type { Axis } from './field'
import { cellOf, lagrangeInterpolation, placeOnAxis } from './interpolate'

/**
 * Interpolation on a grid of which some nodes are NaN because they lie outside the domain. A stencil never reaches over such a node: around each cell the window of the
 * highest degree is chosen whose nodes are all finite, shifted to the side where the degree as a whole does not fit; the degree drops only where no shift helps.
 */
export interface FiniteWindows {
  /** Whether every corner of the cell whose lower corner is `cell` is finite. */
  isInside(cell: readonly number[]): boolean
  /** The window around a cell: its first node per axis (below 0 or beyond the end on a periodic axis) and its degree; undefined where a corner of the cell is NaN. */
  window(cell: readonly number[], degree: number): Window | undefined
}

export interface Window {
  readonly first: readonly number[]
  readonly degree: number
}

export function finiteWindows(axes: readonly Axis[], values: Float64Array, degree: number): FiniteWindows {
  const shape = axes.map(axis => axis.coordinates.length)
  // On periodic axes the table reaches over both ends by the widest window.
  const margin = axes.map(axis => (axis.periodic ? Math.min(degree + 1, axis.coordinates.length) : 0))
  const extent = shape.map((n, a) => n + 2 * margin[a] + 1)
  const stride = extent.map((_, a) => extent.slice(0, a).reduce((n, m) => n * m, 1))
  // Sums over boxes of nodes that are not finite (a summed-area table).
  const table = new Int32Array(extent.reduce((n, m) => n * m, 1))
  const index = [0, 0, 0]
  const wrap = (i: number, n: number): number => ((i % n) + n) % n
  for (let k = 0; k < (extent[2] ?? 1); k++) {
    for (let j = 0; j < (extent[1] ?? 1); j++) {
      for (let i = 0; i < extent[0]; i++) {
        if (i === 0 || (shape.length > 1 && j === 0) || (shape.length > 2 && k === 0)) continue
        index[0] = i
        index[1] = j
        index[2] = k
        let node = 0
        for (let a = shape.length - 1; a >= 0; a--) node = node * shape[a] + wrap(index[a] - 1 - margin[a], shape[a])
        const at = i + (shape.length > 1 ? j * stride[1] : 0) + (shape.length > 2 ? k * stride[2] : 0)
        let sum = values[node] - values[node] === 0 ? 0 : 1
        // Inclusion and exclusion over the corners of the box.
        for (let corner = 1; corner < 1 << shape.length; corner++) {
          let from = at
          let sign = -1
          for (let a = 0; a < shape.length; a++) {
            if (((corner >> a) & 1) === 0) continue
            from -= a === 0 ? 1 : stride[a]
            sign = -sign
          }
          sum += sign * table[from]
        }
        table[at] = sum
      }
    }
  }
  const missing = (first: readonly number[], length: number): number => {
    let sum = 0
    for (let corner = 0; corner < 1 << shape.length; corner++) {
      let at = 0
      let sign = 1
      for (let a = 0; a < shape.length; a++) {
        const low = ((corner >> a) & 1) === 0
        at += (first[a] + margin[a] + (low ? 0 : length)) * (a === 0 ? 1 : stride[a])
        if (low) sign = -sign
      }
      sum += sign * table[at]
    }
    return sum
  }
  const fits = (first: readonly number[], length: number): boolean =>
    first.every((f, a) => f + margin[a] >= 0 && f + length <= shape[a] + margin[a]) && missing(first, length) === 0
  const isInside = (cell: readonly number[]): boolean => fits(cell, 2)
  return {
    isInside,
    window(cell, wanted) {
      if (!isInside(cell)) return undefined
      for (let q = Math.min(wanted, ...shape.map(n => n - 1)); q > 1; q--) {
        for (const offset of offsets(q, shape.length)) {
          const first = cell.map((c, a) => c + offset[a])
          if (fits(first, q + 1)) return { first, degree: q }
        }
      }
      return { first: cell, degree: 1 }
    },
  }
}

const known = new Map<string, readonly (readonly number[])[]>()

/** First nodes of the windows of degree q that contain the cell, relative to it: the centred one first, then by distance from it. */
function offsets(q: number, dimension: number): readonly (readonly number[])[] {
  const name = `${q} ${dimension}`
  const found = known.get(name)
  if (found) return found
  const centre = -Math.floor((q - 1) / 2)
  const single = Array.from({ length: q }, (_, i) => -i)
  let list: number[][] = [[]]
  for (let a = 0; a < dimension; a++) list = list.flatMap(head => single.map(offset => [...head, offset]))
  const far = (o: readonly number[]): number => o.reduce((sum, v) => sum + (v - centre) * (v - centre), 0)
  list.sort((p, r) => far(p) - far(r))
  known.set(name, list)
  return list
}

/** Node coordinate and index of a window's k-th node, over the ends of a periodic axis. */
export function windowNode(axis: Axis, node: number): { index: number; coordinate: number } {
  const count = axis.coordinates.length
  const turns = Math.floor(node / count)
  return { index: node - turns * count, coordinate: axis.coordinates[node - turns * count] + turns * (axis.upper - axis.lower) }
}

/** Weights of a window's nodes along one axis at points; derivative as in lagrangeInterpolation. `[point, node]`. */
export function windowWeights(axis: Axis, first: number, degree: number, points: ArrayLike<number>, derivative: 0 | 1 = 0): Float64Array {
  const nodes = Float64Array.from({ length: degree + 1 }, (_, k) => windowNode(axis, first + k).coordinate)
  return lagrangeInterpolation({ lower: nodes[0], upper: nodes[degree], periodic: false, coordinates: nodes }, points, degree, derivative).weight
}

/** Σ weights · values over a window, one row of weights per axis. */
export function windowSum(axes: readonly Axis[], values: Float64Array, first: readonly number[], degree: number, weights: readonly Float64Array[]): number {
  const descend = (level: number, offset: number): number => {
    if (level < 0) return values[offset]
    const count = axes[level].coordinates.length
    let sum = 0
    for (let k = 0; k <= degree; k++) {
      const w = weights[level][k]
      if (w === 0) continue
      const node = first[level] + k
      sum += w * descend(level - 1, offset * count + (node - Math.floor(node / count) * count))
    }
    return sum
  }
  return descend(axes.length - 1, 0)
}

/** The field's value at a point (NaN outside the domain, and in cells with a corner outside of it, save on a finite node or between finite ones). */
export function maskedValue(axes: readonly Axis[], values: Float64Array, windows: FiniteWindows, point: readonly number[], degree: number): number {
  const place = point.map((p, a) => placeOnAxis(axes[a], p))
  if (place.some(p => Number.isNaN(p))) return NaN
  const cell = place.map((p, a) => {
    const c = cellOf(axes[a].coordinates, p)
    return axes[a].periodic ? c : Math.max(0, Math.min(axes[a].coordinates.length - 2, c))
  })
  const window = windows.window(cell, degree) ?? { first: cell, degree: 1 }
  // In a cut cell only the nodes and edges that are finite answer: weights of zero do not ask their node.
  const weights = axes.map((axis, a) => windowWeights(axis, window.first[a], window.degree, [place[a]]))
  return windowSum(axes, values, window.first, window.degree, weights)
}
