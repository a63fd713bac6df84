import { error, FaultError } from '../../../fault'
import type { Team } from '../../../kernels/team'
import type { Preconditioner } from '../map'
import { sparseFromRows, type SparseMatrix } from '../sparse'

/** An incomplete factorisation; `update` factors again after the values of the matrix changed. */
export interface IncompleteFactors extends Preconditioner {
  update(): void
}

/**
 * ILU(0): L U = A on the pattern of A. For unsymmetric A with GMRES or BiCGStab; a pivot that vanishes is replaced by 1e-8 of the largest entry.
 *
 * Source: Saad, Iterative Methods for Sparse Linear Systems, §10.3. Throws FaultError `zero-diagonal` where the pattern lacks a diagonal place.
 */
export function incompleteLU(team: Team, matrix: SparseMatrix): IncompleteFactors {
  const { rows, startsPointer, columnsPointer, entries } = matrix
  const { arena } = team
  const starts = matrix.starts()
  const columns = matrix.columnNumbers()
  const diagonal = arena.bytes(4 * rows)
  const places = new Int32Array(arena.memory.buffer, diagonal, rows)
  for (let i = 0; i < rows; i++) {
    let e = starts[i]
    while (e < starts[i + 1] && columns[e] < i) e++
    if (e === starts[i + 1] || columns[e] !== i) throw new FaultError(error('zero-diagonal', `Row ${i} of the matrix has no diagonal entry, which an incomplete factorisation needs.`, { tip: 'Use the direct solver.' }))
    places[i] = e
  }
  const values = arena.f64(entries)
  const inverse = arena.f64(rows)
  const scratch = arena.bytes(4 * matrix.columns)
  function update(): void {
    const from = matrix.values.view()
    values.view().set(from)
    let largest = 0
    for (const value of from) largest = Math.max(largest, Math.abs(value))
    team.call('sparse.incompleteLU', [rows, startsPointer, columnsPointer, values.pointer, diagonal, inverse.pointer, scratch, 1e-8 * (largest || 1)])
  }
  update()
  return {
    update,
    apply(r, z) {
      team.call('sparse.lowerUnit', [rows, startsPointer, columnsPointer, values.pointer, diagonal, r, z])
      team.call('sparse.upper', [rows, startsPointer, columnsPointer, values.pointer, diagonal, inverse.pointer, z, z])
    },
  }
}

/**
 * IC(0): L Lᵀ = A on the lower triangle's pattern, for symmetric positive definite A with CG or MINRES. Where a pivot is not positive the diagonal is raised by σ
 * (1e-3, then tenfold) until all are.
 *
 * Source: Meijerink & van der Vorst 1977, doi:10.1090/S0025-5718-1977-0438681-4; shift: Manteuffel 1980, doi:10.1090/S0025-5718-1980-0559197-0.
 * Throws FaultError `indefinite-operator` when a diagonal entry is not positive.
 */
export function incompleteCholesky(team: Team, matrix: SparseMatrix): IncompleteFactors {
  const { rows } = matrix
  const starts = matrix.starts()
  const columns = matrix.columnNumbers()
  const lowerStarts = new Int32Array(rows + 1)
  const source: number[] = []
  const lowerColumns: number[] = []
  for (let i = 0; i < rows; i++) {
    for (let e = starts[i]; e < starts[i + 1] && columns[e] <= i; e++) {
      source.push(e)
      lowerColumns.push(columns[e])
    }
    lowerStarts[i + 1] = source.length
    if (lowerColumns[source.length - 1] !== i || source.length === lowerStarts[i]) throw new FaultError(notPositive(i))
  }
  const lower = sparseFromRows(team.arena, rows, rows, lowerStarts, lowerColumns)
  const inverse = team.arena.f64(rows)
  function update(): void {
    const from = matrix.values.view()
    for (let sigma = 0; ; sigma = sigma === 0 ? 1e-3 : 10 * sigma) {
      const values = lower.values.view()
      source.forEach((e, k) => (values[k] = from[e]))
      const failed = team.call('sparse.incompleteCholesky', [rows, lower.startsPointer, lower.columnsPointer, lower.values.pointer, inverse.pointer, sigma])
      if (failed < 0) return
      if (sigma > 1e3) throw new FaultError(notPositive(failed))
    }
  }
  update()
  return { update, apply: (r, z) => team.call('sparse.cholesky', [rows, lower.startsPointer, lower.columnsPointer, lower.values.pointer, inverse.pointer, r, z]) }
}

const notPositive = (row: number) =>
  error('indefinite-operator', `The diagonal entry of row ${row} is not positive: the matrix is not positive definite, and incomplete Cholesky does not apply.`, { tip: 'Use incomplete LU with GMRES, or MINRES without a preconditioner.' })
