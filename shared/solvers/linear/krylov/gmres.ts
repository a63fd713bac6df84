import type { Arena, Team } from '../../../kernels/team'
import { createVectors } from '../vectors'
import type { KrylovSystem, Round } from './round'

/** Vectors that GMRES may keep before it restarts, given the memory that is left. */
export function restartLength(arena: Arena, size: number, wanted = 40): number {
  const left = (arena.budget - arena.used) / (8 * size)
  return Math.max(4, Math.min(wanted, Math.floor(0.6 * left) - 3))
}

/**
 * GMRES(m), preconditioned from the right, so that the residual it minimises is the true one. For any A; the preconditioner may change from step to step
 * with `flexible` (twice the memory). One round of at most m iterations.
 *
 * Source: Saad & Schultz 1986, doi:10.1137/0907058; flexible: Saad 1993, doi:10.1137/0914028; modified Gram–Schmidt, Givens rotations.
 */
export function createGmres(team: Team, { map, preconditioner }: KrylovSystem, restart: number, flexible = false): Round {
  const { size } = map
  const vectors = createVectors(team, size)
  const basis = Array.from({ length: restart + 1 }, () => team.arena.f64(size).pointer)
  const keep = flexible && preconditioner !== undefined
  const directions = keep ? Array.from({ length: restart }, () => team.arena.f64(size).pointer) : []
  const z = preconditioner && !keep ? team.arena.f64(size).pointer : 0
  const h = Array.from({ length: restart }, () => new Float64Array(restart + 2))
  const cosines = new Float64Array(restart)
  const sines = new Float64Array(restart)
  const g = new Float64Array(restart + 1)

  return (u, r, watch) => {
    const beta = vectors.norm(r)
    if (beta === 0) return 'breakdown'
    vectors.scale(1 / beta, r, basis[0])
    g.fill(0)
    g[0] = beta
    let columns = 0
    let stop = false
    let exact = false
    while (columns < restart && !stop && !exact) {
      const j = columns
      const column = h[j]
      const next = basis[j + 1]
      const direction = preconditioner ? (keep ? directions[j] : z) : basis[j]
      preconditioner?.apply(basis[j], direction)
      map.apply(direction, next)
      for (let i = 0; i <= j; i++) {
        column[i] = vectors.dot(basis[i], next)
        vectors.axpy(-column[i], basis[i], next)
      }
      const norm = vectors.norm(next)
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
      exact = norm <= 1e-14 * length
      if (!exact) vectors.scale(1 / norm, next, next)
    }
    if (columns === 0) return 'breakdown'
    const y = new Float64Array(columns)
    for (let i = columns - 1; i >= 0; i--) {
      let value = g[i]
      for (let k = i + 1; k < columns; k++) value -= h[k][i] * y[k]
      y[i] = value / h[i][i]
    }
    if (keep || !preconditioner) {
      for (let i = 0; i < columns; i++) vectors.axpy(y[i], keep ? directions[i] : basis[i], u)
    } else {
      const combined = basis[restart]
      vectors.fill(0, combined)
      for (let i = 0; i < columns; i++) vectors.axpy(y[i], basis[i], combined)
      preconditioner.apply(combined, z)
      vectors.axpy(1, z, u)
    }
    return stop ? 'stopped' : exact ? 'breakdown' : 'restart'
  }
}
