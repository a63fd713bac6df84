import { freeNames } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { gridShape, gridSize, type Grid } from '../../fields/field'
import type { Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Solution } from '../method'
import { coordinateArrays } from '../time/grid'
import { createPointwise } from '../time/pointwise'
import type { Evolved } from '../time/request'
import { createFourierTransform } from './fft'
import { createJets } from './jets'
import { jetsOf } from './jet-names'
import { modeAxes } from './wavenumbers'

/**
 * ∫ density dΩ of every functional that exact solutions keep, at every output time: derivatives by wavenumbers, the integral by the trapezoidal rule, which is exact for the waves that the grid
 * carries. Arrays `<name>`, and metrics `drift_<name>` = max |Q(t) − Q(0)| / |Q(0)| (absolute where Q(0) vanishes against the integral of |density|).
 *
 * @param evolved all components of the system: [time, component, z, y, x]
 */
export function conservedQuantities(problem: AnalysedProblem, grid: Grid, { times, values }: Pick<Evolved, 'times' | 'values'>, team: Team, libm: Libm): Pick<Solution, 'arrays' | 'metrics'> {
  const { conserved } = problem.properties
  if (conserved.length === 0) return { arrays: [], metrics: {} }
  const { arena } = team
  const mark = arena.mark()
  const nodes = gridSize(grid)
  const all = problem.system.components.length
  const fourier = createFourierTransform(team, libm, gridShape(grid))
  const densities = conserved.map(({ density }) => density)
  const jets = createJets(jetsOf(problem.system.components, densities), modeAxes(problem.axes, gridShape(grid)), fourier, team)
  const coordinates = coordinateArrays(team, grid, new Set(densities.flatMap(e => [...freeNames(e).keys()])))
  const spectra = Array.from({ length: all }, (_, component) => (jets.all.some(jet => jet.component === component) ? arena.f64(2 * fourier.coefficients) : undefined))
  const outputs = densities.map(() => arena.f64(nodes))
  const nodal = arena.f64(nodes)
  const inputs = { ...Object.fromEntries(Object.entries(coordinates).map(([name, block]) => [name, block.pointer])), ...jets.pointers(densities) }
  const program = createPointwise(team, densities, inputs, ['t'], outputs.map(block => block.pointer))
  const volume = problem.axes.reduce((v, axis) => v * (axis.upper - axis.lower), 1)
  const quantities = conserved.map(() => new Float64Array(times.length))
  const sizes = conserved.map(() => 0)
  times.forEach((time, k) => {
    spectra.forEach((spectrum, component) => {
      if (!spectrum) return
      nodal.view().set(values.subarray((k * all + component) * nodes, (k * all + component + 1) * nodes))
      fourier.forward(nodal.pointer, spectrum.pointer)
    })
    jets.evaluate(jets.all, component => spectra[component]!.pointer)
    program.run(0, nodes, [time])
    outputs.forEach((block, q) => {
      quantities[q][k] = (compensatedSum(block.view()) / nodes) * volume
      if (k === 0) sizes[q] = (block.view().reduce((sum, v) => sum + Math.abs(v), 0) / nodes) * volume
    })
  })
  arena.release(mark)
  const metrics: Record<string, number> = {}
  conserved.forEach(({ name }, q) => {
    const start = quantities[q][0]
    const change = quantities[q].reduce((most, value) => (Math.abs(value - start) > most || Number.isNaN(value) ? Math.abs(value - start) : most), 0)
    metrics[`drift_${name}`] = change / (Math.abs(start) > 1e-10 * sizes[q] ? Math.abs(start) : sizes[q] || 1)
  })
  return { arrays: conserved.map(({ name }, q) => ({ name, values: quantities[q] })), metrics }
}

/** Kahan's summation with Neumaier's correction: rounding must stay below drifts of 1e-15. */
function compensatedSum(values: Float64Array): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum
    sum = next
  }
  return sum + lost
}
