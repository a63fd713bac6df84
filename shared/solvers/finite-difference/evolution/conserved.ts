import type { Team } from '../../../kernels/team'
import type { Solution } from '../../method'
import type { Evolved } from '../../time/request'
import { keptComponents, type JetSystem } from './jet-system'

/**
 * The conserved quantities of the statement over the output times: arrays of their name and metrics `drift_<name>` = largest change of ∫ density / ∫ |density| at the start
 * (so that a quantity that is zero has a scale too). ∫ by the trapezoidal
 * rule on the nodes.
 */
export function conservedQuantities(system: JetSystem, { values, times }: Pick<Evolved, 'values' | 'times'>, team: Team): { readonly arrays: Solution['arrays']; readonly metrics: Record<string, number> } {
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
  const scales = quantities.map(() => 0)
  times.forEach((time, k) => {
    const view = state.view()
    stored.forEach((c, i) => {
      const from = values.subarray((k * stored.length + i) * nodes, (k * stored.length + i + 1) * nodes)
      for (let node = 0; node < nodes; node++) view[c * nodes + node] = operators.active[node] === 1 ? from[node] : 0
    })
    evaluate(time, state, densities.map(block => block.pointer))
    densities.forEach((block, q) => {
      const density = block.view()
      let [sum, size] = [0, 0]
      for (let node = 0; node < nodes; node++) {
        if (operators.active[node] === 0) continue
        sum += weights[node] * density[node]
        size += weights[node] * Math.abs(density[node])
      }
      totals[q][k] = sum
      if (k === 0) scales[q] = size
    })
  })
  team.arena.release(mark)
  const metrics: Record<string, number> = {}
  quantities.forEach(({ name }, q) => {
    const change = totals[q].reduce((most, value) => Math.max(most, Math.abs(value - totals[q][0])), 0)
    metrics[`drift_${name}`] = scales[q] > 0 ? change / scales[q] : change
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
