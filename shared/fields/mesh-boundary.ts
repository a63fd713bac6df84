import type { Mesh } from './mesh'
import { meshCells, nodesPerCell } from './mesh'
import { simplexFacets } from './mesh-element'

/**
 * Faces that belong to one cell only, `[faces, dimension]` indices of their corner points, in the order of the cells. In 2-D an edge runs along its cell's own orientation:
 * with counterclockwise cells the domain lies to the left.
 */
export function boundaryFaces(mesh: Mesh): Int32Array {
  const { dimension, cells } = mesh
  const nodes = nodesPerCell(mesh)
  const points = mesh.points.length / dimension
  // Faces by their two least corners (one number below 2⁵³), then by the third.
  const seen = new Map<number, Map<number, number>>()
  const count = (corners: readonly number[], add: 0 | 1): number => {
    const [a, b = 0, c = 0] = [...corners].sort((p, q) => p - q)
    const pair = a * points + b
    const thirds = seen.get(pair) ?? new Map<number, number>()
    if (add === 1) seen.set(pair, thirds.set(c, (thirds.get(c) ?? 0) + 1))
    return thirds.get(c) ?? 0
  }
  const each = (visit: (corners: number[]) => void): void => {
    for (let cell = 0; cell < meshCells(mesh); cell++) for (const face of simplexFacets[dimension]) visit(face.map(i => cells[cell * nodes + i]))
  }
  each(corners => count(corners, 1))
  const found: number[] = []
  each(corners => {
    if (count(corners, 0) === 1) found.push(...corners)
  })
  return Int32Array.from(found)
}
