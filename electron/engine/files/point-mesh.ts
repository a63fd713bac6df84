import type { Mesh } from '../../../shared/fields/mesh'
import { Triangulation } from '../../../shared/solvers/finite-element/mesh/triangulation'

/** More points are kept without triangles: they are compared, not drawn. */
const mostTriangulated = 300_000
/** A triangle whose circle is wider than this many local distances spans a hole or a bay of the cloud. */
const widest = 1.8

/**
 * A mesh on scattered points (one array per coordinate), in their order. In the plane their Delaunay triangles, without those that span a gap: the file does not say where its domain has holes, its points
 * do. In space the points alone. Undefined when two points coincide.
 */
export function meshOfPoints(columns: readonly Float64Array[]): Mesh | undefined {
  const dimension = columns.length as 2 | 3
  const count = columns[0].length
  const points = new Float64Array(count * dimension)
  columns.forEach((column, a) => column.forEach((v, i) => (points[i * dimension + a] = v)))
  if (dimension === 3 || count > mostTriangulated) return { dimension, degree: 1, points, cells: new Int32Array(0) }
  const [x, y] = columns
  const bounds = columns.map(column => [column.reduce((m, v) => Math.min(m, v), Infinity), column.reduce((m, v) => Math.max(m, v), -Infinity)] as const)
  const triangulation = new Triangulation(bounds)
  /** Number in the triangulation → number in the file. */
  const order = new Map<number, number>()
  for (const i of alongCurve(x, y, bounds)) {
    const before = triangulation.x.length
    if (triangulation.insert(x[i], y[i]) < before) return undefined
    order.set(before, i)
  }
  const triangles: number[] = []
  const { corner } = triangulation
  for (let t = 0; t < triangulation.triangles; t++) {
    const corners = [corner[3 * t], corner[3 * t + 1], corner[3 * t + 2]]
    if (corners.every(c => c >= 3)) triangles.push(...corners.map(c => order.get(c)!))
  }
  return { dimension, degree: 1, points, cells: Int32Array.from(withoutGaps(points, triangles)) }
}

/** Neighbours follow on each other: rows of a square lattice, every other one backwards. Inserted so, each point is found in a few steps. */
function alongCurve(x: Float64Array, y: Float64Array, [[x0, x1], [y0, y1]]: readonly (readonly [number, number])[]): Uint32Array {
  const rows = Math.max(1, Math.round(Math.sqrt(x.length / 2)))
  const row = y.map(v => Math.min(rows - 1, Math.floor(((v - y0) / (y1 - y0 || 1)) * rows)))
  const along = x.map((v, i) => (row[i] % 2 === 0 ? v - x0 : x1 - v))
  return Uint32Array.from(x.keys()).sort((a, b) => row[a] - row[b] || along[a] - along[b] || a - b)
}

function withoutGaps(points: Float64Array, triangles: readonly number[]): number[] {
  const distance = (a: number, b: number): number => Math.sqrt((points[2 * a] - points[2 * b]) ** 2 + (points[2 * a + 1] - points[2 * b + 1]) ** 2)
  const around: number[][] = Array.from({ length: points.length / 2 }, () => [])
  for (let t = 0; t < triangles.length; t += 3) {
    for (let i = 0; i < 3; i++) {
      const [a, b] = [triangles[t + i], triangles[t + ((i + 1) % 3)]]
      around[a].push(distance(a, b))
      around[b].push(distance(a, b))
    }
  }
  // The lower quartile: at a gap's rim the long edges across it are the other ones.
  const local = around.map(lengths => lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 4)] ?? 0)
  const kept: number[] = []
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t], triangles[t + 1], triangles[t + 2]]
    const [p, q, r] = [distance(a, b), distance(b, c), distance(c, a)]
    const area = Math.abs((points[2 * b] - points[2 * a]) * (points[2 * c + 1] - points[2 * a + 1]) - (points[2 * c] - points[2 * a]) * (points[2 * b + 1] - points[2 * a + 1])) / 2
    const radius = area > 0 ? (p * q * r) / (4 * area) : Infinity
    if (radius <= widest * Math.max(local[a], local[b], local[c])) kept.push(a, b, c)
  }
  return kept
}
