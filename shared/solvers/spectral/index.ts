import { freeNames } from '../../expressions'
import { error, FaultError, type Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'
import { jumpingCoefficient } from '../jumping-coefficient'
import type { SolveMethod, SolveRequest } from '../method'
import { readTimeOptions } from '../time/options'
import { refuseTraction } from '../traction'
import { checkSize } from '../time/size'
import { eliminateConstraints } from './algebra'
import { evolveCollocation, mostUnknowns, solveCollocation } from './collocation/solve'
import { solveSpectralElliptic } from './elliptic'
import { evolveSpectral } from './evolution'
import { isSolvedByModes, solveSpectralSteady } from './steady'
import { modeAxes } from './wavenumbers'

/** Fourier modes on fully periodic boxes of one to three axes; collocation on Chebyshev nodes where an axis is bounded. */
export const spectral: SolveMethod = {
  check(request) {
    const { problem } = request
    const faults: Fault[] = []
    if (problem.geometry || problem.cube || problem.axes.length === 0) {
      return [error('needs-box', 'The spectral method takes boxes of one to three dimensions.', { where: { path: 'method' }, tip: 'Use "finite-element" or "finite-difference" on other domains.' })]
    }
    if (problem.equation.kind === 'eigen' || problem.eigenvalue) return [error('unsupported-class', 'The spectral method does not take eigenproblems.', { where: { path: 'method' }, tip: 'Use "finite-difference" or "finite-element".' })]
    const loaded = refuseTraction(problem, 'The spectral method')
    if (loaded.length > 0) return loaded
    const jump = jumpingCoefficient(problem)
    if (jump) return [error('discontinuous-coefficient', `The factor of ${jump} jumps, so the solution has kinks that no spectral basis follows.`, { where: { path: 'method' }, tip: 'Use "finite-element".' })]
    if (collocates(request)) return checkCollocation(request)
    faults.push(...checkSize(request, 24 * problem.system.components.length))
    return faults.length > 0 ? faults : checkConstraints(request)
  },
  solve(request, team, run) {
    const mark = team.arena.mark()
    try {
      const { equation, time } = request.problem
      if (collocates(request)) return time ? evolveCollocation(request, team, run) : solveCollocation(request, team, run)
      if (time) return evolveSpectral(request, team, run)
      return equation.kind === 'elliptic' ? solveSpectralElliptic(request, equation, team, run) : solveSpectralSteady(request, team, run)
    } finally {
      team.arena.release(mark)
    }
  },
}

/** A bounded axis, or a steady statement that is not solved wave by wave: full matrices on all nodes. */
const collocates = ({ problem }: SolveRequest): boolean => problem.axes.some(axis => !axis.periodic) || (!problem.time && !isSolvedByModes(problem))

function checkCollocation({ problem, resolution, options, times }: SolveRequest): Fault[] {
  const unknowns = resolution.reduce((n, m) => n * m, problem.system.components.length)
  if (unknowns > mostUnknowns) {
    return [error('too-large', `Chebyshev collocation solves with full matrices, of at most ${mostUnknowns} unknowns; ${resolution.join(' × ')} nodes have ${unknowns}.`, { where: { path: 'resolution' }, tip: 'A smooth solution needs few nodes: 17 to 33 per axis. For more use "finite-difference".' })]
  }
  const loose = problem.system.components.find((_, i) => isLoose(problem, i))
  if (loose) {
    return [error('unsupported-constraint', `Chebyshev collocation cannot determine ${loose.name}: its own equation does not contain it and it has no boundary condition, so the matrix is singular.`, {
      where: { path: 'method' }, tip: 'State a stream function, or use "finite-element" for velocity and pressure.',
    })]
  }
  const { method } = readTimeOptions(options)
  if (problem.time && times.length > 0 && method !== 'auto' && method !== 'imex') {
    return [error('unsupported-time-method', `On bounded axes the spectral method steps implicitly, and "${method}" does not.`, { where: { path: 'time.method' }, tip: 'Use "auto".' })]
  }
  return []
}

/** A pressure beside div v = 0: collocated on the same nodes it has modes that no equation sees. */
const isLoose = ({ system, pieces, axes }: AnalysedProblem, component: number): boolean => {
  const names = freeNames(system.rows[component].expression)
  return axes.some(axis => !axis.periodic) && system.rows[component].kind === 'constraint' && !system.jet.some(entry => entry.component === component && names.has(entry.name)) && !pieces.some(piece => piece.component === component)
}

/** Constraints that no mode-by-mode solve takes, told before anything is computed. */
function checkConstraints({ problem }: SolveRequest): Fault[] {
  try {
    eliminateConstraints(problem.system, modeAxes(problem.axes, problem.axes.map(() => 6)))
    return []
  } catch (reason) {
    if (reason instanceof FaultError) return [...reason.faults]
    throw reason
  }
}
