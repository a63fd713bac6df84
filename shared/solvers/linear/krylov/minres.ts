import { error, FaultError } from '../../../fault'
import type { Team } from '../../../kernels/team'
import { createVectors } from '../vectors'
import type { KrylovSystem, Round } from './round'

/**
 * MINRES for symmetric A, definite or not, with a symmetric positive definite M. Minimises ‖r‖ in the norm of M⁻¹; what it reports is the Euclidean norm of
 * the residual, which a recurrence carries along: r_k = s² r_{k−1} − c φ̄ v_{k+1}.
 *
 * Source: Paige & Saunders 1975, doi:10.1137/0712047. Throws FaultError `indefinite-preconditioner` when rᵀM⁻¹r < 0.
 */
export function createMinres(team: Team, { map, preconditioner }: KrylovSystem): Round {
  const { size } = map
  const vectors = createVectors(team, size)
  const blocks = Array.from({ length: 7 }, () => team.arena.f64(size).pointer)
  const v = blocks[0]
  /** M⁻¹-norm of the Lanczos vector `lanczos`, with z = M⁻¹ lanczos. */
  const lengthOf = (lanczos: number, z: number): number => {
    const squared = vectors.dot(lanczos, z)
    if (squared < 0) {
      throw new FaultError(error('indefinite-preconditioner', 'MINRES needs a positive definite preconditioner, and this one is not.', { tip: 'Use GMRES, or another preconditioner.' }))
    }
    return Math.sqrt(squared)
  }
  return (u, r, watch) => {
    let [, y, previous, current, w, w1, w2] = blocks
    const precondition = (from: number, to: number): void => (preconditioner ? preconditioner.apply(from, to) : vectors.copy(from, to))
    vectors.copy(r, current)
    vectors.fill(0, previous)
    vectors.fill(0, w)
    vectors.fill(0, w1)
    vectors.fill(0, w2)
    precondition(current, y)
    let beta = lengthOf(current, y)
    if (beta === 0) return 'breakdown'
    let oldBeta = 0
    let dBar = 0
    let epsilon = 0
    let phiBar = beta
    let c = -1
    let s = 0
    for (let iteration = 1; ; iteration++) {
      vectors.scale(1 / beta, y, v)
      map.apply(v, y)
      if (iteration > 1) vectors.axpy(-beta / oldBeta, previous, y)
      const alpha = vectors.dot(v, y)
      vectors.axpy(-alpha / beta, current, y)
      const next = y
      y = previous
      previous = current
      current = next
      precondition(current, y)
      oldBeta = beta
      beta = lengthOf(current, y)
      const oldEpsilon = epsilon
      const delta = c * dBar + s * alpha
      const gBar = s * dBar - c * alpha
      epsilon = s * beta
      dBar = -c * beta
      const gamma = Math.sqrt(gBar * gBar + beta * beta)
      if (!(gamma > 0)) return 'breakdown'
      c = gBar / gamma
      s = beta / gamma
      const phi = c * phiBar
      phiBar *= s
      const oldest = w1
      w1 = w2
      w2 = w
      w = oldest
      vectors.scale(1 / gamma, v, w)
      vectors.axpy(-oldEpsilon / gamma, w1, w)
      vectors.axpy(-delta / gamma, w2, w)
      vectors.axpy(phi, w, u)
      if (beta > 0) vectors.axpby((-c * phiBar) / beta, current, s * s, r)
      else vectors.fill(0, r)
      if (watch(iteration, vectors.norm(r))) return 'stopped'
      if (beta === 0) return 'breakdown'
    }
  }
}
