import { error, FaultError } from '../../../fault'
import type { Team } from '../../../kernels/team'
import type { DenseMatrix } from './matrix'

const mostSweeps = 40
const unit = 2 ** -52

/**
 * One-sided Jacobi: turns rows of X in pairs until their first `length` elements are orthogonal to working accuracy; what stands behind them in a row takes part in the rotations. Pairs are taken in the order
 * of a round-robin tournament, so a round runs on all threads with the same bits as on one. Returns the lengths of the rows. Throws FaultError `not-converged` after 40 sweeps; 5 to 12 are usual.
 */
export function orthogonaliseRows(team: Team, x: DenseMatrix, length: number, throwIfCancelled?: () => void): Float64Array {
  const { rows: n, columns: width } = x
  const { arena } = team
  const mark = arena.mark()
  const players = n + (n % 2)
  const half = players / 2
  const pairs = arena.bytes(8 * half)
  const squares = arena.f64(n)
  const turned = arena.f64(half)
  const seats = Int32Array.from({ length: players }, (_, i) => i)
  const tolerance = unit * Math.sqrt(Math.max(4, length))
  const measure = (): void => team.parallel('factor.rowSquares', 0, n, [x.pointer, width, 0, length, squares.pointer], { grain: 32 })
  let turns = n > 1 ? 1 : 0
  for (let sweep = 0; turns > 0; sweep++) {
    if (sweep === mostSweeps) throw new FaultError(error('not-converged', `The singular values of a matrix with ${n} columns were not found in ${mostSweeps} sweeps.`))
    measure()
    turns = 0
    for (let round = 0; round + 1 < players; round++) {
      throwIfCancelled?.()
      const list = new Int32Array(arena.memory.buffer, pairs, 2 * half)
      let count = 0
      for (let k = 0; k < half; k++) {
        const [i, j] = [seats[k], seats[players - 1 - k]]
        if (i >= n || j >= n) continue
        list[2 * count] = Math.min(i, j)
        list[2 * count + 1] = Math.max(i, j)
        count++
      }
      team.parallel('factor.jacobiRound', 0, count, [pairs, x.pointer, width, length, width, squares.pointer, tolerance, turned.pointer], { grain: 8 })
      const seen = turned.view()
      for (let k = 0; k < count; k++) turns += seen[k]
      // The first stays, the others move on by one seat.
      const last = seats[players - 1]
      seats.copyWithin(2, 1, players - 1)
      seats[1] = last
    }
  }
  measure()
  const norms = squares.view().map(Math.sqrt)
  arena.release(mark)
  return norms
}
