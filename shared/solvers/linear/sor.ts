import { error, FaultError } from '../../fault'
import type { Pointer, Team } from '../../kernels/team'
import { createBandit } from './bandit'
import { createKrylov } from './krylov/solver'
import { mapOf } from './map'
import { algebraicMultigrid } from './preconditioner/algebraic'
import { inverseDiagonal } from './preconditioner/pointwise'
import { diagonalOf, residual, type SparseMatrix } from './sparse'
import { createVectors } from './vectors'

/** A fixed factor 0 < ω < 2; the best one for consistently ordered matrices; or chosen anew for each system by a bandit. */
export type Relaxation = number | 'optimal' | 'bandit'

export interface Sor {
  /** ω of the last call. */
  readonly omega: number
  /** Sweeps until `watch(sweep, ‖b − A x‖)` returns true; x is improved. Returns the number of sweeps. */
  solve(b: Pointer, x: Pointer, watch: (sweep: number, norm: number) => boolean): number
  /** To be called when the values of the matrix changed. A bandit keeps what it has learned; an optimal factor is computed anew. */
  update(): void
}

/** ω that the bandit chooses from. Few, since each has to be tried; denser towards 2, where fine grids want it. */
export const relaxationGrid: readonly number[] = [1, 1.25, 1.5, 1.7, 1.83, 1.92]

/**
 * Successive over-relaxation in the order of the unknowns: x_i ← x_i + ω (b_i − (A x)_i) / a_ii. A method to learn from: with the best ω it needs O(n) sweeps on an n × n grid,
 * with ω = 1 (Gauss–Seidel) O(n²). Converges for symmetric positive definite A and 0 < ω < 2.
 *
 * Source: Young 1954, doi:10.1090/S0002-9947-1954-0059635-7. Throws FaultError `zero-diagonal`, `no-optimal-relaxation`.
 */
export function createSor(team: Team, matrix: SparseMatrix, relaxation: Relaxation, seed = 1): Sor {
  const inverse = inverseDiagonal(team, matrix)
  const vectors = createVectors(team, matrix.rows)
  const r = team.arena.f64(matrix.rows).pointer
  const bandit = relaxation === 'bandit' ? createBandit(relaxationGrid, seed) : undefined
  let omega = typeof relaxation === 'number' ? relaxation : relaxation === 'optimal' ? optimalRelaxation(team, matrix) : 1
  return {
    get omega() {
      return omega
    },
    update() {
      const values = inverse.view()
      diagonalOf(matrix).forEach((value, i) => (values[i] = 1 / value))
      if (relaxation === 'optimal') omega = optimalRelaxation(team, matrix)
    },
    solve(b, x, watch) {
      if (bandit) omega = bandit.choose()
      let sweep = 0
      for (;;) {
        team.call('sparse.relax', [matrix.rows, matrix.startsPointer, matrix.columnsPointer, matrix.values.pointer, inverse.pointer, b, x, omega, 1])
        residual(team, matrix, x, b, r)
        if (watch(++sweep, vectors.norm(r))) break
      }
      bandit?.observe(sweep)
      return sweep
    },
  }
}

/**
 * ω = 2 / (1 + √(1 − ρ²)) with ρ the spectral radius of Jacobi's iteration, for symmetric positive definite matrices whose graph has two colours (five- and seven-point
 * stencils): there ρ = 1 − λ with λ the smallest eigenvalue of D⁻¹A, found by inverse iteration. Throws FaultError `no-optimal-relaxation` when A is not positive definite.
 */
export function optimalRelaxation(team: Team, matrix: SparseMatrix): number {
  const mark = team.arena.mark()
  try {
    const n = matrix.rows
    const diagonal = diagonalOf(matrix)
    const vectors = createVectors(team, n)
    const x = team.arena.from(diagonal.map(() => 1))
    const b = team.arena.f64(n)
    const d = team.arena.from(diagonal)
    const solver = createKrylov(team, { method: 'cg', map: mapOf(team, matrix), preconditioner: algebraicMultigrid(team, matrix) })
    let lambda = 0
    for (let step = 0; step < 30; step++) {
      vectors.multiply(d.pointer, x.pointer, b.pointer)
      const size = Math.sqrt(vectors.dot(b.pointer, x.pointer))
      vectors.scale(1 / size, b.pointer, b.pointer)
      vectors.scale(1 / size, x.pointer, x.pointer)
      solver.solve(b, x, { tolerance: 1e-6, maximumIterations: 200 })
      const next = 1 / vectors.dot(b.pointer, x.pointer)
      if (Math.abs(next - lambda) <= 1e-6 * next) return formula(next)
      lambda = next
    }
    return formula(lambda)
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
    throw new FaultError(error('no-optimal-relaxation', 'The best relaxation factor is known for symmetric positive definite operators only, and this one is not.', { where: { path: 'relaxation' }, tip: 'Give a number between 0 and 2, or use another solver.' }))
  } finally {
    team.arena.release(mark)
  }
}

function formula(lambda: number): number {
  const rho = 1 - lambda
  return 2 / (1 + Math.sqrt(Math.max(0, 1 - rho * rho)))
}
