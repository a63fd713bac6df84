import type { Team } from '../../../kernels/team'
import { sparseFromTriplets, type SparseMatrix } from '../sparse'

/** A − σB; without B: A − σI. */
export function shiftedMatrix(team: Team, matrix: SparseMatrix, mass: SparseMatrix | undefined, sigma: number): SparseMatrix {
  const rows: number[] = []
  const columns: number[] = []
  const values: number[] = []
  const add = (a: SparseMatrix, factor: number): void => {
    const [s, c, v] = [a.starts(), a.columnNumbers(), a.values.view()]
    for (let i = 0; i < a.rows; i++) {
      for (let e = s[i]; e < s[i + 1]; e++) {
        rows.push(i)
        columns.push(c[e])
        values.push(factor * v[e])
      }
    }
  }
  add(matrix, 1)
  if (mass) add(mass, -sigma)
  else {
    for (let i = 0; i < matrix.rows; i++) {
      rows.push(i)
      columns.push(i)
      values.push(-sigma)
    }
  }
  return sparseFromTriplets(team.arena, matrix.rows, matrix.rows, { rows, columns, values })
}
