import type { Team } from '../../kernels/team'
import { dampedDirection, traceOf, type NormalEquations } from './normal-equations'

export interface SpringOptions {
  /** μ: how much of the last step is kept where the new residuals say nothing. */
  readonly momentum: number
  /** First damping, as a share of Σσ². */
  readonly damping: number
  /** Whether the damping follows how well the linear model told the fall of the loss. */
  readonly automatic: boolean
  /** Least damping: below it the rounding of JJᵀ is fitted rather than the residual. */
  readonly least: number
}

/** The entries of a product of n rows are off by ε Σσ²/n each, its eigenvalues by about ε Σσ²/√n. */
export const leastDamping = { float64: 1e-15, float32: 1e-8 } as const

export interface SpringState {
  readonly parameters: Float64Array
  /** φ, the last step as it was taken. */
  readonly previous: Float64Array
  readonly damping: number
  /** Loss at the step before, on its points, before it was taken; Infinity at first. */
  readonly level: number
}

/**
 * The share of all directions that the points of a step determine, at most 0.9. With random points that determine a share q of equally important directions, the mean square of the error stays bounded only for
 * (1 − q)(μ + 2μ²) < 1; in a hundred dimensions (q = 0.04) μ = 0.9 stood still where μ = 0 went on falling, in ten (q = 0.8) it was worth a factor of two (docs/methods/training.md).
 */
export const automaticMomentum = (rows: number, parameters: number): number => Math.min(0.9, rows / parameters)

/** New points whose loss is so many times the last ones' tell that the memory leads astray. */
const astray = 2
const halvings = 12
/** A model that tells three quarters of the fall and more may be trusted further; one that tells less than a quarter was trusted too far. */
const [good, poor] = [0.75, 0.25]
const largest = 1

/**
 * One step of SPRING (subsampled projected-increment natural gradient): θ ← θ + 2⁻ᵏd, d = argmin ‖J d + r‖² + λ‖d − μφ‖², on the points of this step alone. Where they do not determine the step, it goes on as the
 * last one went, so that what was learned from earlier points is kept: Kaczmarz' method with momentum. k is the first halving after which the loss of these points falls no further.
 * A loss that jumps from one set of points to the next drops the memory. λ, a share of Σσ², is halved after steps whose fall of the loss was foretold and raised after others (as in Levenberg–Marquardt).
 *
 * Goldshlager, Abrahamsen & Lin 2024, doi:10.1016/j.jcp.2024.113351; for residuals of equations Guzmán-Cordero, Dangel, Goldshlager & Zeinhofer 2025, arXiv:2505.12149.
 */
export async function springStep(problem: NormalEquations, loss: number, { parameters, previous: remembered, damping, level }: SpringState, { momentum, automatic, least }: SpringOptions, team: Team): Promise<SpringState & { readonly length: number }> {
  const previous = loss > astray * level ? remembered.map(() => 0) : remembered
  const products = await problem.at(parameters, previous)
  const trace = traceOf(products)
  let lambda = damping
  let found = await dampedDirection(team, problem, parameters, products, lambda * trace, momentum, previous)
  while (!found && lambda < largest) found = await dampedDirection(team, problem, parameters, products, (lambda *= 10) * trace, momentum, previous)
  if (!found) return { parameters, previous: previous.map(() => 0), damping: lambda, level: loss, length: 0 }
  let best: { parameters: Float64Array; loss: number; length: number } | undefined
  let ratio = -1
  for (let k = 0, length = 1; k <= halvings; k++, length /= 2) {
    const moved = parameters.map((p, j) => p + length * found.direction[j])
    const now = await problem.loss(moved)
    if (k === 0) ratio = (loss - now) / found.predicted
    if (now < (best?.loss ?? loss)) best = { parameters: moved, loss: now, length }
    else if (best) break
  }
  if (automatic) lambda = Math.min(largest, Math.max(least, ratio > good ? lambda / 2 : ratio > poor ? lambda : 3 * lambda))
  // A direction that lowers nothing has lost touch: the memory is given up.
  if (!best) return { parameters, previous: previous.map(() => 0), damping: lambda, level: loss, length: 0 }
  const { length } = best
  return { parameters: best.parameters, previous: found.direction.map(d => length * d), damping: lambda, level: loss, length }
}
