import type { Mesh } from './mesh'
import { nodesPerCell } from './mesh'
import { barycentricGradients, basisDerivatives } from './mesh-element'

/** One simplex of a mesh: its barycentric coordinates are affine, λᵢ(x) = ∇λᵢ · (x − x₀) for i ≥ 1 and λ₀ = 1 − Σ λᵢ. */
export interface Cell {
  /** Index of its first node in `mesh.cells`. */
  start: number
  /** x₀, the first corner. */
  readonly origin: Float64Array
  /** ∇λ₀ … ∇λ_d, row after row. */
  readonly gradients: Float64Array
  /** Length, area or volume. */
  measure: number
}

export const newCell = ({ dimension }: Pick<Mesh, 'dimension'>): Cell => ({ start: 0, origin: new Float64Array(dimension), gradients: new Float64Array((dimension + 1) * dimension), measure: 0 })

/** Fills `out` with the cell's affine map. A degenerate cell has measure 0 and infinite gradients. */
export function readCell(mesh: Mesh, cell: number, out: Cell): Cell {
  const { dimension, points, cells } = mesh
  out.start = cell * nodesPerCell(mesh)
  const first = cells[out.start] * dimension
  for (let a = 0; a < dimension; a++) out.origin[a] = points[first + a]
  out.measure = Math.abs(barycentricGradients(dimension, points, cells, out.start, out.gradients))
  return out
}

/** λ₀ … λ_d of a point whose coordinates begin at `points[at]`; returns the least of them (negative outside). */
export function barycentric({ origin, gradients }: Cell, points: ArrayLike<number>, at: number, lambda: Float64Array): number {
  const dimension = origin.length
  let first = 1
  let least = Infinity
  for (let i = 1; i <= dimension; i++) {
    let value = 0
    for (let a = 0; a < dimension; a++) value += gradients[i * dimension + a] * (points[at + a] - origin[a])
    lambda[i] = value
    first -= value
    if (value < least) least = value
  }
  lambda[0] = first
  return first < least ? first : least
}

/** Gradients of all basis functions, `[node, axis]`, at a barycentric point. `derivatives` is scratch for `[node, corner]`. */
export function basisGradients({ dimension, degree }: Pick<Mesh, 'dimension' | 'degree'>, { gradients }: Cell, lambda: ArrayLike<number>, derivatives: Float64Array, out: Float64Array): void {
  const corners = dimension + 1
  basisDerivatives(dimension, degree, lambda, derivatives)
  for (let node = 0; node < out.length / dimension; node++) {
    for (let a = 0; a < dimension; a++) {
      let sum = 0
      for (let k = 0; k < corners; k++) sum += derivatives[node * corners + k] * gradients[k * dimension + a]
      out[node * dimension + a] = sum
    }
  }
}
