import type { Team } from '../../kernels/team'
import { factorSvd, type SvdOptions } from '../../solvers/linear/dense/svd'
import { inArena, released, type Matrix } from './matrix'

/** min ‖J d + r‖ by singular values: J = Σ_k σ_k u_k v_kᵀ, so d = −Σ_k (u_kᵀ r / σ_k) v_k over the terms that are kept. */
export interface TruncatedSvd {
  /** σ, decreasing. Those below `negligible` times the largest were not looked for. */
  readonly values: Float64Array
  /** u_kᵀ r, or v_kᵀ (Jᵀr) / σ_k where Jᵀr was given. */
  readonly coefficients: Float64Array
  /** v_k as rows: values.length × parameters. */
  readonly directions: Matrix
  /** The step −J⁺r over the singular values above `cutoff` times the largest. */
  step(cutoff: number): TruncatedStep
}

export interface TruncatedStep {
  /** −J⁺ r, one number per parameter. */
  readonly direction: Float64Array
  /** Terms kept. */
  readonly rank: number
  /** ‖J d + r‖², what the linear model promises; where Jᵀr was given, −‖J d‖², by how much it promises to fall. */
  readonly predicted: number
}

/** The rounding of the entries of a Jacobian hides smaller columns. */
const rounding = 2 ** -53

/**
 * The singular values of a Jacobian of any shape with the coefficients of a residual; steps at several cut-offs cost no further factorisation. Nothing stays in the arena.
 * Throws FaultError `not-finite`, `out-of-memory`.
 *
 * @param options.gradient Jᵀr instead of r, one number for each parameter: then the residual is not looked at and may be zeros (a function with the gradient 2Jᵀr and the curvature 2JᵀJ that is no sum of squares)
 * @param options.negligible see `SvdOptions`; 2⁻⁵³ by default, 0 finds all values
 */
export function truncatedSvd(team: Team, jacobian: Matrix, residual: ArrayLike<number>, { negligible = rounding, throwIfCancelled, gradient }: SvdOptions & { readonly gradient?: ArrayLike<number> } = {}): TruncatedSvd {
  const { rows, columns } = jacobian
  if (residual.length !== rows) throw new Error(`a residual of ${residual.length} numbers for ${rows} rows`)
  const total = gradient ? 0 : Array.prototype.reduce.call(residual, (sum: unknown, r: unknown) => (sum as number) + (r as number) * (r as number), 0) as number
  const wide = rows < columns
  const { values, coefficients, directions } = released(team.arena, () => {
    const svd = factorSvd(team, inArena(team.arena, jacobian, wide), { negligible, throwIfCancelled })
    const right = svd.right.block.view()
    const vectors: Matrix = { rows: svd.rank, columns, values: (wide ? svd.left().block.view() : right).slice() }
    if (gradient) return { values: svd.values, coefficients: times(vectors.values, svd.rank, gradient).map((g, k) => g / svd.values[k]), directions: vectors }
    return { values: svd.values, coefficients: wide ? times(right, svd.rank, residual) : svd.project(residual), directions: vectors }
  })
  return {
    values, coefficients, directions,
    step(cutoff) {
      const direction = new Float64Array(columns)
      let kept = 0
      let captured = 0
      for (; kept < values.length && values[kept] > cutoff * values[0]; kept++) {
        const scale = coefficients[kept] / values[kept]
        captured += coefficients[kept] * coefficients[kept]
        const row = directions.values.subarray(kept * columns, (kept + 1) * columns)
        for (let j = 0; j < columns; j++) direction[j] -= scale * row[j]
      }
      return { direction, rank: kept, predicted: gradient ? -captured : Math.max(0, total - captured) }
    },
  }
}

function times(a: Float64Array, rows: number, x: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: rows }, (_, k) => {
    let sum = 0
    for (let j = 0; j < x.length; j++) sum += a[k * x.length + j] * x[j]
    return sum
  })
}
