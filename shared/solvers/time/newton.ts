import { FaultError, error } from '../../fault'
import type { Block, Team } from '../../kernels/team'
import { createVectorOperations, type SemiDiscreteSystem } from './system'

/** What Newton's iteration for u − c F(time, u) = known needs from a discretisation. */
export interface NewtonParts {
  readonly size: number
  readonly parts?: readonly number[]
  /** F, for the residual known + c F − u … */
  rate?(time: number, state: Block, out: Block): void
  /** … or the residual itself, where some rows are constraints; its prescribed entries are 0. */
  residual?(time: number, c: number, known: Block, u: Block, out: Block): void
  /** Takes J = ∂F/∂u at a state; called before the solves that use it. */
  linearise(time: number, state: Block): void
  /**
   * Solves (I − c J) correction = residual, to the given relative residual. Prescribed entries of the residual are 0 and stay 0. Returns false when it did not get there.
   */
  solveShifted(c: number, residual: Block, correction: Block, tolerance: number): boolean
  impose?(time: number, state: Block): void
  /** Zeroes the prescribed entries of a residual. */
  free?(residual: Block): void
}

const mostIterations = 12

/**
 * Newton's iteration with a linear solver of the discretisation's own as `solveStage` of an implicit part (system.ts). J is taken anew in every iteration until the correction shrinks by
 * a factor ten or more, then kept for the rest of the stage: what a stage computes depends on its arguments only, so a resumed run has the same bits.
 */
export function createNewtonStage(parts: NewtonParts, team: Team): (time: number, c: number, known: Block, u: Block, tolerance: number) => void {
  const { arena } = team
  const [rate, residual, correction] = [arena.f64(parts.size), arena.f64(parts.size), arena.f64(parts.size)]
  const vectors = createVectorOperations(parts as Pick<SemiDiscreteSystem, 'size' | 'parts'>, 2, team)
  return (time, c, known, u, tolerance) => {
    parts.impose?.(time, u)
    let last = Infinity
    let fresh = true
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      if (parts.residual) parts.residual(time, c, known, u, residual)
      else {
        parts.rate!(time, u, rate)
        vectors.combine(1, known, [[c, rate], [-1, u]], residual)
        parts.free?.(residual)
      }
      if (fresh) parts.linearise(time, u)
      const solved = parts.solveShifted(c, residual, correction, Math.min(1e-2, Math.max(1e-13, last === Infinity ? 1e-3 : 0.1 * Math.min(last, 1))))
      const size = vectors.relativeError(correction, u)
      if (!Number.isFinite(size) || (!solved && !(size < last))) break
      vectors.combine(1, u, [[1, correction]], u)
      if (size <= tolerance || size < 1e-15) return
      // What the next correction will be, when the convergence goes on as it did: no need to compute it.
      if (last < Infinity && size < 0.1 * last && size * (size / last) <= 0.1 * tolerance) return
      if (iteration >= 3 && size > 2 * last) break
      fresh = size > 0.1 * last || iteration === 0
      last = size
    }
    throw new FaultError(error('not-converged', `Newton's iteration for the time step at t = ${Number(time.toPrecision(6))} did not converge: its last correction was ${Number(last.toPrecision(2))} of the solution.`, {
      where: { path: 'time' }, tip: 'Choose a shorter time step, a larger tolerance, or another time method.',
    }))
  }
}
