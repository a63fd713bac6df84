import { error, type Fault } from '../../../fault'
import type { Block, Pointer, Run, Team } from '../../../kernels/team'
import { createVectors } from '../../linear/vectors'
import type { SystemEquations } from './equations'
import type { SteadyLinearSolver } from './linear-solver'

export interface NewtonOptions {
  /** ‖residual‖ ≤ tolerance · ‖residual of the start‖. */
  readonly tolerance: number
  readonly maximumSteps: number
  /** Iterations of the linear solver in one step. */
  readonly maximumIterations: number
}

export interface NewtonReport {
  readonly converged: boolean
  readonly steps: number
  /** Of the linear solver, all steps together. */
  readonly iterations: number
  readonly residual: number
  readonly residuals: readonly number[]
  readonly faults: readonly Fault[]
}

/** ∂R/∂u, as a matrix or not. */
export interface Linearisation {
  /** Takes the coefficients of the last `updateCoefficients`. */
  update(): void
  largestDiagonal(): number
}

const machineEpsilon = 2.220446049250313e-16
/** Shortest step of the line search. */
const shortest = 1 / 4096

/**
 * Newton's method u ← u − λ J⁻¹ R(u): inexact steps with the forcing terms η of S. C. Eisenstat, H. F. Walker, SIAM J. Sci. Comput. 17 (1996), doi:10.1137/0917003 (choice 2), and a line search
 * ‖R(u + λδ)‖ ≤ (1 − 10⁻⁴ λ) ‖R(u)‖ by halving (C. T. Kelley, *Iterative Methods for Linear and Nonlinear Equations*, SIAM 1995, doi:10.1137/1.9781611970944). One step solves a linear system.
 * `state` holds the start with its Dirichlet values and, when it ends — converged or not —, the best iterate.
 */
export function solveNewton(equations: SystemEquations, jacobian: Linearisation, solver: SteadyLinearSolver, state: Block, scatter: Pointer, options: NewtonOptions, team: Team, run: Run): NewtonReport {
  const { unknowns, linear } = equations
  const { arena } = team
  const vectors = createVectors(team, unknowns)
  const whole = createVectors(team, state.length)
  const [residual, delta, trial] = [arena.f64(unknowns), arena.f64(unknowns), arena.f64(state.length)]
  const move = (factor: number, target: Block): void => team.parallel('stencil.scatterAdd', 0, unknowns, [scatter, factor, delta.pointer, target.pointer], { grain: 4096 })
  const norm = (at: Block): number => {
    equations.residual(at, residual)
    return vectors.norm(residual.pointer)
  }

  let current = norm(state)
  const scale = current
  const residuals = [1]
  const faults: Fault[] = []
  let steps = 0
  let iterations = 0
  let forcing = 0.3
  if (!Number.isFinite(current)) return { converged: false, steps, iterations, residual: NaN, residuals: [NaN], faults: [notFinite()] }
  const limit = linear ? 4 : options.maximumSteps
  if (!linear) run.series('residuals', 0, 1)
  let done = current <= 1e-300
  while (!done && steps < limit) {
    run.throwIfCancelled()
    if (steps > 0 && !linear) {
      equations.updateCoefficients()
      jacobian.update()
      solver.update()
    }
    vectors.scale(-1, residual.pointer, residual.pointer)
    const target = linear ? (0.5 * options.tolerance * scale) / current : Math.max(forcing, (0.1 * options.tolerance * scale) / current)
    const before = iterations
    const report = solver.solve(residual, delta, target, options.maximumIterations, {
      throwIfCancelled: () => run.throwIfCancelled(),
      progress: ({ iteration, residual: r }) => {
        run.progress({ stage: linear ? `${solver.name} iteration ${iteration}` : `Newton step ${steps + 1}, ${solver.name} iteration ${iteration}`, step: before + iteration, residual: (r * current) / scale })
        run.series(linear ? 'residuals' : 'residuals_linear', before + iteration, (r * current) / scale)
      },
    })
    iterations += report.iterations
    if (linear && solver.name !== 'direct') residuals.push(...report.residuals.slice(1).map(r => (r * current) / scale))
    let factor = 1
    let next = NaN
    for (; factor >= shortest; factor /= 2) {
      whole.copy(state.pointer, trial.pointer)
      move(factor, trial)
      next = norm(trial)
      if (next <= (1 - 1e-4 * factor) * current) break
    }
    steps++
    run.progress({ stage: `${linear ? 'solve' : 'Newton step'} ${steps}`, step: steps, residual: next / scale })
    if (!linear) run.series('residuals', steps, next / scale)
    // What rounding alone leaves of the residual.
    const floor = 8 * machineEpsilon * jacobian.largestDiagonal() * whole.norm(trial.pointer)
    if (!(factor >= shortest)) {
      norm(state)
      done = current <= Math.max(Math.min(floor, 1e-6 * scale), options.tolerance * scale)
      if (!done) faults.push(linear ? notSolved(solver.name, iterations, current / scale, options.tolerance) : stalled(steps, current / scale))
      break
    }
    whole.copy(trial.pointer, state.pointer)
    const drop = next / current
    forcing = Math.min(0.3, Math.max(0.9 * drop * drop, forcing > 0.33 ? forcing * forcing : 0))
    current = next
    residuals.push(current / scale)
    done = current <= options.tolerance * scale || (current <= floor && drop > 0.5 && current <= 1e-6 * scale)
    if (!done && linear && !report.converged) break
  }
  if (!done && faults.length === 0) faults.push(linear ? notSolved(solver.name, iterations, current / scale, options.tolerance) : outOfSteps(steps, current / scale, options.tolerance))
  return { converged: done, steps, iterations, residual: scale > 0 ? current / scale : 0, residuals, faults }
}

const digits = (value: number): string => value.toExponential(1)

const notFinite = (): Fault => error('non-finite', 'The equation is not finite for u = 0 with the given boundary values, where the nonlinear iteration starts.', { where: { path: 'problem.equations' }, tip: 'Write it so that it is finite there, for example with if(condition, value, otherwise).' })

const stalled = (steps: number, residual: number): Fault => ({
  severity: 'warning', code: 'newton-stalled', message: `Newton's method stalled after ${steps} steps at the relative residual ${digits(residual)}: no step along its direction makes the residual smaller.`,
  tip: 'The problem may have no solution for these parameters, or one far from the start: change a parameter in small steps. The last iterate is kept.',
})

const outOfSteps = (steps: number, residual: number, tolerance: number): Fault => ({
  severity: 'warning', code: 'not-converged', message: `Newton's method did not converge: after ${steps} steps the relative residual is ${digits(residual)}, above the tolerance ${tolerance}.`, tip: 'Allow more steps (newtonSteps) or a larger tolerance. The last iterate is kept.',
})

const notSolved = (solver: string, iterations: number, residual: number, tolerance: number): Fault => ({
  severity: 'warning', code: 'not-converged', message: `The linear solver ${solver} did not converge: after ${iterations} iterations the relative residual is ${digits(residual)}, above the tolerance ${tolerance}.`,
  tip: 'Allow more iterations, use the solver "direct" where the size allows, or a larger tolerance.',
})
