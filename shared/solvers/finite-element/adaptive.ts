import type { Run, Team } from '../../kernels/team'
import type { Solution, SolveRequest } from '../method'
import type { FiniteElementOptions } from './descriptor'
import { mark, residualIndicators } from './estimator'
import { name, raise, number, add } from '../../expressions'
import { bisect } from './mesh/bisect'
import { meshOfDomain } from './mesh/domain'
import { fieldsOf, metricsOf, solveOnMesh } from './steady'
import { weakForm } from './weak-form'

/**
 * Solve, estimate, mark, refine, until the mesh has the unknowns asked for or the estimate is small beside ‖∇u_h‖. Arrays `estimate` (η of every mesh), `unknowns`, and `indicators` (η_K of the last mesh, one per cell).
 */
export function solveAdaptively(request: SolveRequest, options: FiniteElementOptions & { readonly adaptive: NonNullable<FiniteElementOptions['adaptive']> }, team: Team, run: Run): Solution {
  const { problem, libm } = request
  const { maximumUnknowns, fraction, tolerance } = options.adaptive
  const form = weakForm(problem)
  const time = problem.time?.[0] ?? 0
  const estimates: number[] = []
  const unknowns: number[] = []
  const squareGradient = form.jets.flatMap(list => list.slice(1)).map(jet => raise(name(jet), number(2))).reduce(add)
  for (let domain = meshOfDomain(problem, request.resolution, libm); ; ) {
    const level = team.arena.mark()
    try {
      const { space, discretisation, values, result } = solveOnMesh(request, options, form, domain, team, run)
      const scalars = [time, ...space.floating.map(() => 0)]
      const squares = residualIndicators(team, discretisation, values, scalars, libm)
      const estimate = Math.sqrt(squares.reduce((a, b) => a + b, 0))
      const size = Math.sqrt(Math.max(0, discretisation.integral(squareGradient, values, libm, scalars)))
      estimates.push(estimate)
      unknowns.push(space.unknowns)
      run.progress({ stage: `mesh ${estimates.length}: ${space.unknowns} unknowns`, fraction: Math.min(1, space.unknowns / maximumUnknowns), residual: size > 0 ? estimate / size : estimate })
      run.series('estimate', estimates.length - 1, estimate)
      run.throwIfCancelled()
      const reached = tolerance !== undefined && estimate <= tolerance * size
      if (reached || space.unknowns >= maximumUnknowns || estimate === 0 || !result.converged) {
        const missed = tolerance !== undefined && !reached && result.converged
        return {
          fields: fieldsOf(problem, space, values),
          arrays: [
            { name: 'residuals', values: Float64Array.from(result.residuals) }, { name: 'estimate', values: Float64Array.from(estimates) },
            { name: 'unknowns', values: Float64Array.from(unknowns) }, { name: 'indicators', values: squares.map(s => Math.sqrt(s)) },
          ],
          metrics: { ...metricsOf(space, result), estimate, meshes: estimates.length }, converged: result.converged && !missed,
          faults: missed
            ? [...result.faults, { severity: 'warning', code: 'not-converged', message: `The estimated error is ${(estimate / size).toPrecision(2)} of the solution's size after ${space.unknowns} unknowns; ${tolerance} was asked for.`, tip: 'Allow more unknowns, or use degree 2.' }]
            : result.faults,
        }
      }
      domain = bisect(domain, mark(squares, fraction))
    } finally {
      team.arena.release(level)
    }
  }
}
