import { error, FaultError } from '../../../fault'
import type { Block, Pointer, Team } from '../../../kernels/team'
import type { LinearMap, Preconditioner } from '../map'
import { createVectors } from '../vectors'
import { createBicgstab } from './bicgstab'
import { createConjugateGradients } from './cg'
import { createGmres, restartLength } from './gmres'
import { createMinres } from './minres'
import type { Round } from './round'

/** cg: symmetric positive definite; minres: symmetric; gmres, fgmres (the preconditioner may vary) and bicgstab: any matrix. */
export type KrylovMethod = 'cg' | 'minres' | 'gmres' | 'fgmres' | 'bicgstab'

export interface KrylovOptions {
  readonly method: KrylovMethod
  readonly map: LinearMap
  readonly preconditioner?: Preconditioner
  /** Vectors that GMRES keeps before it restarts; 40 by default, fewer where memory is short. */
  readonly restart?: number
}

export interface LinearRun {
  throwIfCancelled(): void
  progress?(update: { readonly iteration: number; readonly residual: number }): void
}

export interface KrylovLimits {
  /** Stop at ‖b − A x‖ ≤ tolerance · ‖b‖ (Euclidean); 1e-10 by default. */
  readonly tolerance?: number
  /** … or at ‖b − A x‖ ≤ this; 0 by default. */
  readonly absoluteTolerance?: number
  /** 1000 by default. */
  readonly maximumIterations?: number
  readonly run?: LinearRun
}

export interface KrylovReport {
  readonly method: KrylovMethod
  readonly converged: boolean
  /** Why it ended. stalled: many iterations without gain, or as good as rounding allows. diverged: not finite any more. */
  readonly stopped: 'tolerance' | 'iterations' | 'stalled' | 'diverged'
  readonly iterations: number
  /** ‖b − A x‖ / ‖b‖, computed anew at the end. */
  readonly residual: number
  /** That quotient at the start and after every iteration (there by the method's own recurrence). */
  readonly residuals: readonly number[]
}

export interface KrylovSolver {
  /** Improves x (its entry is the initial guess). Throws FaultError `indefinite-operator` (cg), `indefinite-preconditioner` (minres), and `Cancelled`. */
  solve(b: Block, x: Block, limits?: KrylovLimits): KrylovReport
}

/** Iterations without a gain of one percent after which a round counts as stalled. */
const patience = 1000

/**
 * A Krylov solver with its vectors in the arena; `solve` may be called again and again.
 *
 *     const solver = createKrylov(team, { method: 'cg', map: mapOf(team, A), preconditioner: incompleteCholesky(team, A) })
 *     const report = solver.solve(b, x, { tolerance: 1e-10, run })
 */
export function createKrylov(team: Team, options: KrylovOptions): KrylovSolver {
  const { method, map } = options
  const { size } = map
  const vectors = createVectors(team, size)
  const r = team.arena.f64(size).pointer
  const round = createRound(team, options)

  function residualNorm(b: Pointer, x: Pointer): number {
    map.apply(x, r)
    vectors.axpby(1, b, -1, r)
    return vectors.norm(r)
  }

  return {
    solve(b, x, { tolerance = 1e-10, absoluteTolerance = 0, maximumIterations = 1000, run } = {}) {
      let current = residualNorm(b.pointer, x.pointer)
      const scale = vectors.norm(b.pointer) || current
      const relative = (norm: number): number => (scale === 0 ? 0 : norm / scale)
      const target = Math.max(tolerance * scale, absoluteTolerance)
      const residuals = [relative(current)]
      let iterations = 0
      let stopped: KrylovReport['stopped'] | undefined = current <= target ? 'tolerance' : undefined
      while (!stopped) {
        const before = current
        let best = before
        let bestAt = 0
        let count = 0
        const end = round(x.pointer, r, (iteration, norm) => {
          count = iteration
          residuals.push(relative(norm))
          run?.throwIfCancelled()
          run?.progress?.({ iteration: iterations + iteration, residual: relative(norm) })
          if (norm < 0.99 * best) {
            best = norm
            bestAt = iteration
          }
          return norm <= target || !Number.isFinite(norm) || iterations + iteration >= maximumIterations || iteration - bestAt >= patience
        })
        iterations += count
        if (end === 'indefinite') throw new FaultError(indefinite())
        current = residualNorm(b.pointer, x.pointer)
        if (residuals.length > 1) residuals[residuals.length - 1] = relative(current)
        if (!Number.isFinite(current)) stopped = 'diverged'
        else if (current <= target) stopped = 'tolerance'
        else if (iterations >= maximumIterations) stopped = 'iterations'
        // A whole round for less than half a percent, or one that says it is done and is not: the next would gain nothing either.
        else if (current > 0.995 * before || count === 0) stopped = 'stalled'
      }
      return { method, converged: stopped === 'tolerance', stopped, iterations, residual: relative(current), residuals }
    },
  }
}

function createRound(team: Team, { method, map, preconditioner, restart }: KrylovOptions): Round {
  const system = { map, preconditioner }
  switch (method) {
    case 'cg': return createConjugateGradients(team, system)
    case 'minres': return createMinres(team, system)
    case 'bicgstab': return createBicgstab(team, system)
    case 'gmres': return createGmres(team, system, restartLength(team.arena, map.size, restart))
    case 'fgmres': return createGmres(team, system, restartLength(team.arena, 2 * map.size, restart), true)
  }
}

const indefinite = () => error('indefinite-operator', 'Conjugate gradients met a direction p with pᵀAp < 0: the operator is not positive definite.', { tip: 'Use "minres" for a symmetric operator or "gmres" for any.' })
