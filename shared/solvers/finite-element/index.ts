import { error, FaultError, type Fault } from '../../fault'
import type { SolveMethod, SolveRequest } from '../method'
import { checkDomain } from './mesh/domain'
import { solveSteady } from './steady'
import { weakForm } from './weak-form'

/** Lagrange finite elements of degree 1 and 2 on segments, triangles and tetrahedra. */
export const finiteElement: SolveMethod = {
  check(request) {
    const faults = checkDomain(request.problem)
    return faults.length > 0 ? faults : checkStatement(request)
  },
  solve(request, team, run) {
    return solveSteady(request, team, run)
  },
}

function checkStatement({ problem }: SolveRequest): Fault[] {
  if (problem.time) return [error('method-class', 'Finite elements solve steady statements here.', { tip: 'Use finite differences or the spectral method for evolutions.' })]
  try {
    weakForm(problem)
    return []
  } catch (reason) {
    if (reason instanceof FaultError) return [...reason.faults]
    throw reason
  }
}
