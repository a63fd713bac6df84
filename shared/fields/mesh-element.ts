/**
 * The reference simplex: barycentric coordinates λ₀ … λ_d with λᵢ = 1 at corner i, Lagrange polynomials of degree 1 and 2 on it, and quadrature. Node order as in `Mesh`.
 */
export type Dimension = 1 | 2 | 3
export type Degree = 1 | 2

/** Corner pairs of the edges of a simplex, in the order of the midpoints of `Mesh`. */
export const simplexEdges: Readonly<Record<Dimension, readonly (readonly [number, number])[]>> = {
  1: [[0, 1]],
  2: [[0, 1], [1, 2], [2, 0]],
  3: [[0, 1], [1, 2], [2, 0], [0, 3], [1, 3], [2, 3]],
}

/** Corners of the facet opposite to corner i: facets[i]. */
export const simplexFacets: Readonly<Record<Dimension, readonly (readonly number[])[]>> = {
  1: [[1], [0]],
  2: [[1, 2], [2, 0], [0, 1]],
  3: [[1, 2, 3], [0, 3, 2], [0, 1, 3], [0, 2, 1]],
}

/** Points of a quadrature rule in barycentric coordinates, `[points, dimension + 1]`; the weights add up to 1 (multiply by the cell's measure). */
export interface SimplexRule {
  readonly count: number
  readonly barycentric: Float64Array
  readonly weights: Float64Array
}

/** Values of all basis functions at a barycentric point, into `out[at …]`: λᵢ; or λᵢ(2λᵢ − 1) and 4λᵢλⱼ. */
export function basisValues(dimension: Dimension, degree: Degree, lambda: ArrayLike<number>, out: Float64Array, at = 0): void {
  const corners = dimension + 1
  for (let i = 0; i < corners; i++) out[at + i] = degree === 1 ? lambda[i] : lambda[i] * (2 * lambda[i] - 1)
  if (degree === 1) return
  const edges = simplexEdges[dimension]
  for (let e = 0; e < edges.length; e++) out[at + corners + e] = 4 * lambda[edges[e][0]] * lambda[edges[e][1]]
}

/** ∂φ_a/∂λ_k of all basis functions, `[node, corner]`, into `out[at …]`. A gradient is Σ_k ∂φ/∂λ_k ∇λ_k. */
export function basisDerivatives(dimension: Dimension, degree: Degree, lambda: ArrayLike<number>, out: Float64Array, at = 0): void {
  const corners = dimension + 1
  const edges = simplexEdges[dimension]
  const nodes = degree === 1 ? corners : corners + edges.length
  out.fill(0, at, at + nodes * corners)
  for (let i = 0; i < corners; i++) out[at + i * corners + i] = degree === 1 ? 1 : 4 * lambda[i] - 1
  if (degree === 1) return
  for (let e = 0; e < edges.length; e++) {
    const [i, j] = edges[e]
    out[at + (corners + e) * corners + i] = 4 * lambda[j]
    out[at + (corners + e) * corners + j] = 4 * lambda[i]
  }
}

/**
 * ∇λ₀ … ∇λ_d of the simplex with the given corners, `[corner, axis]`, into `out`; returns its measure (positive when the corners are in positive order).
 *
 * @param points `[points, dimension]`, x first
 */
