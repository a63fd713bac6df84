import type { Team } from '../../kernels/team'
import { denseMatrix, type DenseMatrix } from '../../solvers/linear/dense/matrix'
import { inArena, type Matrix } from './matrix'

/** JᵀJ, parameters × parameters, in the arena. Half of it is computed, in blocks of 64 rows on all threads. */
export const gramOfColumns = (team: Team, jacobian: Matrix): DenseMatrix => gram(team, jacobian, false)

/** JJᵀ, residuals × residuals: the kernel of the linearised network (NTK), and the matrix of Woodbury's identity. */
export const gramOfRows = (team: Team, jacobian: Matrix): DenseMatrix => gram(team, jacobian, true)

/** Rows of a block, as the kernel cuts them. */
const block = 64

function gram(team: Team, jacobian: Matrix, ofRows: boolean): DenseMatrix {
  const { arena } = team
  const n = ofRows ? jacobian.rows : jacobian.columns
  const inner = ofRows ? jacobian.columns : jacobian.rows
  const result = denseMatrix(arena, n, n)
  const mark = arena.mark()
  const left = inArena(arena, jacobian, !ofRows)
  const right = inArena(arena, jacobian, ofRows)
  team.parallel('factor.symmetricProduct', 0, Math.ceil(Math.ceil(n / block) / 2), [n, inner, 1, left.pointer, inner, right.pointer, n, result.pointer, n])
  team.parallel('factor.mirror', 0, n, [result.pointer, n], { grain: block })
  arena.release(mark)
  return result
}
