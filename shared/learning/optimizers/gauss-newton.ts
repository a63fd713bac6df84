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
  /** Singular values below this share of the largest are left out; `auto` tries its neighbours at every step and keeps what lowers the loss most. */
  readonly cutoff: number | 'auto'
  /** Halvings of the step before it counts as failed. */
  readonly halvings?: number
}

/** What goes on from step to step, and what a checkpoint stores. */
export interface GaussNewtonState {
  readonly parameters: Float64Array
  /** Of the last step, where `auto` begins the next. */
  readonly cutoff: number
  readonly loss: number
}

export interface GaussNewtonStep extends GaussNewtonState {
  /** Singular values kept, and the length of the step as a share of the whole one (0: no step lowered the loss). */
  readonly rank: number
  readonly length: number
}

const cutoffs = { largest: 1e-2, smallest: 1e-15, first: 1e-8, factor: 100 }

export const initialGaussNewton = async (problem: LeastSquares, parameters: Float64Array, { cutoff }: GaussNewtonOptions): Promise<GaussNewtonState> =>
  ({ parameters, cutoff: cutoff === 'auto' ? cutoffs.first : cutoff, loss: await problem.loss(parameters) })

/**
 * One step of Gauss–Newton with a truncated pseudo-inverse: θ ← θ − 2⁻ᵏ J⁺r, the first k after which halving no longer helps. In function space it is the energy natural gradient of the
 * least-squares loss (Müller & Zeinhofer 2023, arXiv:2302.13163). The loss never grows: a step that does not lower it is not taken.
 */
export async function gaussNewtonStep(problem: LeastSquares, state: GaussNewtonState, options: GaussNewtonOptions, team: Team): Promise<GaussNewtonStep> {
  const { residual, jacobian } = await problem.residualsAndJacobian(state.parameters)
  const svd = truncatedSvd(team, { rows: residual.length, columns: problem.dimension, values: jacobian }, residual)
  const tried = options.cutoff === 'auto' ? [state.cutoff, state.cutoff * cutoffs.factor, state.cutoff / cutoffs.factor].filter(c => c <= cutoffs.largest && c >= cutoffs.smallest) : [options.cutoff]
  let best: GaussNewtonStep = { ...state, rank: 0, length: 0 }
  for (const cutoff of tried) {
    const { direction, rank } = svd.step(cutoff)
    const found = await lineSearch(problem, state, direction, options.halvings ?? 30)
    if (found && found.loss < best.loss) best = { ...found, cutoff, rank }
  }
  // Nothing helped: with a larger cut-off the next step is shorter and surer.
  return best.length === 0 && options.cutoff === 'auto' ? { ...best, cutoff: Math.min(cutoffs.largest, state.cutoff * cutoffs.factor) } : best
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
