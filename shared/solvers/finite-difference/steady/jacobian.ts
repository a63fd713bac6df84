import type { Team } from '../../../kernels/team'
import { diagonalOf, sparseFromRows, type SparseMatrix } from '../../linear/sparse'
import type { SystemEquations } from './equations'
import type { Linearisation } from './newton'

export interface Jacobian extends Linearisation {
  readonly matrix: SparseMatrix
}

/** ∂equation/∂unknown as a sparse matrix: Σ over jets of the symbolic derivative of the row times the jet's difference formulas. The pattern is found once. */
export function createJacobian(equations: SystemEquations, team: Team): Jacobian {
  const { operators, unknowns, unknownOf, placeOf, rowOf, terms } = equations
  const { nodes, jets } = operators
  const used = [...new Set(terms.map(term => term.jet))]
  const matrices = new Map(used.map(j => [j, operators.matrix(j).rows]))
  const byRow = operators.fixed.map((_, row) => terms.filter(term => term.row === row).map(term => ({ term, rows: matrices.get(term.jet)!, shift: jets[term.jet].component * nodes })))

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
    for (const { rows, shift } of byRow[rowOf[i]]) {
      for (let e = rows.starts[node]; e < rows.starts[node + 1]; e++) {
        const column = unknownOf[shift + rows.columns[e]]
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
        for (const { rows, shift, at, constant } of prepared[rowOf[i]]) {
          const factor = weights[i] * (at ? at[node] : constant)
          if (factor === 0) continue
          for (let e = rows.starts[node]; e < rows.starts[node + 1]; e++) {
            const column = unknownOf[shift + rows.columns[e]]
            if (column >= 0) values[position[column]] += factor * rows.values[e]
          }
        }
      }
    },
  }
}
