import type { Pointer, Team } from '../../../kernels/team'
import type { DenseMatrix } from './matrix'

export interface PivotedQr {
  /** order[j] is the column of A that stands at place j. */
  readonly order: Int32Array
  /** Steps that were made: the number of columns that are not negligible. */
  readonly rank: number
  /** The diagonal of R, decreasing in modulus up to rounding. */
  readonly diagonal: Float64Array
  readonly tau: Pointer
}

/**
 * QR with column pivoting, A P = Q R, of the matrix whose columns are the rows of `columns` (count × length, length ≥ count). Row j then holds column j of R before its diagonal, and behind it reflector j.
 * Ends early when no remaining column is longer than `negligible` times the longest at the start. Source: Businger & Golub 1965, doi:10.1007/BF01436084.
 */
export function pivotedQr(team: Team, columns: DenseMatrix, negligible = 0, throwIfCancelled?: () => void): PivotedQr {
  const { rows: count, columns: length, pointer } = columns
  const { arena } = team
  const squares = arena.f64(2 * count)
  const tau = arena.f64(count)
  const diagonal = arena.f64(count)
  const names = arena.bytes(4 * count)
  const order = (): Int32Array => new Int32Array(arena.memory.buffer, names, count)
  order().forEach((_, j, all) => (all[j] = j))
  team.parallel('factor.rowSquares', 0, count, [pointer, length, 0, length, squares.pointer], { grain: 32 })
  squares.view().copyWithin(count, 0, count)
  const longest = squares.view().subarray(0, count).reduce((most, s) => Math.max(most, s), 0)
  let rank = 0
  for (; rank < count; rank++) {
    throwIfCancelled?.()
    const largest = squares.view().subarray(rank, count).reduce((most, s) => Math.max(most, s), 0)
    if (negligible > 0 && !(largest > negligible * negligible * longest)) break
    team.call('factor.pivotStep', [rank, count, length, pointer, length, squares.pointer, names, tau.pointer, diagonal.pointer])
    team.parallel('factor.pivotApply', rank + 1, count, [rank, count, length, pointer, length, squares.pointer, tau.pointer], { grain: 32 })
  }
  return { order: order().slice(), rank, diagonal: diagonal.view().slice(0, rank), tau: tau.pointer }
}
