import type { Team } from '../../../kernels/team'
import type { Solution } from '../../method'
import type { Evolved } from '../../time/request'
import { keptComponents, type JetSystem } from './jet-system'

/**
 * The conserved quantities of the statement over the output times: arrays of their name and metrics `drift_<name>` = largest change / first value (or largest change, when that is zero). ∫ by the trapezoidal
 * rule on the nodes.
 */
export function conservedQuantities(system: JetSystem, { values, times }: Evolved, team: Team): { readonly arrays: Solution['arrays']; readonly metrics: Record<string, number> } {
  const { problem, nodes, count, operators } = system
  const stored = keptComponents(problem)
  const quantities = problem.properties.conserved
  if (quantities.length === 0) return { arrays: [], metrics: {} }
  const mark = team.arena.mark()
  const state = team.arena.f64(count * nodes)
  const densities = quantities.map(() => team.arena.f64(nodes))
  const evaluate = system.evaluator(quantities.map(q => q.density))
  const weights = trapezoidalWeights(system)
  const totals = quantities.map(() => new Float64Array(times.length))
  times.forEach((time, k) => {
    const view = state.view()
    stored.forEach((c, i) => {
      const from = values.subarray((k * stored.length + i) * nodes, (k * stored.length + i + 1) * nodes)
      for (let node = 0; node < nodes; node++) view[c * nodes + node] = operators.active[node] === 1 ? from[node] : 0
    })
    evaluate(time, state, densities.map(block => block.pointer))
    densities.forEach((block, q) => {
      const density = block.view()
      let sum = 0
      for (let node = 0; node < nodes; node++) if (operators.active[node] === 1) sum += weights[node] * density[node]
      totals[q][k] = sum
    })
  })
  team.arena.release(mark)
  const metrics: Record<string, number> = {}
  quantities.forEach(({ name }, q) => {
    const change = totals[q].reduce((most, value) => Math.max(most, Math.abs(value - totals[q][0])), 0)
    metrics[`drift_${name}`] = totals[q][0] === 0 ? change : change / Math.abs(totals[q][0])
  })
  return { arrays: quantities.map(({ name }, q) => ({ name, values: totals[q] })), metrics }
}

function trapezoidalWeights({ grid, nodes }: JetSystem): Float64Array {
  const weights = new Float64Array(nodes).fill(1)
  let stride = 1
  for (const { coordinates, periodic } of grid.axes) {
    const n = coordinates.length
    const h = coordinates[1] - coordinates[0]
    for (let node = 0; node < nodes; node++) {
      const i = Math.floor(node / stride) % n
      weights[node] *= !periodic && (i === 0 || i === n - 1) ? h / 2 : h
    }
    stride *= n
  }
  return weights
}
