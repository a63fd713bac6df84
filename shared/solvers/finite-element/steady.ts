import { meshCells, type MeshField } from '../../fields/mesh'
import type { Run, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import { readOptions, type FiniteElementOptions } from './descriptor'
import { Discretisation } from './discretisation'
import { balances, shiftMeans } from './floating'
import { meshOfDomain } from './mesh/domain'
import type { DomainMesh } from './mesh/domain-mesh'
import { newton, type NewtonResult } from './newton'
import { pecletWarning } from './peclet'
import { fillMidpoints, type Space } from './space'
import { weakForm, type WeakForm } from './weak-form'

/** Unknowns up to which auto factors: fill grows like N log N in the plane and N^{4/3} in space, work like N^{3/2} and N². */
export const directUpTo = (dimension: number): number => [4_000_000, 600_000, 6_000][dimension - 1]

/** A steady statement on one mesh. */
export interface SteadySolve {
  readonly space: Space
  readonly discretisation: Discretisation
  /** `[component, node]`. */
  readonly values: Float64Array
  readonly result: NewtonResult
}

export function solveSteady(request: SolveRequest, team: Team, run: Run): Solution {
  const options = readOptions(request.options)
  const form = weakForm(request.problem)
  const domain = meshOfDomain(request.problem, request.resolution, request.libm)
  const mark = team.arena.mark()
  try {
    const { space, values, result } = solveOnMesh(request, options, form, domain, team, run)
    return {
      fields: fieldsOf(request.problem, space, values), arrays: [{ name: 'residuals', values: Float64Array.from(result.residuals) }],
      metrics: metricsOf(space, result), converged: result.converged, faults: result.faults,
    }
  } finally {
    team.arena.release(mark)
  }
}

export const metricsOf = (space: Space, result: NewtonResult): Record<string, number> => ({ unknowns: space.unknowns, cells: meshCells(space.mesh), iterations: result.iterations, residual: result.residual, newton_steps: result.steps })

/** Solves on a given mesh. What it allocates stays in the arena until the caller releases its mark. */
export function solveOnMesh(request: SolveRequest, options: FiniteElementOptions, form: WeakForm, domain: DomainMesh, team: Team, run: Run, start?: (space: Space) => Float64Array): SteadySolve {
  const { problem, libm } = request
  run.progress({ stage: 'assembling' })
  const discretisation = new Discretisation(team, problem, form, domain, options.order, libm)
  const { space } = discretisation
  const values = start?.(space) ?? new Float64Array(form.rows.length * space.nodes)
  const time = problem.time?.[0] ?? 0
  discretisation.impose(values, time)
  const scalars = [time, ...balances(discretisation, values, time, libm)]
  const result = newton(team, run, discretisation, values, scalars, { ...options, directUpTo: directUpTo(form.dimension), maximumSteps: options.newtonSteps })
  shiftMeans(discretisation, values, libm)
  fillMidpoints(space, values)
  const warnings = pecletWarning(team, discretisation, values, scalars, options.order, libm)
  return { space, discretisation, values, result: { ...result, faults: [...result.faults, ...warnings] } }
}

/** The fields of the unknowns with their components; `values` are `[component, node]`. */
export function fieldsOf(problem: AnalysedProblem, space: Space, values: Float64Array): MeshField[] {
  return problem.unknowns.map(unknown => {
    const parts = unknown.components.map(c => problem.system.components[c])
    const out = new Float64Array(unknown.components.length * space.nodes)
    unknown.components.forEach((c, i) => out.set(values.subarray(c * space.nodes, (c + 1) * space.nodes), i * space.nodes))
    return { name: unknown.name, mesh: space.mesh, ...(parts.length > 1 && { components: parts.map((part, i) => part.part ?? String(i)) }), values: out }
  })
}
