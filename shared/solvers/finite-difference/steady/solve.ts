import { error, FaultError } from '../../../fault'
import type { Field } from '../../../fields/field'
import type { Block, Run, Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import type { Solution, SolveRequest } from '../../method'
import { uniformGrid } from '../../time/grid'
import { checkCompatible } from '../compatibility'
import { createJetOperators } from '../jets/operators'
import { createSystemEquations, type SystemEquations } from './equations'
import { checkDefect, floatingComponents, solveFloating } from './floating'
import type { Jacobian } from './jacobian'
import type { SteadySolver } from './linear-solver'
import { linearise, totalWeight, type LinearisedSystem } from './linearise'
import { solveNewton, type NewtonReport } from './newton'

/**
 * Any steady system on a box or a part of one: rows(x, jets(u)) = 0 at the nodes, with the difference formulas of jets/ of order 2 or 4, solved by Newton's method with the symbolic
 * derivatives of the rows (one step when they are linear). A linear problem that fixes some component only up to a constant is solved with zero mean.
 *
 * Throws FaultError of the jets (`too-coarse`, `curved-neumann`, `missing-boundary`, `non-finite` …), `singular`, `incompatible`, `not-symmetric`, `indefinite-operator`, `out-of-memory`, and `Cancelled`.
 */
export function solveSystem(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, resolution, options } = request
  const mark = team.arena.mark()
  try {
    const order = orderOf(request)
    const system = discretise(request, resolution, team, run)
    const { equations, state, linearised } = system
    const { solver } = linearised
    const floating = 'matrix' in linearised.linearisation ? floatingComponents(equations, (linearised.linearisation as Jacobian).matrix, team) : []
    if (floating.length > 0 && equations.linear) return solveUpToConstants(request, system, floating, team, run)
    if (floating.length > 0) {
      // A nonlinear equation may be singular at 0 only.
      const view = state.view()
      for (const c of floating) view.subarray(c * equations.operators.nodes, (c + 1) * equations.operators.nodes).fill(1)
      equations.residual(state, system.first)
      equations.updateCoefficients()
      linearised.linearisation.update()
    }
    const excess = linearised.floating ? projected(request, system, team) : undefined
    run.progress({ stage: solver.name === 'direct' ? 'elimination' : 'preconditioner' })
    refuseSingular(() => solver.update(), problem)
    const report = solveNewton(equations, linearised.linearisation, solver, state, system.scatter, {
      tolerance: (options.tolerance as number | undefined) ?? 1e-10, maximumSteps: (options.newtonSteps as number | undefined) ?? 50, maximumIterations: (options.maximumIterations as number | undefined) ?? 200,
    }, team, run)
    if (excess) removeMean(equations, state)
    run.log('info', `Finite differences of order ${order} on ${resolution.join(' × ')} nodes; ${solver.name}: ${solver.reason}; ${equations.linear ? `${report.iterations} iterations` : `${report.steps} Newton steps`} to the relative residual ${report.residual.toExponential(2)}.`)
    const failed = report.faults.filter(fault => fault.severity === 'error')
    if (failed.length > 0) throw new FaultError(failed)
    return solutionOf(problem, system, report)
  } finally {
    team.arena.release(mark)
  }
}

const orderOf = ({ options }: SolveRequest): 2 | 4 => (options.order as 2 | 4 | undefined) ?? 2

interface System {
  readonly grid: Field['grid']
  readonly equations: SystemEquations
  readonly state: Block
  /** The residual of the start. */
  readonly first: Block
  readonly scatter: number
  readonly linearised: LinearisedSystem
}

function discretise(request: SolveRequest, resolution: readonly number[], team: Team, run: Run): System {
  const { problem, libm, options } = request
  const { arena } = team
  run.progress({ stage: 'differences' })
  const grid = uniformGrid(problem.axes, resolution)
  const order = orderOf(request)
  const operators = createJetOperators(problem, grid, order, team, libm, problem.system.jet, order === 4 ? 1 : 0)
  const equations = createSystemEquations(problem, operators, team, libm)
  run.throwIfCancelled()
  const state = arena.f64(operators.nodes * operators.components)
  operators.imposeDirichlet(state, 0)
  const scatter = arena.bytes(4 * Math.max(1, equations.unknowns))
  new Int32Array(arena.memory.buffer, scatter, equations.unknowns).set(equations.placeOf)
  const first = arena.f64(Math.max(1, equations.unknowns))
  equations.residual(state, first)
  equations.updateCoefficients()
  if (!first.view().every(Number.isFinite) || !equations.terms.every(term => term.values?.view().every(Number.isFinite) ?? true)) equations.checkFinite()
  run.progress({ stage: 'matrix' })
  const linearised = linearise(problem, equations, (options.solver as SteadySolver | undefined) ?? 'auto', team, libm, () => run.throwIfCancelled())
  run.throwIfCancelled()
  return { grid, equations, state, first, scatter, linearised }
}

