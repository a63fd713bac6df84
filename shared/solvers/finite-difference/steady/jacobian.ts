import type { Team } from '../../../kernels/team'
import { diagonalOf, sparseFromRows, type SparseMatrix } from '../../linear/sparse'
import type { SparseRows } from '../jets/interface'
import type { SystemEquations } from './equations'
import type { Linearisation } from './newton'

export interface Jacobian extends Linearisation {
  readonly matrix: SparseMatrix
}

/** ∂equation/∂unknown as a sparse matrix: Σ over jets of the symbolic derivative of the row times the jet's difference formulas. The pattern is found once. */
export function createJacobian(equations: SystemEquations, team: Team): Jacobian {
  const { operators, unknowns, unknownOf, placeOf, rowOf, terms } = equations
  const { nodes } = operators
  const used = [...new Set(terms.map(term => term.jet))]
  const matrices = new Map(used.map(j => [j, withCouplings(operators, j, unknownOf)]))
  const byRow = operators.fixed.map((_, row) => terms.filter(term => term.row === row).map(term => ({ term, rows: matrices.get(term.jet)! })))

  const seen = new Int32Array(unknowns).fill(-1)
  const starts = new Int32Array(unknowns + 1)
  let columns = new Int32Array(16 * unknowns)
  let entries = 0
  const row: number[] = []
  for (let i = 0; i < unknowns; i++) {
    const node = placeOf[i] % nodes
    row.length = 0
    // The diagonal is always there, so that factorisations find it.
    row.push(i)
    seen[i] = i
    for (const { rows } of byRow[rowOf[i]]) {
      for (let e = rows.starts[node]; e < rows.starts[node + 1]; e++) {
        const column = rows.columns[e]
        if (column < 0 || seen[column] === i) continue
        seen[column] = i
        row.push(column)
      }
    }
    row.sort((a, b) => a - b)
    if (entries + row.length > columns.length) {
      const longer = new Int32Array(2 * columns.length + row.length)
      longer.set(columns)
      columns = longer
    }
    for (const column of row) columns[entries++] = column
    starts[i + 1] = entries
  }
  const matrix = sparseFromRows(team.arena, unknowns, unknowns, starts, columns.subarray(0, entries))
  const position = seen.fill(0)

  return {
    matrix,
    largestDiagonal: () => diagonalOf(matrix).reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    update() {
      const values = matrix.values.view()
      const weights = equations.weights.view()
      values.fill(0)
      const coefficients = new Map(terms.map(term => [term, term.values?.view()]))
      const prepared = byRow.map(list => list.map(entry => ({ ...entry, at: coefficients.get(entry.term), constant: entry.term.constant ?? 0 })))
      for (let i = 0; i < unknowns; i++) {
        const node = placeOf[i] % nodes
        for (let e = starts[i]; e < starts[i + 1]; e++) position[columns[e]] = e
        for (const { rows, at, constant } of prepared[rowOf[i]]) {
          const factor = weights[i] * (at ? at[node] : constant)
          if (factor === 0) continue
          for (let e = rows.starts[node]; e < rows.starts[node + 1]; e++) {
            const column = rows.columns[e]
            if (column >= 0) values[position[column]] += factor * rows.values[e]
          }
        }
      }
    },
  }
}

/** The rows of a jet with unknowns as columns (−1: given), and what tied boundary conditions add behind them. */
function withCouplings({ jets, nodes, couplings, matrix }: SystemEquations['operators'], j: number, unknownOf: Int32Array): SparseRows {
  const { rows, boundary } = matrix(j)
  const shift = jets[j].component * nodes
  if (couplings.length === 0) return { starts: rows.starts, columns: rows.columns.map(node => unknownOf[shift + node]), values: rows.values }
  const bySlot = new Map<number, (typeof couplings)[number][]>()
  for (const coupling of couplings) bySlot.set(coupling.slot, [...(bySlot.get(coupling.slot) ?? []), coupling])
  const starts = new Int32Array(nodes + 1)
  const columns: number[] = []
  const values: number[] = []
  for (let node = 0; node < nodes; node++) {
    for (let e = rows.starts[node]; e < rows.starts[node + 1]; e++) {
      columns.push(unknownOf[shift + rows.columns[e]])
      values.push(rows.values[e])
    }
    for (let e = boundary.starts[node]; e < boundary.starts[node + 1]; e++) {
      for (const { component, node: other, factor } of bySlot.get(boundary.columns[e]) ?? []) {
        columns.push(unknownOf[component * nodes + other])
        values.push(factor * boundary.values[e])
      }
    }
    starts[node + 1] = columns.length
  }
  return { starts, columns: Int32Array.from(columns), values: Float64Array.from(values) }
}
