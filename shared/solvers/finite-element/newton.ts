import type { Fault } from '../../fault'
import type { FaultError } from '../../fault'
import type { Run, Team } from '../../kernels/team'
import type { Discretisation } from './discretisation'
import { nonFinite } from './discretisation'
import { LinearSystem, type LinearOptions } from './linear-solve'

export interface NewtonResult {
  readonly converged: boolean
  /** Newton steps; one for linear problems. */
  readonly steps: number
  /** Iterations of linear solvers in all; a factorisation counts as one. */
  readonly iterations: number
  /** ‖R‖ at the end beside that of the start. */
  readonly residual: number
  readonly residuals: readonly number[]
  readonly faults: readonly Fault[]
}

/** Changes of values beside circles, relative to the values, below which they are as good as the rest; and rounds at most. */
const curvedTolerance = 1e-9
const curvedRounds = 12

/** Halvings of a step that would make the residual larger. */
const halvings = 10

/**
 * R(u) = 0 by Newton's method with the symbolic derivative; a step that does not reduce ‖R‖ is halved. `u` holds the start and its boundary values, and the result.
 * Linear statements take one step.
 */
export function newton(
  team: Team, run: Run, discretisation: Discretisation, u: Float64Array, scalars: readonly number[], options: LinearOptions & { readonly maximumSteps: number },
): NewtonResult {
  const mark = team.arena.mark()
  const residuals = [1]
  const faults: Fault[] = []
  let iterations = 0
  let steps = 0
  let residual = discretisation.linearise(u, scalars)
  let norm = norm2(residual)
  if (!Number.isFinite(norm)) throw nonFiniteResidual(discretisation, residual)
  const first = norm
  const { linear, matrix } = discretisation
  const system = new LinearSystem(team, run, matrix, discretisation.isSymmetric() && linear, linear ? { ...options, curve: 'residuals' } : { ...options, curve: 'residuals_linear', tolerance: Math.min(1e-6, 1e3 * options.tolerance) })
  if (!linear) run.series('residuals', 0, 1)
  let converged = first === 0 || discretisation.space.unknowns === 0
  while (!converged && steps < options.maximumSteps) {
    run.throwIfCancelled()
    system.renew()
    const solution = system.solve(residual.map(v => -v))
    iterations += solution.iterations
    faults.push(...solution.faults)
    steps++
    if (linear) {
      discretisation.update(u, solution.x)
      residuals.push(...solution.residuals.slice(1))
      converged = solution.converged
      norm = solution.residual * first
      for (let round = 0; round < curvedRounds && converged && discretisation.correctCurved(u) > curvedTolerance; round++) {
        const again = system.solve(discretisation.residual(u, scalars).map(v => -v))
        iterations += again.iterations
        discretisation.update(u, again.x)
      }
      break
    }
    const before = norm
    let scale = 1
    for (let halved = 0; ; halved++) {
      discretisation.update(u, solution.x, halved === 0 ? 1 : -scale)
      norm = norm2(discretisation.residual(u, scalars))
      if (norm < (1 - 0.1 * scale) * before || norm <= options.tolerance * first || halved === halvings) break
      scale /= 2
    }
    residuals.push(norm / first)
    run.progress({ stage: `Newton step ${steps}`, residual: norm / first })
    run.series('residuals', steps, norm / first)
    if (!Number.isFinite(norm)) {
      // Back to the last state that was finite.
      discretisation.update(u, solution.x, -scale)
      norm = before
      break
    }
    // As good as rounding allows counts too.
    const solved = norm <= options.tolerance * first || norm2(solution.x) * scale <= 1e-13 * norm2(u)
    converged = discretisation.correctCurved(u) <= curvedTolerance && solved
    if (!converged && scale <= 2 ** -halvings) break
    if (!converged) {
      residual = discretisation.linearise(u, scalars)
      norm = norm2(residual)
    }
  }
  team.arena.release(mark)
  if (!converged && !linear) faults.push(notConverged(norm / first, steps))
  return { converged, steps, iterations, residual: first === 0 ? 0 : norm / first, residuals, faults }
}

const notConverged = (residual: number, steps: number): Fault => ({
  severity: 'warning', code: 'not-converged', message: `Newton's method did not converge: after ${steps} ${steps === 1 ? 'step' : 'steps'} the residual is ${residual.toPrecision(2)} of that at the start.`,
  tip: 'Use a finer resolution or milder parameters, or march the time-dependent problem to its steady state.',
})

export const norm2 = (v: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i]
  return Math.sqrt(sum)
}

function nonFiniteResidual({ space }: Discretisation, residual: Float64Array): FaultError {
  return nonFinite('The equation', space, space.unknownOf.indexOf(residual.findIndex(v => !Number.isFinite(v))))
}

