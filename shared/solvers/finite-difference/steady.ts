import { freeNames } from '../../expressions'
import { error, type Fault } from '../../fault'
import type { Run, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import { jumpingCoefficient } from '../jumping-coefficient'
import type { Solution, SolveRequest } from '../method'
import { checkSize } from '../time/size'
import { checkEigen, solveEigenvalues } from './eigen'
import { solveElliptic } from './elliptic'
import { choosePath, isBox } from './steady/path'
import { solveSystem } from './steady/solve'

/** Arrays of float64 per node that a steady solve holds at most: coefficients, vectors and the coarser grids of multigrid; formulas and factors of a system (per component). */
const arrays = { multigrid: 24, system: 60 }

/** What finite differences do not cover, told before anything is computed. */
export function checkSteady(request: SolveRequest): Fault[] {
  const { problem, resolution, options } = request
  const refuse = (code: string, message: string, tip: string, path = 'method'): Fault => error(code, message, { where: { path }, tip })
  if (problem.axes.length === 0) return [refuse('unsupported-dimension', 'Finite differences cover one to three dimensions: a grid in more has too many nodes.', 'Use a neural method, or a problem in fewer dimensions.')]
  if (problem.eigenvalue) return checkEigen(request)
  const order = (options.order as number | undefined) ?? 2
  const highest = problem.properties.orderInSpace
  const faults: Fault[] = []
  resolution.forEach((nodes, axis) => {
    const least = problem.axes[axis]?.periodic ? highest + order - 1 : Math.max(3, highest + order + (order === 4 ? 1 : 0))
    if (!(nodes >= least)) {
      faults.push(refuse('too-coarse', `Axis ${problem.axes[axis]?.name ?? axis + 1} has ${nodes} nodes; differences of order ${order} for derivatives of order ${highest} need at least ${least}.`, 'Raise the resolution.', `resolution[${axis}]`))
    }
  })
  const multiplier = multiplierOf(problem)
  if (multiplier !== undefined) {
    faults.push(refuse('unsupported-class', `Differences on one grid cannot hold ${multiplier}: it enters by first derivatives only and its own equation does not contain it, as the pressure of an incompressible flow.`, 'Use "finite-element", or state the flow by its stream function.'))
  }
  const path = choosePath(request)
  faults.push(...checkSize(request, path.kind === 'multigrid' ? arrays.multigrid : arrays.system * problem.system.components.length))
  const jump = path.kind === 'system' ? jumpingCoefficient(problem) : undefined
  if (jump) {
    faults.push(refuse('discontinuous-coefficient', `The factor of ${jump} jumps, and differences ${order === 4 ? 'of order 4 ' : ''}of the written-out equation miss that the flux does not.`,
      problem.equation.kind === 'elliptic' && isBox(problem) ? 'Use order 2, which takes differences of fluxes.' : 'Use "finite-element".', problem.equation.kind === 'elliptic' && isBox(problem) ? 'order' : 'method'))
  }
  if (path.kind === 'refused') faults.push(refuse('unsupported-solver', path.message, path.tip, 'solver'))
  return faults
}

/** A component that multiplies a constraint (the pressure beside div v = 0): central differences see only every second of its nodes. */
function multiplierOf({ system: { components, rows, jet } }: AnalysedProblem): string | undefined {
  return components.find((_, c) => {
    const own = jet.filter(entry => entry.component === c)
    const inOwnRow = own.some(entry => freeNames(rows[c].expression).has(entry.name))
    return own.length > 0 && !inOwnRow && own.every(({ orders: [x, y, z] }) => x + y + z === 1)
  })?.name
}

/** Solves a steady statement by the path that suits it; see steady/path.ts. */
export function solveSteady(request: SolveRequest, team: Team, run: Run): Solution {
  if (request.problem.equation.kind === 'eigen') return solveEigenvalues(request, request.problem.equation, team, run)
  const path = choosePath(request)
  if (path.kind === 'multigrid') return solveElliptic(request, path.equation, team, run)
  return solveSystem(request, team, run)
}
