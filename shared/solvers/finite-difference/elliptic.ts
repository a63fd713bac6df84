import { error, FaultError, type Fault } from '../../fault'
import type { Block, Run, Team } from '../../kernels/team'
import type { EllipticEquation } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import type { Relaxation } from '../linear/sor'
import type { SolverName, SolverReport } from '../multigrid/interface'
import { createEllipticOperator, type DiscreteOperator } from '../multigrid/operator'
import type { CycleName } from '../multigrid/hierarchy'
import { sample } from '../multigrid/sample'
import { nodeGrain } from '../multigrid/shape'
import type { SmootherName } from '../multigrid/smoother'
import { createLinearSolver } from '../multigrid/solver'
import { uniformGrid } from '../time/grid'
import { checkCompatible } from './compatibility'
import { createFastPoissonSolver } from './fast-poisson'
import { largestPeclet } from './peclet'

/**
 * −Σ∂ᵢ(aᵢ∂ᵢu) + Σbᵢ∂ᵢu + cu = f on a box, Dirichlet, Neumann, Robin and periodic sides: second order in flux form, by multigrid.
 *
 * A problem that fixes its solution only up to a constant (no Dirichlet or Robin condition, c = 0) is solved with zero mean when its source
 * balances the boundary fluxes, and refused otherwise. Throws FaultError `not-elliptic`, `non-finite`, `incompatible`, `out-of-memory`, and `Cancelled`.
 */
export function solveElliptic(request: SolveRequest, equation: EllipticEquation, team: Team, run: Run): Solution {
  const { problem, resolution, libm, options } = request
  const mark = team.arena.mark()
  try {
    run.progress({ stage: 'coefficients' })
    const grid = uniformGrid(problem.axes, resolution)
    const operator = createEllipticOperator({ linear: equation.operator, boundary: problem.boundary, grid, elliptic: true }, team, libm)
    const F = rightHandSide(operator, equation, team, libm)
    run.throwIfCancelled()
    run.progress({ stage: 'coarse grids' })
    const tolerance = (options.tolerance as number | undefined) ?? 1e-10
    const maximumIterations = (options.maximumIterations as number | undefined) ?? 200
    const solver = options.solver === 'fast-poisson'
      ? createFastPoissonSolver(equation.operator, operator, tolerance, team, libm)
      : createLinearSolver(operator, {
          shift: 0, tolerance, maximumIterations, solver: options.solver as SolverName | undefined, smoother: options.smoother as SmootherName | undefined,
          cycle: options.cycle as CycleName | undefined, relaxation: options.relaxation as Relaxation | undefined,
        }, team)
    if (solver.singular) checkCompatible(operator, equation, F, team, libm)
    run.throwIfCancelled()
    const u = team.arena.f64(operator.size)
    operator.imposeDirichlet(u)
    const stage = solver.name === 'fast-poisson' ? 'transforms' : solver.name === 'multigrid' ? 'multigrid cycle' : solver.name === 'direct' ? 'elimination' : `${solver.name} iteration`
    const report = solver.solve(F, u, true, {
      throwIfCancelled: () => run.throwIfCancelled(),
      progress: ({ iteration, residual }) => {
        run.progress({ stage: `${stage} ${iteration}`, step: iteration, residual, fraction: fractionOf(residual, tolerance) })
        run.series('residuals', iteration, residual)
      },
    })
    const faults = [...pecletWarning(operator), ...convergenceWarning(report, tolerance)]
    const values = u.view().slice()
    if (!values.every(Number.isFinite)) {
      throw new FaultError(error('non-finite', `The linear solver ${report.solver} diverged: ${problem.unknown} is not finite any more.`, { tip: 'Try the solver "gmres", or check the sign of the coefficients.' }))
    }
    run.log('info', `Finite differences of order 2 on ${resolution.join(' × ')} nodes; ${report.solver}: ${report.iterations} iterations to the relative residual ${report.residual.toExponential(2)}.`)
    return {
      fields: [{ name: problem.unknown, grid, values }],
      arrays: [{ name: 'residuals', values: Float64Array.from(report.residuals) }],
      metrics: { unknowns: operator.size - operator.discretisation.fixedNodes.length, iterations: report.iterations, residual: report.residual, convergence_factor: convergenceFactor(report) },
      converged: report.converged,
      faults,
    }
  } finally {
    team.arena.release(mark)
  }
}

