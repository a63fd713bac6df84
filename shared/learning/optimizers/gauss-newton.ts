import type { Team } from '../../kernels/team'
import { truncatedSvd } from '../factorisation'

/** Residuals r(θ) with Σ r² the loss, as functions of all parameters in one vector. */
export interface LeastSquares {
  readonly dimension: number
  /** r [rows] and J = ∂r/∂θ [rows, dimension], row-major; valid until the next call. */
  residualsAndJacobian(parameters: Float64Array): Promise<{ readonly residual: Float64Array; readonly jacobian: Float64Array }>
  /** Σ r². */
  loss(parameters: Float64Array): Promise<number>
}

export interface GaussNewtonOptions {
  /**
   * Singular values below this share of the largest are left out. 1e-10 suits double precision; 1e-4, which lowers the loss fastest at first, ends in a valley a million times higher
   * (measured on Poisson 2-D: 4e-7 against 3e-18).
   */
  readonly cutoff: number
  /** Halvings of the step before it counts as failed. */
  readonly halvings?: number
}

/** What goes on from step to step, and what a checkpoint stores. */
export interface GaussNewtonState {
  readonly parameters: Float64Array
  readonly loss: number
}

export interface GaussNewtonStep extends GaussNewtonState {
  /** Singular values kept, and the length of the step as a share of the whole one (0: no step lowered the loss). */
  readonly rank: number
  readonly length: number
}

export const initialGaussNewton = async (problem: LeastSquares, parameters: Float64Array): Promise<GaussNewtonState> => ({ parameters, loss: await problem.loss(parameters) })

/**
 * One step of Gauss–Newton with a truncated pseudo-inverse: θ ← θ − 2⁻ᵏ J⁺r, the first k after which halving no longer helps. In function space it is the energy natural gradient of the
 * least-squares loss (Müller & Zeinhofer 2023, arXiv:2302.13163). The loss never grows: a step that does not lower it is not taken.
 */
export async function gaussNewtonStep(problem: LeastSquares, state: GaussNewtonState, { cutoff, halvings = 30 }: GaussNewtonOptions, team: Team): Promise<GaussNewtonStep> {
  const { residual, jacobian } = await problem.residualsAndJacobian(state.parameters)
  const { direction, rank } = truncatedSvd(team, { rows: residual.length, columns: problem.dimension, values: jacobian }, residual, { negligible: cutoff }).step(cutoff)
  const found = await lineSearch(problem, state, direction, halvings)
  return found ? { ...found, rank } : { ...state, rank, length: 0 }
}

/** Halves while the loss falls; undefined when no length lowers it. */
async function lineSearch(problem: LeastSquares, { parameters, loss }: GaussNewtonState, direction: Float64Array, halvings: number): Promise<{ parameters: Float64Array; loss: number; length: number } | undefined> {
  let best: { parameters: Float64Array; loss: number; length: number } | undefined
  for (let k = 0, length = 1; k <= halvings; k++, length /= 2) {
    const moved = parameters.map((p, i) => p + length * direction[i])
    const now = await problem.loss(moved)
    if (now < (best?.loss ?? loss)) best = { parameters: moved, loss: now, length }
    else if (best) break
  }
  return best
}
