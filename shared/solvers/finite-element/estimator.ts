import { add, isNumber, multiply, name, simplify, subtract } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { Team } from '../../kernels/team'
import { boundaryConditions, type Discretisation } from './discretisation'
import { Integral, type Place } from './integral'
import { cellCount } from './mesh/domain-mesh'
import { boundaryFlux, normalNames } from './weak-form'

/** Facet points are looked at from this far inside (part of the way to the middle), so that coefficients that jump between cells have each cell's own value. */
const inset = 1e-9

/**
 * The residual error estimator: η_K² = h_K² ‖R(u_h)‖²_K + ½ Σ h_F ‖[F(u_h)·n]‖²_F over inner facets + Σ h_F ‖F(u_h)·n − data‖²_F over facets with conditions on the derivative; for rows without second derivatives (divergence constraints)
 * ‖R‖²_K alone. Up to constants of the shape of the cells and of the coefficients it bounds the error in the H¹ norm from both sides (R. Verfürth, A Posteriori Error Estimation Techniques for Finite Element Methods, 2013,
 * doi:10.1093/acprof:oso/9780199679423.001.0001). One and two dimensions.
 *
 * @returns η_K² of every cell
 */
export function residualIndicators(team: Team, discretisation: Discretisation, u: Float64Array, scalars: readonly number[], libm: Libm): Float64Array {
  const { space } = discretisation
  const { form, domain, facets } = space
  const { dimension } = domain
  const corners = dimension + 1
  const count = cellCount(domain)
  const squares = new Float64Array(count)
  const widths = diameters(domain.points, domain.cells, dimension)
  const mark = team.arena.mark()
  const cells: Place[] = Array.from({ length: count }, (_, cell) => ({ cell, local: -1 }))
  form.rows.forEach((row, i) => {
    const { columns: [values], measures, rule } = new Integral(team, space, [{ row: i, test: [row.strong] }], cells, 5, discretisation.scalars, libm).values(u, scalars)
    for (let cell = 0; cell < count; cell++) {
      const weight = measures[cell] * (row.second.length > 0 ? widths[cell] ** 2 : 1)
      for (let p = 0; p < rule.count; p++) squares[cell] += weight * rule.weights[p] * values[cell * rule.count + p] ** 2
    }
  })
  const sides: Place[] = Array.from({ length: count * corners }, (_, slot) => ({ cell: Math.floor(slot / corners), local: slot % corners }))
  form.rows.forEach((row, i) => {
    if (row.flux.every(f => isNumber(f, 0))) return
    const normalFlux = simplify(row.flux.map((f, p) => multiply(name(normalNames[p]), f)).reduce(add))
    const { columns: [values], measures, rule } = new Integral(team, space, [{ row: i, test: [normalFlux] }], sides, 5, discretisation.scalars, libm, inset).values(u, scalars)
    for (let slot = 0; slot < sides.length; slot++) {
      const cell = Math.floor(slot / corners)
      const across = facets.across[slot]
      if (across < 0) continue
      const other = slotAcross(facets.across, across, cell, corners)
      for (let p = 0; p < rule.count; p++) {
        // The neighbour runs through the same facet in the other direction; its rule is symmetric.
        const jump = values[slot * rule.count + p] + values[other * rule.count + mirrored(p, rule.count)]
        squares[cell] += 0.5 * facetWidth(measures[slot], widths[cell], dimension) * measures[slot] * rule.weights[p] * jump * jump
      }
    }
  })
  for (const { pieces, places } of boundaryConditions(space)) {
    const conditions = pieces.conditions
    form.rows.forEach((row, i) => {
      if (pieces.isGiven[i] || row.flux.every(f => isNumber(f, 0))) return
      const own = row.flux.map((f, p) => multiply(name(normalNames[p]), f)).reduce(add)
      const misfit = simplify(subtract(own, boundaryFlux(form, i, conditions)))
      if (isNumber(misfit, 0)) return
      const { columns: [values], measures, rule } = new Integral(team, space, [{ row: i, test: [misfit] }], places, 5, discretisation.scalars, libm).values(u, scalars)
      places.forEach(({ cell }, k) => {
        for (let p = 0; p < rule.count; p++) squares[cell] += facetWidth(measures[k], widths[cell], dimension) * measures[k] * rule.weights[p] * values[k * rule.count + p] ** 2
      })
    })
  }
  team.arena.release(mark)
  return squares
}

/** The length of an edge; for points on a line the width of the cell. */
const facetWidth = (measure: number, width: number, dimension: number): number => (dimension === 1 ? width : measure)

function slotAcross(across: Int32Array, cell: number, from: number, corners: number): number {
  for (let i = 0; i < corners; i++) if (across[cell * corners + i] === from) return cell * corners + i
  throw new Error(`cell ${cell} does not know its neighbour ${from}`)
}

/** Gauss points in the order of `simplexRule(1, 5)`: the middle, then a pair. */
const mirrored = (p: number, count: number): number => (count === 1 || p === 0 ? p : count - p)

function diameters(points: Float64Array, cells: Int32Array, dimension: number): Float64Array {
  const corners = dimension + 1
  const out = new Float64Array(cells.length / corners)
  for (let cell = 0; cell < out.length; cell++) {
    let largest = 0
    for (let i = 0; i < corners; i++) {
      for (let j = 0; j < i; j++) {
        let square = 0
        for (let a = 0; a < dimension; a++) square += (points[cells[cell * corners + i] * dimension + a] - points[cells[cell * corners + j] * dimension + a]) ** 2
        largest = Math.max(largest, square)
      }
    }
    out[cell] = Math.sqrt(largest)
  }
  return out
}

/** The cells that together carry the part θ of Σ η², the largest first (W. Dörfler 1996, doi:10.1137/0733054). */
export function mark(squares: Float64Array, fraction: number): Uint8Array {
  const order = Array.from({ length: squares.length }, (_, i) => i).sort((a, b) => squares[b] - squares[a] || a - b)
  const total = squares.reduce((a, b) => a + b, 0)
  const marked = new Uint8Array(squares.length)
  let sum = 0
  for (const cell of order) {
    if (sum >= fraction * total * (1 - 1e-12) && sum > 0) break
    marked[cell] = 1
    sum += squares[cell]
  }
  return marked
}
