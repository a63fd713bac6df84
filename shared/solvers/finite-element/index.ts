import { error, FaultError, type Fault } from '../../fault'
import type { SolveMethod, SolveRequest } from '../method'
import { solveAdaptively } from './adaptive'
import { readOptions } from './descriptor'
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
    const options = readOptions(request.options)
    return options.adaptive ? solveAdaptively(request, { ...options, adaptive: options.adaptive }, team, run) : solveSteady(request, team, run)
  },
}

function checkStatement({ problem, options }: SolveRequest): Fault[] {
  if (readOptions(options).adaptive) {
    const where = { path: 'adaptive' }
    if (problem.axes.length > 2) return [error('adaptive-dimension', 'Adaptive refinement works on lines and in the plane, and this domain has three dimensions.', { where, tip: 'Remove "adaptive" and choose a resolution.' })]
    if (problem.axes.some(a => a.periodic)) return [error('adaptive-periodic', 'Adaptive refinement takes no periodic axes: the meshes of opposite sides would no longer fit.', { where, tip: 'Remove "adaptive", or give the sides conditions of their own.' })]
  }
  if (problem.time) return [error('method-class', 'Finite elements solve steady statements here.', { tip: 'Use finite differences or the spectral method for evolutions.' })]
  try {
    weakForm(problem)
    return []
  } catch (reason) {
    if (reason instanceof FaultError) return [...reason.faults]
    throw reason
  }
}
