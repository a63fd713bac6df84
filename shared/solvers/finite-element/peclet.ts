import { isNumber } from '../../expressions'
import { simplexEdges } from '../../fields/mesh-element'
import type { Libm } from '../../expressions/libm'
import type { Fault } from '../../fault'
import type { Team } from '../../kernels/team'
import type { Discretisation } from './discretisation'
import { Integral, type Place } from './integral'
import { cellCount } from './mesh/domain-mesh'
import { jacobianOf } from './weak-form'

/** The cell Péclet number |b| h/2a above which Galerkin solutions oscillate around layers; h is the distance of nodes. */
const largest = 1

/**
 * A warning where advection outweighs diffusion on the width of a cell: Galerkin's method is then stable only as far as the solution has no layers. b is the derivative of a row by the gradient of its own component, a the least
 * diagonal entry of its diffusion tensor, both at the solution.
 */
export function pecletWarning(team: Team, discretisation: Discretisation, u: Float64Array, scalars: readonly number[], degree: 1 | 2, libm: Libm): Fault[] {
  const { space } = discretisation
  const { form, domain } = space
  const { dimension, points, cells } = domain
  const count = cellCount(domain)
  const places: Place[] = Array.from({ length: count }, (_, cell) => ({ cell, local: -1 }))
  let [worst, at] = [0, -1]
  let component = 0
  const mark = team.arena.mark()
  form.rows.forEach((row, i) => {
    const diffusion = row.tensor[i].map((line, p) => line[p])
    const advection = jacobianOf(form, [{ row: i, test: [row.rest] }]).filter(entry => entry.component === i && entry.trial > 0)
    if (advection.length === 0 || diffusion.every(a => isNumber(a, 0))) return
    const { columns, measures, rule } = new Integral(team, space, [{ row: i, test: [...advection.map(entry => entry.expression), ...diffusion] }], places, 2, discretisation.scalars, libm).values(u, scalars)
    for (let cell = 0; cell < count; cell++) {
      const width = longestEdge(points, cells, cell, dimension) / degree
      for (let p = 0; p < rule.count; p++) {
        let square = 0
        for (let k = 0; k < advection.length; k++) square += columns[k][cell * rule.count + p] ** 2
        let least = Infinity
        for (let k = 0; k < dimension; k++) least = Math.min(least, Math.abs(columns[advection.length + k][cell * rule.count + p]))
        const number = (Math.sqrt(square) * width) / (2 * least)
        if (number > worst && measures[cell] > 0) [worst, at, component] = [number, cell, i]
      }
    }
  })
  team.arena.release(mark)
  if (!(worst > largest)) return []
  const place = Array.from({ length: dimension }, (_, axis) => `${'xyz'[axis]} = ${Number(points[cells[at * (dimension + 1)] * dimension + axis].toPrecision(4))}`).join(', ')
  return [{
    severity: 'warning', code: 'peclet', message: `Advection of ${space.problem.system.components[component].name} outweighs diffusion on the width of a cell (cell Péclet number ${Number(worst.toPrecision(3))} near ${place}): where the solution has a layer there it may oscillate.`,
    tip: 'Use a finer resolution, "adaptive" refinement, or finite differences.',
  }]
}

function longestEdge(points: Float64Array, cells: Int32Array, cell: number, dimension: 1 | 2 | 3): number {
  let most = 0
  for (const [i, j] of simplexEdges[dimension]) {
    let square = 0
    for (let a = 0; a < dimension; a++) square += (points[cells[cell * (dimension + 1) + i] * dimension + a] - points[cells[cell * (dimension + 1) + j] * dimension + a]) ** 2
    most = Math.max(most, square)
  }
  return Math.sqrt(most)
}
