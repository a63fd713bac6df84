import { error, FaultError } from '../../../fault'
import type { Field } from '../../../fields/field'
import type { Block, Run, Team } from '../../../kernels/team'
import type { AnalysedProblem } from '../../../problems/analysed'
import { diagonalOf } from '../../linear/sparse'
import type { Solution, SolveRequest } from '../../method'
import { uniformGrid } from '../../time/grid'
import { createJetOperators } from '../jets/operators'
import { createSystemEquations, type SystemEquations } from './equations'
import { createJacobian, type Jacobian } from './jacobian'
import { createSteadyLinearSolver, type SteadySolver } from './linear-solver'
import { solveNewton } from './newton'

/**
 * Any steady system on a box or a part of one: rows(x, jets(u)) = 0 at the nodes, with the difference formulas of jets/ of order 2 or 4, solved by Newton's method with the symbolic
 * derivatives of the rows (one step when they are linear).
 *
 * Throws FaultError of the jets (`too-coarse`, `curved-neumann`, `missing-boundary`, `non-finite` …), `singular`, `not-symmetric`, `indefinite-operator`, `out-of-memory`, and `Cancelled`.
 */
export function solveSystem(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, resolution, libm, options } = request
  const { arena } = team
  const mark = arena.mark()
  try {
    const order = (options.order as 2 | 4 | undefined) ?? 2
    run.progress({ stage: 'differences' })
    const grid = uniformGrid(problem.axes, resolution)
    const operators = createJetOperators(problem, grid, order, team, libm)
    const equations = createSystemEquations(problem, operators, team, libm)
    run.throwIfCancelled()
    const state = arena.f64(operators.nodes * operators.components)
    operators.imposeDirichlet(state, 0)
    const scatter = arena.bytes(4 * Math.max(1, equations.unknowns))
    new Int32Array(arena.memory.buffer, scatter, equations.unknowns).set(equations.placeOf)

    run.progress({ stage: 'matrix' })
    const first = arena.f64(equations.unknowns)
    equations.residual(state, first)
    equations.updateCoefficients()
    const jacobian = createJacobian(equations, team)
    jacobian.update()
    orient(equations, jacobian)
    run.throwIfCancelled()
    const solver = createSteadyLinearSolver(jacobian.matrix, { solver: (options.solver as SteadySolver | undefined) ?? 'auto', dimensions: grid.axes.length, definiteness: problem.properties.definiteness }, team)
    run.progress({ stage: solver.name === 'direct' ? 'elimination' : 'preconditioner' })
    refuseSingular(() => solver.update(), problem)
    const newton = options.newton as { readonly maximumSteps?: number } | undefined
    const report = solveNewton(equations, jacobian, solver, state, scatter, {
      tolerance: (options.tolerance as number | undefined) ?? 1e-10, maximumSteps: newton?.maximumSteps ?? 50, maximumIterations: Math.max(200, (options.maximumIterations as number | undefined) ?? 2000),
    }, team, run)
    const shape = resolution.join(' × ')
    run.log('info', `Finite differences of order ${order} on ${shape} nodes; ${solver.name}: ${solver.reason}; ${equations.linear ? `${report.iterations} iterations` : `${report.steps} Newton steps`} to the relative residual ${report.residual.toExponential(2)}.`)
    const failed = report.faults.filter(fault => fault.severity === 'error')
    if (failed.length > 0) throw new FaultError(failed)
    return {
      fields: fieldsOf(problem, grid, state, operators.active),
      arrays: [{ name: 'residuals', values: Float64Array.from(report.residuals) }],
      metrics: { unknowns: equations.unknowns, iterations: equations.linear ? report.iterations : report.steps, linear_iterations: report.iterations, residual: report.residual },
      converged: report.converged,
      faults: report.faults,
    }
  } finally {
    arena.release(mark)
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

/** Turns equations around whose own unknown enters with a negative factor, so that definite operators are positive definite. */
function orient(equations: SystemEquations, jacobian: Jacobian): void {
  const { operators, placeOf, weights } = equations
  const totals = new Float64Array(operators.components)
  diagonalOf(jacobian.matrix).forEach((value, i) => (totals[Math.floor(placeOf[i] / operators.nodes)] += value))
  const view = weights.view()
  placeOf.forEach((at, i) => {
    if (totals[Math.floor(at / operators.nodes)] < 0) view[i] = -view[i]
  })
  jacobian.update()
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
