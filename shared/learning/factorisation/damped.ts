import { error, FaultError } from '../../fault'
import type { Team } from '../../kernels/team'
import { factorCholesky, type DenseFactorisation } from '../../solvers/linear/dense/factor'
import { denseMatrix, type DenseMatrix } from '../../solvers/linear/dense/matrix'
import { gramOfColumns, gramOfRows } from './gram'
import { released, type Matrix } from './matrix'

/**
 * Cholesky factors of G + λ I; G, in the arena, is used up and holds them.
 * Throws FaultError `indefinite-operator` that names the damping and the failing pivot: G is not positive semidefinite, or λ is below its rounding errors (about 10⁻¹⁶ n times its largest entry).
 */
export function factorDamped(team: Team, gram: DenseMatrix, damping: number): DenseFactorisation {
  const n = gram.rows
  const view = gram.block.view()
  for (let i = 0; i < n; i++) view[i * (n + 1)] += damping
  if (!view.every(Number.isFinite)) throw new FaultError(error('not-finite', `The ${n} × ${n} matrix of a damped step has an entry that is not finite.`, {
    tip: 'The loss or its derivatives leave the range of numbers: look for first values, weights and parameters beyond 1e150, and for divisions by zero.',
  }))
  try {
    return factorCholesky(team, gram)
  } catch (problem) {
    if (!(problem instanceof FaultError)) throw problem
    const pivot = /row (\d+)/.exec(problem.faults[0].message)?.[1] ?? '0'
    throw new FaultError(error('indefinite-operator', `The Gauss–Newton matrix with damping ${Number(damping.toPrecision(3))} is not positive definite: the pivot of row ${pivot} of ${n} is not positive.`, {
      tip: 'Raise the damping, or use the truncated step.',
    }))
  }
}

/**
 * The step of Levenberg and Marquardt, d = −(JᵀJ + λI)⁻¹ Jᵀ r. With fewer residuals than parameters the same by Woodbury's identity, d = −Jᵀ (JJᵀ + λI)⁻¹ r. The condition number of J enters squared:
 * below λ ≈ 10⁻¹⁴ ‖J‖² the truncated step is the accurate one. Levenberg 1944, doi:10.1090/qam/10666; Marquardt 1963, doi:10.1137/0111030.
 *
 * @param damping λ > 0, absolute
 */
export function dampedStep(team: Team, jacobian: Matrix, residual: ArrayLike<number>, damping: number): Float64Array {
  const wide = jacobian.rows < jacobian.columns
  return released(team.arena, () => {
    const gram = wide ? gramOfRows(team, jacobian) : gramOfColumns(team, jacobian)
    if (wide) return timesTransposed(jacobian, solveDamped(team, gram, residual, damping)).map(d => -d)
    return solveDamped(team, gram, timesTransposed(jacobian, residual), damping).map(d => -d)
  })
}

/** (G + λ I)⁻¹ b; G, in the arena, is used up. */
export function solveDamped(team: Team, gram: DenseMatrix, b: ArrayLike<number>, damping: number): Float64Array {
  const factors = factorDamped(team, gram, damping)
  return released(team.arena, () => {
    const column = denseMatrix(team.arena, gram.rows, 1, b)
    factors.solve(column)
    return column.block.view().slice()
  })
}

/** Jᵀ r, one number per parameter: the gradient of ½‖r‖². */
export function timesTransposed({ rows, columns, values }: Matrix, residual: ArrayLike<number>): Float64Array {
  const result = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    const r = residual[i]
    const row = i * columns
    for (let j = 0; j < columns; j++) result[j] += r * values[row + j]
  }
  return result
}
