import type { Block } from '../../../kernels/team'
import type { LinearRun } from '../krylov/solver'

export interface EigenLimits {
  /** How many eigenpairs, the smallest (lobpcg) or those nearest to the shift (lanczos). */
  readonly count: number
  /** A pair counts as found at ‖A x − λ B x‖ ≤ tolerance · |λ| ‖B x‖; 1e-8 by default (eigenvalues are then right to about its square). */
  readonly tolerance?: number
  /** 200 by default. */
  readonly maximumIterations?: number
  readonly run?: LinearRun
}

export interface EigenPairs {
  /** Increasing. */
  readonly values: Float64Array
  /** xᵢᵀ B xⱼ = δᵢⱼ; the largest component of each is positive. */
  readonly vectors: readonly Block[]
  /** ‖A x − λ B x‖ / (|λ| ‖B x‖) of every pair (‖B x‖ in place of |λ| ‖B x‖ where λ = 0). */
  readonly residuals: Float64Array
  readonly iterations: number
  readonly converged: boolean
  readonly method: 'lobpcg' | 'lanczos'
}

/** Reproducible starting values in (−1, 1). */
export function fillStart(x: Float64Array, seed: number): void {
  let state = (seed * 2654435761) | 0
  for (let i = 0; i < x.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    x[i] = state / 2 ** 31
  }
}

/** Turns x so that its largest component is positive. */
export function orient(x: Float64Array): void {
  let most = 0
  for (const value of x) if (Math.abs(value) > Math.abs(most) * (1 + 1e-8)) most = value
  if (most < 0) for (let i = 0; i < x.length; i++) x[i] = -x[i]
}