export function barycentricGradients(dimension: Dimension, points: Float64Array, corners: ArrayLike<number>, from: number, out: Float64Array): number {
  const p = (corner: number, axis: number): number => points[corners[from + corner] * dimension + axis]
  if (dimension === 1) {
    const length = p(1, 0) - p(0, 0)
    out[0] = -1 / length
    out[1] = 1 / length
    return length
  }
  if (dimension === 2) {
    const [x0, y0, x1, y1, x2, y2] = [p(0, 0), p(0, 1), p(1, 0), p(1, 1), p(2, 0), p(2, 1)]
    const twice = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    out[0] = (y1 - y2) / twice
    out[1] = (x2 - x1) / twice
    out[2] = (y2 - y0) / twice
    out[3] = (x0 - x2) / twice
    out[4] = (y0 - y1) / twice
    out[5] = (x1 - x0) / twice
    return twice / 2
  }
  const [ax, ay, az] = [p(1, 0) - p(0, 0), p(1, 1) - p(0, 1), p(1, 2) - p(0, 2)]
  const [bx, by, bz] = [p(2, 0) - p(0, 0), p(2, 1) - p(0, 1), p(2, 2) - p(0, 2)]
  const [cx, cy, cz] = [p(3, 0) - p(0, 0), p(3, 1) - p(0, 1), p(3, 2) - p(0, 2)]
  const determinant = ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx)
  out[3] = (by * cz - bz * cy) / determinant
  out[4] = (bz * cx - bx * cz) / determinant
  out[5] = (bx * cy - by * cx) / determinant
  out[6] = (cy * az - cz * ay) / determinant
  out[7] = (cz * ax - cx * az) / determinant
  out[8] = (cx * ay - cy * ax) / determinant
  out[9] = (ay * bz - az * by) / determinant
  out[10] = (az * bx - ax * bz) / determinant
  out[11] = (ax * by - ay * bx) / determinant
  for (let axis = 0; axis < 3; axis++) out[axis] = -(out[3 + axis] + out[6 + axis] + out[9 + axis])
  return determinant / 6
}

/** One orbit of a symmetric rule: every distinct permutation of the coordinates, each with the weight. */
type Orbit = readonly [weight: number, ...coordinates: number[]]

const root15 = Math.sqrt(15)
const root35 = Math.sqrt(3 / 5)
const root13 = Math.sqrt(1 / 3)
const root5 = Math.sqrt(5)

/** Rules in closed form (Gauss; Radon's seven points; Keast's and Stroud's T₃:5-1 with fifteen), by dimension and degree of exactness. */
const orbits: Readonly<Record<Dimension, Readonly<Record<2 | 5, readonly Orbit[]>>>> = {
  1: { 2: [[1 / 2, (1 - root13) / 2, (1 + root13) / 2]], 5: [[4 / 9, 1 / 2, 1 / 2], [5 / 18, (1 - root35) / 2, (1 + root35) / 2]] },
  2: {
    2: [[1 / 3, 1 / 6, 1 / 6, 2 / 3]],
    5: [
      [9 / 40, 1 / 3, 1 / 3, 1 / 3],
      [(155 - root15) / 1200, (6 - root15) / 21, (6 - root15) / 21, (9 + 2 * root15) / 21],
      [(155 + root15) / 1200, (6 + root15) / 21, (6 + root15) / 21, (9 - 2 * root15) / 21],
    ],
  },
  3: {
    2: [[1 / 4, (5 - root5) / 20, (5 - root5) / 20, (5 - root5) / 20, (5 + 3 * root5) / 20]],
    5: [
      [16 / 135, 1 / 4, 1 / 4, 1 / 4, 1 / 4],
      [(2665 + 14 * root15) / 37800, (7 - root15) / 34, (7 - root15) / 34, (7 - root15) / 34, (13 + 3 * root15) / 34],
      [(2665 - 14 * root15) / 37800, (7 + root15) / 34, (7 + root15) / 34, (7 + root15) / 34, (13 - 3 * root15) / 34],
      [10 / 189, (10 - 2 * root15) / 40, (10 - 2 * root15) / 40, (10 + 2 * root15) / 40, (10 + 2 * root15) / 40],
    ],
  },
}

/** A quadrature rule with positive weights and inner points, exact for polynomials of degree 2 (2, 3, 4 points; degree 3 on a segment) or 5 (3, 7, 15 points). */
export function simplexRule(dimension: Dimension, exactness: 2 | 5): SimplexRule {
  const points: number[] = []
  const weights: number[] = []
  for (const [weight, ...coordinates] of orbits[dimension][exactness]) {
    for (const point of permutations(coordinates)) {
      points.push(...point)
      weights.push(weight)
    }
  }
  return { count: weights.length, barycentric: Float64Array.from(points), weights: Float64Array.from(weights) }
}

/** Every different order of the numbers, in a fixed order. */
function permutations(numbers: readonly number[]): number[][] {
  if (numbers.length <= 1) return [[...numbers]]
  const result: number[][] = []
  numbers.forEach((first, i) => {
    if (numbers.indexOf(first) !== i) return
    for (const rest of permutations([...numbers.slice(0, i), ...numbers.slice(i + 1)])) result.push([first, ...rest])
  })
  return result
}