/** Source times control volume plus the natural boundary data; 0 at fixed nodes. */
function rightHandSide(operator: DiscreteOperator, equation: EllipticEquation, team: Team, libm: SolveRequest['libm']): Block {
  const { size, load, uniformVolume, discretisation: { coordinates, dimensions } } = operator
  const F = team.arena.f64(size)
  sample(team, equation.source, coordinates, dimensions, 0, libm, 'source', F)
  if (uniformVolume !== undefined) {
    team.parallel('vectors.scale', 0, size, [uniformVolume, F.pointer, F.pointer], { grain: nodeGrain })
    return F
  }
  const { pointer: volumes } = operator.volumes
  const { pointer: free } = operator.free
  team.parallel('vectors.multiply', 0, size, [volumes, F.pointer, F.pointer], { grain: nodeGrain })
  if (load) team.parallel('vectors.axpy', 0, size, [1, load.pointer, F.pointer], { grain: nodeGrain })
  team.parallel('vectors.multiply', 0, size, [free, F.pointer, F.pointer], { grain: nodeGrain })
  return F
}

/** Residuals fall by a factor per iteration, so the bar moves with the decades gone. */
function fractionOf(residual: number, tolerance: number): number {
  if (!(residual > tolerance)) return 1
  return residual >= 1 ? 0 : Math.min(0.99, decades(residual) / decades(tolerance))
}

/** −log₁₀ without a logarithm: enough for a progress bar. */
function decades(value: number): number {
  let count = 0
  let rest = value
  while (rest < 0.1 && count < 30) {
    rest *= 10
    count++
  }
  return count + (1 - rest) / 0.9
}

/** Geometric mean of the last factors between residuals (the first drop, full multigrid's or Krylov's start, is not typical). */
function convergenceFactor({ residuals }: Pick<SolverReport, 'residuals'>): number {
  const last = residuals.length - 1
  const first = Math.min(1, last)
  if (last === first || residuals[first] === 0) return last > 0 && residuals[0] > 0 ? residuals[last] / residuals[0] : 0
  return root(residuals[last] / residuals[first], last - first)
}

/** x^(1/n) for 0 < x by Newton's iteration on y ↦ yⁿ, in plain multiplications so that every host has the same bits. */
function root(x: number, n: number): number {
  let y = 1
  for (let i = 0; i < 2000 && x > 0; i++) {
    let power = 1
    for (let k = 1; k < n; k++) power *= y
    const next = y - (power * y - x) / (n * power)
    if (Math.abs(next - y) <= 1e-15 * Math.abs(y)) return next
    y = next
  }
  return x > 0 ? y : 0
}

function pecletWarning(operator: DiscreteOperator): Fault[] {
  const peclet = largestPeclet(operator)
  if (!(peclet > 2)) return []
  return [{
    severity: 'warning', code: 'cell-peclet', message: `Advection dominates: the cell Péclet number reaches ${Number(peclet.toPrecision(3))}, and central differences oscillate in layers where it exceeds 2.`,
    tip: `Use about ${Math.ceil(peclet / 2)} times the nodes per axis where the field shows wiggles.`,
  }]
}

function convergenceWarning(report: Omit<SolverReport, 'solver'> & { readonly solver: string }, tolerance: number): Fault[] {
  if (report.converged) return []
  return [{
    severity: 'warning', code: 'not-converged',
    message: `The linear solver ${report.solver} did not converge: after ${report.iterations} iterations the relative residual is ${report.residual.toExponential(1)}, above the tolerance ${tolerance}.`,
    tip: 'The operator may be indefinite, dominated by advection or nearly singular: allow more iterations or use more nodes.',
  }]
}
