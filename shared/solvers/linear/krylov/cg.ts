import type { Team } from '../../../kernels/team'
import { createVectors } from '../vectors'
import type { KrylovSystem, Round } from './round'

/**
 * Preconditioned conjugate gradients for symmetric positive (semi)definite A and symmetric positive definite M. Ends as `indefinite` when pᵀAp is negative
 * beyond rounding: then A is not positive definite.
 *
 * Source: Hestenes & Stiefel 1952; Saad, Iterative Methods for Sparse Linear Systems, algorithm 9.1.
 */
export function createConjugateGradients(team: Team, { map, preconditioner }: KrylovSystem): Round {
  const { size } = map
  const vectors = createVectors(team, size)
  const [p, q] = [0, 1].map(() => team.arena.f64(size).pointer)
  const z = preconditioner ? team.arena.f64(size).pointer : 0
  return (u, r, watch) => {
    preconditioner?.apply(r, z)
    vectors.copy(preconditioner ? z : r, p)
    let rho = vectors.dot(r, p)
    for (let iteration = 1; ; iteration++) {
      map.apply(p, q)
      const curvature = vectors.dot(p, q)
      if (curvature < -1e-13 * vectors.norm(p) * vectors.norm(q)) return 'indefinite'
      if (!(curvature > 0) || !(rho > 0)) return 'breakdown'
      const alpha = rho / curvature
      vectors.axpy(alpha, p, u)
      vectors.axpy(-alpha, q, r)
      const squared = vectors.dot(r, r)
      if (watch(iteration, Math.sqrt(squared))) return 'stopped'
      preconditioner?.apply(r, z)
      const next = preconditioner ? vectors.dot(r, z) : squared
      vectors.axpby(1, preconditioner ? z : r, next / rho, p)
      rho = next
    }
  }
}
