import type { Degree, Dimension } from '../../../fields/mesh-element'
import { simplexEdges, simplexFacets } from '../../../fields/mesh-element'
import type { Mesh } from '../../../fields/mesh'
import type { DomainMesh } from './domain-mesh'
import { cellCount, edgeKey, pointCount } from './domain-mesh'

/** Facets between cells and on the boundary. Local facet i of a cell lies opposite to its corner i. */
export interface Facets {
  /** `[cell, local facet]`: the cell across, −1 on the boundary. */
  readonly across: Int32Array
  /** Boundary facets: their cell and local number, in order of the cells. */
  readonly boundary: readonly { readonly cell: number; readonly local: number }[]
}

export function facetsOf({ dimension, cells }: Pick<DomainMesh, 'dimension' | 'cells'>): Facets {
  const corners = dimension + 1
  const count = cells.length / corners
  const across = new Int32Array(cells.length).fill(-1)
  let largest = 0
  for (const point of cells) largest = Math.max(largest, point)
  // Open facets in chains by their smallest corner: a facet is met twice at most.
  const head = new Int32Array(largest + 1).fill(-1)
  const next = new Int32Array(cells.length).fill(-1)
  const locals = simplexFacets[dimension]
  const sorted = new Int32Array(dimension)
  const other = new Int32Array(dimension)
  const read = (slot: number, into: Int32Array): void => {
    const cell = Math.floor(slot / corners)
    locals[slot % corners].forEach((local, i) => (into[i] = cells[cell * corners + local]))
    into.sort()
  }
  for (let slot = 0; slot < count * corners; slot++) {
    read(slot, sorted)
    let before = -1
    let at = head[sorted[0]]
    for (; at >= 0; before = at, at = next[at]) {
      read(at, other)
      let equal = true
      for (let i = 1; i < dimension; i++) if (sorted[i] !== other[i]) equal = false
      if (equal) break
    }
    if (at < 0) {
      next[slot] = head[sorted[0]]
      head[sorted[0]] = slot
      continue
    }
    if (before < 0) head[sorted[0]] = next[at]
    else next[before] = next[at]
    across[slot] = Math.floor(at / corners)
    across[at] = Math.floor(slot / corners)
  }
  const boundary: { cell: number; local: number }[] = []
  across.forEach((cell, slot) => {
    if (cell < 0) boundary.push({ cell: Math.floor(slot / corners), local: slot % corners })
  })
  return { across, boundary }
}

/** Index of the boundary facet's curve. */
export function curveOfFacet(mesh: DomainMesh, cell: number, local: number): number {
  if (mesh.dimension !== 2) return 0
  const [a, b] = simplexFacets[2][local].map(i => mesh.cells[3 * cell + i])
  return mesh.curveOf.get(edgeKey(a, b)) ?? 0
}

/** The finite element mesh: nodes are the points, then for degree 2 the midpoints of all edges in the order in which cells meet them. */
export function meshOfDegree(domain: DomainMesh, degree: Degree): Mesh {
  const { dimension, points, cells } = domain
  if (degree === 1) return { dimension, degree, points, cells }
  const corners = dimension + 1
  const edges = simplexEdges[dimension]
  const perCell = corners + edges.length
  const count = cellCount(domain)
  const out = new Int32Array(count * perCell)
  const midpoints = edgeNumbers(domain)
  const all = new Float64Array(points.length + midpoints.count * dimension)
  all.set(points)
  const vertices = pointCount(domain)
  for (let cell = 0; cell < count; cell++) {
    for (let i = 0; i < corners; i++) out[cell * perCell + i] = cells[cell * corners + i]
    edges.forEach(([i, j], e) => {
      const node = vertices + midpoints.numbers[cell * edges.length + e]
      out[cell * perCell + corners + e] = node
      const [a, b] = [cells[cell * corners + i], cells[cell * corners + j]]
      for (let axis = 0; axis < dimension; axis++) all[node * dimension + axis] = (points[a * dimension + axis] + points[b * dimension + axis]) / 2
    })
  }
  return { dimension, degree, points: all, cells: out }
}

/** Edges of the mesh, numbered in the order in which cells meet them: `[cell, local edge]`. */
export function edgeNumbers({ dimension, cells }: { readonly dimension: Dimension; readonly cells: Int32Array }): { readonly count: number; readonly numbers: Int32Array } {
  const corners = dimension + 1
  const edges = simplexEdges[dimension]
  const numbers = new Int32Array((cells.length / corners) * edges.length)
  const known = new Map<number, number>()
  for (let cell = 0; cell < cells.length / corners; cell++) {
    edges.forEach(([i, j], e) => {
      const key = edgeKey(cells[cell * corners + i], cells[cell * corners + j])
      let number = known.get(key)
      if (number === undefined) known.set(key, (number = known.size))
      numbers[cell * edges.length + e] = number
    })
  }
  return { count: known.size, numbers }
}
