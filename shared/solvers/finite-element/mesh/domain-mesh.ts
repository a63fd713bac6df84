import type { Dimension } from '../../../fields/mesh-element'

/** A line or circle that boundary facets follow. */
export interface BoundaryCurve {
  /** Bounds a hole rather than the outer shape. */
  readonly hole: boolean
  /** Midpoints of bisected edges move out to this circle (sphere). */
  readonly circle?: { readonly center: readonly number[]; readonly radius: number }
}

/**
 * A conforming mesh of straight simplices that covers the domain: what meshers make and refinement changes. Finite element nodes are laid on it by `meshOfDegree`.
 * Corners of a cell are in positive order. In two dimensions corner 0 is opposite to the edge that bisection halves.
 */
export interface DomainMesh {
  readonly dimension: Dimension
  /** `[points, dimension]`, x first. */
  readonly points: Float64Array
  /** `[cells, dimension + 1]`. */
  readonly cells: Int32Array
  readonly curves: readonly BoundaryCurve[]
  /** The curve of a boundary facet by `facetKey`; facets that are not listed follow curve 0. */
  readonly curveOf: ReadonlyMap<number, number>
}

/** A key for an edge of a plane mesh, the same from both sides. */
export const edgeKey = (a: number, b: number): number => (a < b ? a * 0x4000000 + b : b * 0x4000000 + a)

export const cellCount = (mesh: DomainMesh): number => mesh.cells.length / (mesh.dimension + 1)
export const pointCount = (mesh: DomainMesh): number => mesh.points.length / mesh.dimension
