import { freeNames } from '../../expressions'
import { gridShape } from '../../fields/field'
import type { Run, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import { uniformGrid } from '../time/grid'
import { createPointwise } from '../time/pointwise'
import { evolvedFields, fieldsOf, storedComponents } from '../time/request'
import { coordinateArrays } from '../time/grid'
import { eliminateConstraints, isZeroExpression } from './algebra'
import { checkSources } from './compatibility'
import { createFourierTransform } from './fft'
import { createModalProduct } from './modal-product'
import { coordinatePointers } from './slopes'
import { modeAxes } from './wavenumbers'

/** Linear with constant coefficients: nothing of the unknowns is left outside the Fourier symbols. */
export const isSolvedByModes = ({ system, time }: AnalysedProblem): boolean =>
  time === undefined && system.remainder.every(e => {
    const names = freeNames(e)
    return !system.jet.some(entry => names.has(entry.name))
  })

/**
 * 0 = C a + g of a steady linear system with constant coefficients on a periodic box: one small system per mode, Ĉ(k) â_k = −ĝ_k (Stokes flow, elasticity, several coupled diffusions). Parts that
 * Ĉ does not determine — means, pressures — are zero; where g has such a part the problem is refused.
 */
export function solveSpectralSteady(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, resolution, libm } = request
  const { system } = problem
  const { arena } = team
  const grid = uniformGrid(problem.axes, resolution)
  const shape = gridShape(grid)
  const fourier = createFourierTransform(team, libm, shape)
  const algebra = eliminateConstraints(system, modeAxes(problem.axes, shape))
  const count = system.components.length
  const [sources, spectra] = [arena.f64(2 * fourier.coefficients * count), arena.f64(2 * fourier.coefficients * count)]
  const nodal = arena.f64(fourier.nodes)
  const coordinates = coordinateArrays(team, grid, new Set(algebra.sources.flatMap(e => [...freeNames(e).keys()])))
  algebra.sources.forEach((source, row) => {
    if (isZeroExpression(source)) return
    createPointwise(team, [source], coordinatePointers(coordinates, [source]), ['t'], [nodal.pointer]).run(0, fourier.nodes, [0])
    fourier.forward(nodal.pointer, sources.pointer + 16 * fourier.coefficients * row)
  })
  run.throwIfCancelled()
  checkSources(algebra, arena.f64(0), sources, fourier.nodes, problem)
  createModalProduct(team, algebra.fromSources).apply(sources.pointer, spectra.pointer)
  const kept = storedComponents(problem)
  const values = new Float64Array(fourier.nodes * kept.length)
  kept.forEach((component, i) => {
    fourier.inverse(spectra.pointer + 16 * fourier.coefficients * component, nodal.pointer)
    values.set(nodal.view(), i * fourier.nodes)
  })
  const fields = evolvedFields({ times: new Float64Array(1), values, steps: 0, smallestStep: 0, largestStep: 0 }, fieldsOf(problem), { grid }).map(({ times: _, ...field }) => field)
  return { fields, arrays: [], metrics: { unknowns: fourier.nodes * count }, converged: true, faults: [] }
}
