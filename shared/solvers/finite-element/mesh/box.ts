import type { Dimension } from '../../../fields/mesh-element'
import { barycentricGradients } from '../../../fields/mesh-element'
import type { Point2 } from '../../../problems/geometry'
import type { DomainMesh } from './domain-mesh'

/**
 * Boxes cut into equal cells and every cell into simplices along its main diagonal (Kuhn's triangulation), mirrored at the middle of every axis so that all diagonals start
 * at the corners of the box: no simplex then has all its corners on the boundary near a corner of the box, which Taylor–Hood elements need.
 *
 * @param cells per axis; the mesh has Π cells · d! simplices
 * @param keep leaves out cells of the lattice (for shapes made of whole cells)
 */
export function boxMesh(bounds: readonly (readonly [number, number])[], cells: readonly number[], keep: (cell: readonly number[]) => boolean = () => true): DomainMesh {
  const dimension = bounds.length as Dimension
  const nodes = cells.map(n => n + 1)
  const total = nodes.reduce((a, b) => a * b, 1)
  const numberOf = new Int32Array(total).fill(-1)
  const points: number[] = []
  const out: number[] = []
  const index = new Array<number>(dimension).fill(0)
  const visit = (axis: number): void => {
    if (axis < 0) return addCell()
    for (index[axis] = 0; index[axis] < cells[axis]; index[axis]++) visit(axis - 1)
  }
  const pointAt = (lattice: readonly number[]): number => {
    let at = 0
    for (let a = dimension - 1; a >= 0; a--) at = at * nodes[a] + lattice[a]
    if (numberOf[at] < 0) {
      numberOf[at] = points.length / dimension
      // The form of `uniformAxis`: both ends exactly on the bounds, symmetric.
      lattice.forEach((i, a) => points.push((bounds[a][0] * (cells[a] - i) + bounds[a][1] * i) / cells[a]))
    }
    return numberOf[at]
  }
  const orders = permutationsOf(dimension)
  const addCell = (): void => {
    if (!keep(index)) return
    const mirrored = index.map((i, a) => 2 * i >= cells[a])
    for (const order of orders) {
      const corner: number[] = mirrored.map(m => (m ? 1 : 0))
      const simplex = [pointAt(corner.map((c, a) => index[a] + c))]
      for (const axis of order) {
        corner[axis] = 1 - corner[axis]
        simplex.push(pointAt(corner.map((c, a) => index[a] + c)))
      }
      // The right angle goes first: the diagonal is what bisection halves.
      out.push(...(dimension === 2 ? [simplex[1], simplex[2], simplex[0]] : simplex))
    }
  }
  visit(dimension - 1)
  return oriented({ dimension, points: Float64Array.from(points), cells: Int32Array.from(out), curves: [{ hole: false }], curveOf: new Map() })
}

/** The same mesh with the last two corners of negative cells exchanged. */
export function oriented(mesh: DomainMesh): DomainMesh {
  const { dimension, points, cells } = mesh
  const corners = dimension + 1
  const scratch = new Float64Array(12)
  for (let c = 0; c < cells.length; c += corners) {
    if (barycentricGradients(dimension, points, cells, c, scratch) > 0) continue
    const last = cells[c + dimension]
    cells[c + dimension] = cells[c + dimension - 1]
    cells[c + dimension - 1] = last
  }
  return mesh
}

function permutationsOf(dimension: number): number[][] {
  if (dimension === 1) return [[0]]
  if (dimension === 2) return [[0, 1], [1, 0]]
  return [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
}

/**
 * A polygon whose sides are parallel to the axes and whose corners lie on a lattice of its bounding box (an L-shape: 2 × 2) as whole cells of a box mesh; undefined for other polygons.
 *
 * @param width cells are at most this wide
 */
export function latticePolygonMesh(points: readonly Point2[], width: readonly [number, number]): DomainMesh | undefined {
  const isStraight = points.every(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length]
    return (x === nextX) !== (y === nextY)
  })
  if (!isStraight) return undefined
  const bounds = [0, 1].map(a => [Math.min(...points.map(p => p[a])), Math.max(...points.map(p => p[a]))] as const)
  const cells = [0, 1].map(a => {
    const length = bounds[a][1] - bounds[a][0]
    for (let m = 1; m <= 16; m++) {
      if (points.every(p => Math.abs(((p[a] - bounds[a][0]) / length) * m - Math.round(((p[a] - bounds[a][0]) / length) * m)) < 1e-12)) return m * Math.max(1, Math.ceil(length / (m * width[a]) - 1e-9))
    }
    return 0
  })
  if (cells.includes(0)) return undefined
  const centre = (i: number, a: number): number => bounds[a][0] + ((bounds[a][1] - bounds[a][0]) * (i + 0.5)) / cells[a]
  return boxMesh(bounds, cells, ([i, j]) => insidePolygon(points, centre(i, 0), centre(j, 1)))
}

/** Even–odd rule. */
export function insidePolygon(points: readonly Point2[], x: number, y: number): boolean {
  let inside = false
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i]
    const [xj, yj] = points[j]
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
  }
  return inside
}
