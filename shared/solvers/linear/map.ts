import type { Pointer, Team } from '../../kernels/team'
import { multiply, type SparseMatrix } from './sparse'

/** A linear map of vectors of one length in the arena; the only thing Krylov methods know of a matrix. `y` ≠ `x`. */
export interface LinearMap {
  readonly size: number
  /** y ← A x */
  apply(x: Pointer, y: Pointer): void
}

/** z ← M⁻¹ r, M near A. `z` ≠ `r`. A linear, fixed map (symmetric positive definite for CG and MINRES). */
export interface Preconditioner {
  apply(r: Pointer, z: Pointer): void
}

export const mapOf = (team: Team, matrix: SparseMatrix): LinearMap => ({ size: matrix.rows, apply: (x, y) => multiply(team, matrix, x, y) })