/** Checks that a matrix-free elliptic problem without a level has a solution, and projects its equations. */
function projected({ problem, libm }: SolveRequest, { equations, state, first, linearised }: System, team: Team): () => number {
  if (problem.equation.kind === 'elliptic' && linearised.operator) {
    equations.residual(state, first)
    checkCompatible(linearised.operator, problem.equation, first, team, libm)
  }
  return equations.project()
}

function solveUpToConstants(request: SolveRequest, system: System, floating: readonly number[], team: Team, run: Run): Solution {
  const { problem, resolution } = request
  const fine = floatingSolution(system, floating, team)
  const mark = team.arena.mark()
  const coarser = discretise(request, resolution.map((n, a) => (problem.axes[a].periodic ? Math.ceil(n / 2) : Math.ceil((n + 1) / 2))), team, run)
  const coarse = floatingSolution(coarser, floating, team)
  team.arena.release(mark)
  const volume = problem.axes.reduce((v, axis) => v * (axis.upper - axis.lower), 1)
  floating.forEach((c, k) => checkDefect(fine.defects[k], coarse.defects[k], fine.size, orderOf(request), problem.system.components[c].name, volume))
  run.log('info', `Finite differences of order ${orderOf(request)} on ${resolution.join(' × ')} nodes; elimination with zero mean of ${floating.map(c => problem.system.components[c].name).join(', ')}, which nothing else fixes.`)
  return solutionOf(problem, system, { converged: true, steps: 1, iterations: 1, residual: fine.residual, residuals: [1, fine.residual], faults: [] })
}

function floatingSolution({ equations, state, first, scatter, linearised }: System, floating: readonly number[], team: Team): { readonly defects: Float64Array; readonly size: number; readonly residual: number } {
  const { unknowns, weights } = equations
  equations.residual(state, first)
  const b = team.arena.from(first.view().map(value => -value))
  const before = norm(first.view())
  const u = team.arena.f64(unknowns)
  const defects = solveFloating(equations, (linearised.linearisation as Jacobian).matrix, floating, b, u, team)
  team.parallel('stencil.scatterAdd', 0, unknowns, [scatter, 1, u.pointer, state.pointer])
  equations.residual(state, first)
  const w = weights.view()
  const rest = first.view().map((value, i) => {
    const border = floating.indexOf(equations.rowOf[i])
    return border >= 0 ? value + defects[border] * Math.abs(w[i]) : value
  })
  const size = b.view().reduce((sum, value) => sum + Math.abs(value), 0) / totalWeight(weights)
  return { defects, size, residual: before > 0 ? norm(rest) / before : 0 }
}

const norm = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))

/** u ← u − mean, the mean weighted with control volumes. */
function removeMean({ placeOf, weights }: SystemEquations, state: Block): void {
  const [view, w] = [state.view(), weights.view()]
  let [sum, total] = [0, 0]
  placeOf.forEach((at, i) => {
    sum += Math.abs(w[i]) * view[at]
    total += Math.abs(w[i])
  })
  placeOf.forEach(at => (view[at] -= sum / total))
}

function solutionOf(problem: AnalysedProblem, { grid, equations, state }: System, report: NewtonReport): Solution {
  return {
    fields: fieldsOf(problem, grid, state, equations.operators.active),
    arrays: [{ name: 'residuals', values: Float64Array.from(report.residuals) }],
    metrics: { unknowns: equations.unknowns, iterations: equations.linear ? report.iterations : report.steps, linear_iterations: report.iterations, residual: report.residual },
    converged: report.converged,
    faults: report.faults,
  }
}

/** One field per declared unknown, components together; NaN outside the domain. */
export function fieldsOf(problem: AnalysedProblem, grid: Field['grid'], state: Block, active: Uint8Array): Field[] {
  const nodes = active.length
  const view = state.view()
  return problem.unknowns.map(({ name, type, components }) => {
    const values = new Float64Array(components.length * nodes)
    components.forEach((c, k) => {
      for (let node = 0; node < nodes; node++) values[k * nodes + node] = active[node] === 1 ? view[c * nodes + node] : NaN
    })
    const parts = type === 'real' ? undefined : components.map(c => problem.system.components[c].part as string)
    return parts ? { name, grid, components: parts, values } : { name, grid, values }
  })
}

function refuseSingular(work: () => void, problem: AnalysedProblem): void {
  try {
    work()
  } catch (reason) {
    if (!(reason instanceof FaultError) || reason.faults[0].code !== 'singular-matrix') throw reason
    throw new FaultError(error('singular', `The equations for ${problem.unknowns.map(u => u.name).join(', ')} do not determine the solution: their matrix is singular.`, {
      where: { path: 'problem.boundary' }, tip: 'Give a value of every unknown on a part of the boundary, or change the parameter: an eigenvalue makes the operator singular.',
    }))
  }
}
