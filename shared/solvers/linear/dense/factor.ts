import { error, FaultError } from '../../../fault'
import type { Team } from '../../../kernels/team'
import type { DenseMatrix } from './matrix'

const panel = 32
const updateRows = 64

export interface DenseFactorisation {
  /** B ← A⁻¹ B in place; the right-hand sides are the columns of B. */
  solve(b: DenseMatrix): void
}

/**
 * Blocked LDLᵀ of a symmetric positive definite matrix (the square roots of Cholesky's method are not needed); A's upper triangle becomes D Lᵀ.
 * Source: Golub & Van Loan, Matrix Computations, §4.1–4.2. Throws FaultError `indefinite-operator` naming the row of a pivot that is not positive.
 */
export function factorCholesky(team: Team, a: DenseMatrix): DenseFactorisation {
  const n = a.rows
  for (let k0 = 0; k0 < n; k0 += panel) {
    const k1 = Math.min(n, k0 + panel)
    const done = team.call('fronts.panelSymmetric', [a.pointer, n, n, k0, k1, 1, 0])
    if (done < 0) throw new FaultError(error('indefinite-operator', `The matrix is not positive definite: the pivot of row ${-1 - done} is not positive.`, { tip: 'Use LU, or a least-squares solution.' }))
    team.parallel('fronts.updateSymmetric', 0, Math.ceil((n - k1) / updateRows), [a.pointer, n, n, k0, k1])
  }
  return {
    solve(b) {
      // The lower triangle holds L of each panel's columns below it; L with unit diagonal is complete there.
      team.parallel('dense.solveLowerUnit', 0, b.columns, [n, a.pointer, n, b.pointer, b.columns], { grain: 8 })
      team.parallel('dense.solveUpper', 0, b.columns, [n, a.pointer, n, b.pointer, b.columns], { grain: 8 })
    },
  }
}

/**
 * Blocked LU with partial pivoting; A becomes L \ U with its rows in the order of the pivots. Source: Golub & Van Loan, §3.4.
 * Throws FaultError `singular-matrix` naming the column without a pivot.
 */
export function factorLU(team: Team, a: DenseMatrix): DenseFactorisation {
  const n = a.rows
  const names = team.arena.bytes(4 * n)
  new Int32Array(team.arena.memory.buffer, names, n).forEach((_, i, all) => (all[i] = i))
  for (let k0 = 0; k0 < n; k0 += panel) {
    const k1 = Math.min(n, k0 + panel)
    const done = team.call('fronts.panelGeneral', [a.pointer, n, n, k0, k1, n, 0, 2, names])
    if (done < k1) throw new FaultError(error('singular-matrix', `The matrix is singular: column ${done} has no pivot.`))
    team.parallel('fronts.solveRows', k1, n, [a.pointer, n, k0, k1], { grain: 64 })
    team.parallel('fronts.updateGeneral', 0, Math.ceil((n - k1) / updateRows), [a.pointer, n, n, k0, k1, k1])
  }
  return {
    solve(b) {
      const order = new Int32Array(team.arena.memory.buffer, names, n)
      const view = b.block.view()
      const copy = view.slice()
      order.forEach((row, i) => view.set(copy.subarray(row * b.columns, (row + 1) * b.columns), i * b.columns))
      team.parallel('dense.solveLowerUnit', 0, b.columns, [n, a.pointer, n, b.pointer, b.columns], { grain: 8 })
      team.parallel('dense.solveUpper', 0, b.columns, [n, a.pointer, n, b.pointer, b.columns], { grain: 8 })
    },
  }
}
