import { freeNames } from '../../expressions'
import { error, FaultError, type Fault } from '../../fault'
import { bytesText } from '../../kernels/arena'
import type { AnalysedProblem } from '../../problems/analysed'
import type { SolveMethod, SolveRequest } from '../method'
import { solveAdaptively } from './adaptive'
import { readOptions } from './descriptor'
import { solveEigen } from './eigen'
import { checkTime, solveEvolution } from './evolution'
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
    if (request.problem.time) return solveEvolution(request, team, run)
    if (request.problem.eigenvalue) return solveEigen(request, team, run)
    return options.adaptive ? solveAdaptively(request, { ...options, adaptive: options.adaptive }, team, run) : solveSteady(request, team, run)
  },
}

function checkStatement(request: SolveRequest): Fault[] {
  const { problem, options, resolution } = request
  if (problem.time) {
    const faults = checkTime(request)
    if (faults.length > 0) return faults
  }
  if (readOptions(options).adaptive) {
    const where = { path: 'adaptive' }
    if (problem.time) return [error('adaptive-evolution', 'Adaptive refinement is for steady problems: an evolution keeps one mesh.', { where, tip: 'Remove "adaptive" and choose a resolution.' })]
    if (problem.eigenvalue) return [error('adaptive-eigenproblem', 'Adaptive refinement is for problems with one solution, and this is an eigenproblem.', { where, tip: 'Remove "adaptive" and choose a resolution.' })]
    if (problem.axes.length > 2) return [error('adaptive-dimension', 'Adaptive refinement works on lines and in the plane, and this domain has three dimensions.', { where, tip: 'Remove "adaptive" and choose a resolution.' })]
    if (problem.axes.some(a => a.periodic)) return [error('adaptive-periodic', 'Adaptive refinement takes no periodic axes: the meshes of opposite sides would no longer fit.', { where, tip: 'Remove "adaptive", or give the sides conditions of their own.' })]
  }
  if (problem.eigenvalue && problem.system.components.length > 1) {
    return [error('method-class', 'Finite elements solve eigenproblems of one real unknown.', { where: { path: 'problem.unknowns' }, tip: 'State one equation -div(a grad(u)) + c u = lambda m u; the parts of a complex eigenfunction of a real operator are eigenfunctions themselves.' })]
  }
  const tied = problem.pieces.find(piece => piece.kind === 'dirichlet' && (piece.coupled?.length ?? 0) > 0)
  if (tied) return [error('method-class', 'A boundary condition ties values of several components together; finite elements take such ties only in conditions with a normal derivative.', { where: { path: 'problem.boundary' }, tip: 'Give every component its own value.' })]
  const loose = looseBody(problem)
  if (loose !== undefined) return [error('rigid-motion', `Nothing holds ${loose} in place: its whole boundary carries tractions, and turning it as a whole changes no stress.`, { where: { path: 'problem.boundary' }, tip: `Give ${loose} on a part of the boundary, for example { "on": "left", "condition": "${loose} = 0" }.` })]
  try {
    const form = weakForm(problem)
    const lowered = form.lowered.indexOf(1)
    if (lowered >= 0 && readOptions(options).order === 1) {
      return [error('method-order', `${problem.system.components[lowered].unknown} is held by a constraint on derivatives, like a pressure: it takes functions of one degree less than the others, so "order" has to be 2.`, { where: { path: 'order' }, tip: 'Use "order": 2 (Taylor–Hood elements).' })]
    }
    return sizeFaults(problem.axes.length, problem.system.components.length, resolution, readOptions(options).order)
  } catch (reason) {
    if (reason instanceof FaultError) return [...reason.faults]
    throw reason
  }
}

/** An unknown with tractions that neither a condition nor its own value in its equations keeps from turning. */
function looseBody({ unknowns, pieces, system }: AnalysedProblem): string | undefined {
  return unknowns.find(({ components }) => {
    const own = pieces.filter(piece => components.includes(piece.component))
    const isHeld = own.some(piece => piece.kind !== 'neumann' || piece.coupled) || components.some(c => components.some(l => freeNames(system.rows[c].expression).has(system.components[l].name)))
    return own.some(piece => piece.traction) && !isHeld
  })?.name
}

/** Entries of a matrix row and bytes per entry that a solve holds about, by dimension and degree: values, column, and a factor or preconditioner. */
const rowEntries = [[3, 5], [7, 12], [15, 29]]
const bytesPerEntry = 40
const largestMemory = 4 * 2 ** 30

function sizeFaults(dimension: number, components: number, resolution: readonly number[], order: 1 | 2): Fault[] {
  const unknowns = components * resolution.reduce((n, m) => n * ((m - 1) * order + 1), 1)
  const bytes = unknowns * components * rowEntries[dimension - 1][order - 1] * bytesPerEntry
  if (bytes <= largestMemory) return []
  return [error('too-large', `${resolution.join(' × ')} nodes give about ${unknowns} ${unknowns === 1 ? 'unknown' : 'unknowns'}, whose matrix and its factors need some ${bytesText(bytes)}; a job has at most ${bytesText(largestMemory)}.`, {
    where: { path: 'resolution' }, tip: order === 2 ? 'Use fewer nodes or "order": 1.' : 'Use fewer nodes.',
  })]
}
