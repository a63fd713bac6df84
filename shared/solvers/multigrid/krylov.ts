import type { Arena, Pointer, Team } from '../../kernels/team'
import { createVectors } from './vectors'

/** A linear system for the Krylov methods: vectors of one size in the arena, 0 at fixed nodes. */
export interface KrylovSystem {
  readonly size: number
  /** out ← A x */
  apply(x: Pointer, out: Pointer): void
  /** z ← M⁻¹ r */
  precondition(r: Pointer, z: Pointer): void
}

/** Called after every iteration with its number and the norm of its residual; returns true to stop. May throw `Cancelled`. */
export type Watch = (iteration: number, residual: number) => boolean

/**
 * Preconditioned conjugate gradients for symmetric positive (semi)definite A and symmetric positive definite M. `r` holds f − A u on entry and on exit;
 * u is improved. Stops when `watch` says so, or on breakdown (pᵀAp ≤ 0: A is not positive definite), then returns false.
 *
 * Source: Hestenes & Stiefel 1952; Saad, Iterative Methods for Sparse Linear Systems, algorithm 9.1.
 */
export function createConjugateGradients(team: Team, system: KrylovSystem): (u: Pointer, r: Pointer, watch: Watch) => boolean {
  const { size } = system
  const vectors = createVectors(team, size)
  const [p, z, q] = [0, 1, 2].map(() => team.arena.f64(size).pointer)
  return (u, r, watch) => {
    system.precondition(r, z)
    vectors.copy(z, p)
    let rho = vectors.dot(r, z)
    for (let iteration = 1; ; iteration++) {
      system.apply(p, q)
      const curvature = vectors.dot(p, q)
      if (!(curvature > 0) || !(rho > 0)) return false
      const alpha = rho / curvature
      vectors.axpy(alpha, p, u)
      vectors.axpy(-alpha, q, r)
      if (watch(iteration, Math.sqrt(vectors.dot(r, r)))) return true
      system.precondition(r, z)
      const next = vectors.dot(r, z)
      vectors.axpby(1, z, next / rho, p)
      rho = next
    }
  }
}

/** Vectors that GMRES may keep before it restarts, given the memory that is left. */
export function restartLength(arena: Arena, size: number): number {
  const left = (arena.budget - arena.used) / (8 * size)
  return Math.max(4, Math.min(40, Math.floor(0.6 * left) - 3))
}

/**
 * GMRES(m), preconditioned from the right, so that the residual it minimises is the true one. For any A. `r` holds f − A u on entry; u is improved.
 * One round of at most m iterations: returns true when `watch` said to stop, false when it wants a restart.
 *
 * Source: Saad & Schultz 1986, doi:10.1137/0907058; modified Gram–Schmidt, Givens rotations.
 */
export function createGmres(team: Team, system: KrylovSystem, restart: number): (u: Pointer, r: Pointer, watch: Watch) => boolean {
  const { size } = system
  const vectors = createVectors(team, size)
  const basis = Array.from({ length: restart + 1 }, () => team.arena.f64(size).pointer)
  const z = team.arena.f64(size).pointer
  const h = Array.from({ length: restart }, () => new Float64Array(restart + 2))
  const cosines = new Float64Array(restart)
  const sines = new Float64Array(restart)
  const g = new Float64Array(restart + 1)

  return (u, r, watch) => {
    const beta = Math.sqrt(vectors.dot(r, r))
    if (beta === 0) return true
    vectors.scale(1 / beta, r, basis[0])
    g.fill(0)
    g[0] = beta
    let columns = 0
    let stop = false
    while (columns < restart && !stop) {
      const j = columns
      const column = h[j]
      const next = basis[j + 1]
      system.precondition(basis[j], z)
      system.apply(z, next)
      for (let i = 0; i <= j; i++) {
        column[i] = vectors.dot(basis[i], next)
        vectors.axpy(-column[i], basis[i], next)
      }
      const norm = Math.sqrt(vectors.dot(next, next))
      for (let i = 0; i < j; i++) {
        const a = column[i]
        column[i] = cosines[i] * a + sines[i] * column[i + 1]
        column[i + 1] = cosines[i] * column[i + 1] - sines[i] * a
      }
      const length = Math.sqrt(column[j] * column[j] + norm * norm)
      if (!(length > 0)) break
      cosines[j] = column[j] / length
      sines[j] = norm / length
      column[j] = length
      g[j + 1] = -sines[j] * g[j]
      g[j] *= cosines[j]
      columns++
      stop = watch(columns, Math.abs(g[j + 1]))
      if (norm <= 1e-14 * length) break
      vectors.scale(1 / norm, next, next)
    }
    const y = new Float64Array(columns)
    for (let i = columns - 1; i >= 0; i--) {
      let value = g[i]
      for (let k = i + 1; k < columns; k++) value -= h[k][i] * y[k]
      y[i] = value / h[i][i]
    }
    vectors.fill(0, basis[restart])
    for (let i = 0; i < columns; i++) if (i !== restart) vectors.axpy(y[i], basis[i], basis[restart])
    system.precondition(basis[restart], z)
    vectors.axpy(1, z, u)
    return stop
  }
}
