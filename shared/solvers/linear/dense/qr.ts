import type { Team } from '../../../kernels/team'
import { denseMatrix, type DenseMatrix } from './matrix'

const panel = 32

export interface QrFactorisation {
  /** C ← Qᵀ C or Q C; C has as many rows as A. */
  apply(c: DenseMatrix, transposed: boolean): void
  /** B's first rows ← the least-squares solution of A X = B (A of full column rank). */
  solve(b: DenseMatrix): void
}

/**
 * Blocked Householder QR of a matrix with at least as many rows as columns; A becomes R above and the reflectors below its diagonal.
 * Source: Golub & Van Loan, Matrix Computations, §5.2; blocks: Schreiber & Van Loan 1989, doi:10.1137/0910005.
 */
export function factorQr(team: Team, a: DenseMatrix): QrFactorisation {
  const { rows: m, columns: n } = a
  const { arena } = team
  if (m < n) throw new Error(`QR of ${m} × ${n}: more columns than rows`)
  const tau = arena.f64(n).pointer
  const columns = arena.f64(m * panel).pointer
  const v = arena.f64(m * panel).pointer
  const vt = arena.f64(m * panel).pointer
  const t = arena.f64(panel * panel).pointer
  const work = arena.f64(panel * n).pointer

  function reflect(k0: number, c: DenseMatrix, from: number, transposed: boolean, scratch: number): void {
    const k1 = Math.min(n, k0 + panel)
    team.call('dense.blockReflector', [a.pointer, n, m, k0, k1, tau, v, vt, t])
    team.parallel('dense.applyReflector', from, c.columns, [m - k0, k1 - k0, v, vt, t, transposed ? 1 : 0, c.pointer + 8 * k0 * c.columns, c.columns, scratch], { grain: 32 })
  }
  for (let k0 = 0; k0 < n; k0 += panel) {
    const k1 = Math.min(n, k0 + panel)
    team.call('factor.panelQr', [a.pointer, n, m, k0, k1, tau, columns])
    if (k1 < n) reflect(k0, a, k1, true, work)
  }
  const apply = (c: DenseMatrix, transposed: boolean): void => {
    const mark = arena.mark()
    const scratch = arena.f64(panel * c.columns).pointer
    const starts = Array.from({ length: Math.ceil(n / panel) }, (_, i) => i * panel)
    // Q = H₁ H₂ …: its transpose takes the first reflector first.
    for (const k0 of transposed ? starts : starts.reverse()) reflect(k0, c, 0, transposed, scratch)
    arena.release(mark)
  }
  return {
    apply,
    solve(b) {
      apply(b, true)
      team.parallel('dense.solveUpper', 0, b.columns, [n, a.pointer, n, b.pointer, b.columns], { grain: 8 })
    },
  }
}

/** The orthonormal factor of A (m × n), A is used up. */
export function orthonormalFactor(team: Team, a: DenseMatrix): DenseMatrix {
  const q = denseMatrix(team.arena, a.rows, a.columns)
  q.block.view().forEach((_, k, all) => (all[k] = Math.floor(k / a.columns) === k % a.columns ? 1 : 0))
  factorQr(team, a).apply(q, false)
  return q
}
