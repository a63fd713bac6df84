import { error, FaultError } from '../../fault'
import type { Team } from '../../kernels/team'
import { denseMatrix } from '../../solvers/linear/dense/matrix'
import { pivotedQr } from '../../solvers/linear/dense/pivoted-qr'
import { factorQr } from '../../solvers/linear/dense/qr'
import { inArena, released, type Matrix } from './matrix'

/**
 * The step −J⁺r by a complete orthogonal decomposition, J ≈ Q₀ Q₁ R₂ᵀ Q₂ᵀ Pᵀ: column pivoting ends where the remaining columns are shorter than `cutoff` times the longest, and what is kept is solved with
 * least norm. The lengths of the pivots follow the singular values within a modest factor, so this is close to the truncated step at a quarter of its time or less; it tells no singular values.
 * Source: Golub & Van Loan, Matrix Computations, §5.5. Throws FaultError `not-finite` (an entry), `out-of-memory`.
 */
export function pivotedStep(team: Team, jacobian: Matrix, residual: ArrayLike<number>, cutoff: number, throwIfCancelled?: () => void): { readonly direction: Float64Array; readonly rank: number } {
  const wide = jacobian.rows < jacobian.columns
  const { arena } = team
  if (!jacobian.values.every(Number.isFinite)) throw new FaultError(error('not-finite', `A Jacobian of ${jacobian.rows} × ${jacobian.columns} has an entry that is not finite, so there is no step.`))
  return released(arena, () => {
    const a = inArena(arena, jacobian, wide)
    const { rows: m, columns: n } = a
    const first = factorQr(team, a)
    const second = denseMatrix(arena, n, n)
    const [upper, columns] = [a.block.view(), second.block.view()]
    for (let i = 0; i < n; i++) for (let j = i; j < n; j++) columns[j * n + i] = upper[i * n + j]
    const { order, rank, diagonal, tau } = pivotedQr(team, second, cutoff, throwIfCancelled)
    const third = denseMatrix(arena, n, rank)
    const lower = third.block.view()
    for (let i = 0; i < n; i++) for (let j = 0; j < rank && j <= i; j++) lower[i * rank + j] = i === j ? diagonal[j] : columns[i * n + j]
    const last = factorQr(team, third)
    const tall = denseMatrix(arena, m, 1)
    const short = denseMatrix(arena, n, 1)
    const reflect = (transposed: boolean): void => team.parallel('factor.reflectRows', 0, 1, [rank, n, second.pointer, n, tau, transposed ? 1 : 0, tall.pointer, n])
    if (!wide) {
      // −P Q₂ R₂⁻ᵀ (Q₁ᵀ Q₀ᵀ r)
      tall.block.view().set(residual)
      first.apply(tall, true)
      reflect(true)
      short.block.view().set(tall.block.view().subarray(0, rank))
      team.call('dense.solveUpperTransposed', [0, 1, rank, third.pointer, rank, short.pointer, 1])
      last.apply(short, false)
      const found = short.block.view()
      const direction = new Float64Array(n)
      order.forEach((column, j) => { direction[column] = -found[j] })
      return { direction, rank }
    }
    // The transpose was factored: −Q₀ Q₁ R₂⁻¹ (Q₂ᵀ Pᵀ r)
    const right = short.block.view()
    order.forEach((column, j) => { right[j] = residual[column] })
    last.apply(short, true)
    team.call('dense.solveUpper', [0, 1, rank, third.pointer, rank, short.pointer, 1])
    tall.block.view().set(short.block.view().subarray(0, rank))
    reflect(false)
    first.apply(tall, false)
    return { direction: tall.block.view().map(d => -d), rank }
  })
}
