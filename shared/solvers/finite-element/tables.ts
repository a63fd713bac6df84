import { basisDerivatives, basisValues, simplexRule, type Dimension, type SimplexRule } from '../../fields/mesh-element'
import type { Space } from './space'

/** Barycentric points and basis functions of one kind of place. */
export interface Table {
  readonly barycentric: Float64Array
  /** `[point, node]` and `[point, node, corner]` by degree of the component's functions (index 0: degree 1, 1: degree 2). */
  readonly values: readonly Float64Array[]
  readonly slopes: readonly Float64Array[]
}

/** Basis functions of degree 1 and the mesh's degree at barycentric points. */
export function createTable({ mesh }: Pick<Space, 'mesh'>, barycentric: Float64Array): Table {
  const { dimension, degree } = mesh
  const corners = dimension + 1
  const count = barycentric.length / corners
  const degrees = degree === 1 ? [1] as const : [1, 2] as const
  const make = (d: 1 | 2, slopes: boolean): Float64Array => {
    const functions = d === 1 ? corners : (corners * (corners + 1)) / 2
    const width = slopes ? functions * corners : functions
    const out = new Float64Array(count * width)
    for (let p = 0; p < count; p++) (slopes ? basisDerivatives : basisValues)(dimension, d, barycentric.subarray(p * corners, (p + 1) * corners), out, p * width)
    return out
  }
  return { barycentric, values: degrees.map(d => make(d, false)), slopes: degrees.map(d => make(d, true)) }
}

/** The rule of a facet: a simplex of one dimension less, a point at the ends of segments. */
export function facetRule(dimension: Dimension, exactness: 2 | 5): SimplexRule {
  if (dimension === 1) return { count: 1, barycentric: Float64Array.of(1), weights: Float64Array.of(1) }
  return simplexRule((dimension - 1) as Dimension, exactness)
}

/** Points of a facet in the barycentric coordinates of the cell, moved towards its middle by the part `inset`. */
export function embedded(rule: SimplexRule, facet: readonly number[], dimension: Dimension, inset: number): Float64Array {
  const corners = dimension + 1
  const out = new Float64Array(rule.count * corners).fill(inset / corners)
  for (let p = 0; p < rule.count; p++) facet.forEach((corner, i) => (out[p * corners + corner] += (1 - inset) * rule.barycentric[p * dimension + i]))
  return out
}
