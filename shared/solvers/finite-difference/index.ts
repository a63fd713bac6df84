import { error, type Fault } from '../../fault'
import type { SolveMethod, SolveRequest } from '../method'
import { checkSize } from '../time/size'
import { solveElliptic } from './elliptic'
import { checkEvolution, evolveFiniteDifference } from './evolution'

/** Arrays of float64 per node that a steady solve holds at most: coefficients, vectors and the coarser grids. */
const ellipticArrays = 24

/** Finite differences of order 2 on boxes of one to three dimensions. */
export const finiteDifference: SolveMethod = {
  check: request => (request.problem.equation.kind === 'elliptic' ? checkElliptic(request) : checkEvolution(request)),
  solve(request, team, run) {
    const { equation } = request.problem
    return equation.kind === 'elliptic' ? solveElliptic(request, equation, team, run) : evolveFiniteDifference(request, team, run)
  },
}

function checkElliptic(request: SolveRequest): Fault[] {
  const { problem, resolution, options } = request
  const faults: Fault[] = []
  resolution.forEach((nodes, axis) => {
    if (!(nodes >= 3)) faults.push(error('too-coarse', `Axis ${problem.axes[axis]?.name ?? axis + 1} has ${nodes} nodes; second differences need at least 3.`, { where: { path: `resolution[${axis}]` }, tip: 'Raise the resolution.' }))
  })
  faults.push(...checkSize(request, ellipticArrays))
  if (options.solver === 'direct' && problem.axes.length > 1) {
    faults.push(error('unsupported-solver', 'The direct solver is for problems in one dimension.', { where: { path: 'solver' }, tip: 'Use "auto" or "cg".' }))
  }
  return faults
}
