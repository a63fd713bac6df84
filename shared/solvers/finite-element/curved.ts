import { nodesPerCell } from '../../fields/mesh'
import { barycentricGradients, basisValues, simplexEdges } from '../../fields/mesh-element'
import { curveOfFacet } from './mesh/topology'
import type { Space } from './space'

/**
 * Midpoints of straight edges along a circle (or a sphere) where a component is given. Their cells are straight, so the point lies beside the boundary by the sagitta h²/8r, and a value set there would cost quadratic functions
 * their order (2 instead of 3; 3/2 instead of 2 of the gradient). Instead the polynomial of the cell, continued to the circle, takes the boundary value there:
 * Σ_b φ_b(y) u_b = g(y) with y the point of the circle next to the midpoint — a condition carried to the chord as by J. H. Bramble, T. Dupont, V. Thomée 1972, doi:10.1090/S0025-5718-1972-0343657-7.
 */
export interface CurvedNode {
  /** `component · nodes + node`. */
  readonly index: number
  /** y. */
  readonly target: Float64Array
  /** Indices of the cell's other coefficients, φ_b(y) of each, and φ_m(y). */
  readonly others: Int32Array
  readonly weights: Float64Array
  readonly own: number
}

export function curvedNodes(space: Pick<Space, 'mesh' | 'domain' | 'boundary' | 'given' | 'nodes' | 'form'>): CurvedNode[] {
  const { mesh, domain, boundary, given, nodes, form } = space
  const { dimension, degree, cells, points } = mesh
  if (degree === 1 || dimension === 1) return []
  const corners = dimension + 1
  const perCell = nodesPerCell(mesh)
  const edges = simplexEdges[dimension]
  const found = new Map<number, CurvedNode>()
  const gradient = new Float64Array(12)
  for (const { cell, local } of boundary) {
    const circle = domain.curves[curveOfFacet(domain, cell, local)].circle
    if (!circle) continue
    barycentricGradients(dimension, points, cells, cell * perCell, gradient)
    edges.forEach(([i, j], e) => {
      if (i === local || j === local) return
      const node = cells[cell * perCell + corners + e]
      const target = new Float64Array(dimension)
      let square = 0
      for (let a = 0; a < dimension; a++) square += (points[node * dimension + a] - circle.center[a]) ** 2
      const scale = circle.radius / Math.sqrt(square)
      for (let a = 0; a < dimension; a++) target[a] = circle.center[a] + scale * (points[node * dimension + a] - circle.center[a])
      const lambda = Array.from({ length: corners }, (_, k) => {
        let value = k === i || k === j ? 0.5 : 0
        for (let a = 0; a < dimension; a++) value += gradient[k * dimension + a] * (target[a] - points[node * dimension + a])
        return value
      })
      const values = new Float64Array(perCell)
      basisValues(dimension, degree, lambda, values)
      const others = Array.from({ length: perCell }, (_, b) => b).filter(b => b !== corners + e)
      form.rows.forEach((_, c) => {
        const index = c * nodes + node
        if (form.lowered[c] === 1 || !given[c].has(node) || found.has(index)) return
        found.set(index, { index, target, others: Int32Array.from(others, b => c * nodes + cells[cell * perCell + b]), weights: Float64Array.from(others, b => values[b]), own: values[corners + e] })
      })
    })
  }
  return [...found.values()]
}
