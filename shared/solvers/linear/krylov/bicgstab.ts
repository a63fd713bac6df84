import type { Team } from '../../../kernels/team'
import { createVectors } from '../vectors'
import type { KrylovSystem, Round } from './round'

/**
 * BiCGStab for any A, preconditioned from the right: two products with A per iteration, seven vectors whatever the number of iterations. Convergence may be
 * erratic; where the shadow residual becomes orthogonal it asks for a restart.
 *
 * Source: van der Vorst 1992, doi:10.1137/0913035.
 */
export function createBicgstab(team: Team, { map, preconditioner }: KrylovSystem): Round {
  const { size } = map
  const vectors = createVectors(team, size)
  const [shadow, p, v, t] = [0, 1, 2, 3].map(() => team.arena.f64(size).pointer)
  const pHat = preconditioner ? team.arena.f64(size).pointer : p
  const sHat = preconditioner ? team.arena.f64(size).pointer : 0
  return (u, r, watch) => {
    vectors.copy(r, shadow)
    vectors.copy(r, p)
    const shadowNorm = vectors.norm(shadow)
    let rho = shadowNorm * shadowNorm
    if (rho === 0) return 'breakdown'
    for (let iteration = 1; ; iteration++) {
      preconditioner?.apply(p, pHat)
      map.apply(pHat, v)
      const sigma = vectors.dot(shadow, v)
      if (sigma === 0 || !Number.isFinite(sigma)) return iteration > 1 ? 'restart' : 'breakdown'
      const alpha = rho / sigma
      vectors.axpy(alpha, pHat, u)
      // r is s = r − α v from here to the end of the iteration.
      vectors.axpy(-alpha, v, r)
      const s = preconditioner ? sHat : r
      preconditioner?.apply(r, sHat)
      map.apply(s, t)
      const tt = vectors.dot(t, t)
      const omega = tt > 0 ? vectors.dot(t, r) / tt : 0
      vectors.axpy(omega, s, u)
      vectors.axpy(-omega, t, r)
      const norm = vectors.norm(r)
      if (watch(iteration, norm)) return 'stopped'
      const next = vectors.dot(shadow, r)
      if (omega === 0 || Math.abs(next) <= 1e-14 * shadowNorm * norm) return 'restart'
      const beta = (next / rho) * (alpha / omega)
      vectors.axpy(-omega, v, p)
      vectors.axpby(1, r, beta, p)
      rho = next
    }
  }
}
