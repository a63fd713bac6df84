import { FaultError } from '../../fault'
import type { Team } from '../../kernels/team'
import { denseMatrix } from '../../solvers/linear/dense/matrix'
import { solveDamped } from '../factorisation'
import { released } from '../factorisation/matrix'
import { dot } from './line-search'

/** A loss Σ r², or one with the gradient 2g and a curvature near 2JᵀJ, linearised by products of J with itself. All arrays are valid until the next call of `at`. */
export interface NormalEquations {
  readonly dimension: number
  at(parameters: Float64Array, previous?: Float64Array): Promise<LinearisedProducts>
  /** Jᵀ w; only asked for with `rows`. */
  transposed(parameters: Float64Array, w: Float64Array): Promise<Float64Array>
  loss(parameters: Float64Array): Promise<number>
}

export interface LinearisedProducts {
  /** JᵀJ [dimension, dimension] with `gradient`, or JJᵀ [rows, rows] with `residual`. */
  readonly of: 'columns' | 'rows'
  readonly gram: ArrayLike<number>
  /** r, of rows. */
  readonly residual?: ArrayLike<number>
  /** g = Jᵀr, or half the gradient of the loss; of rows only where the loss is no sum of squares. */
  readonly gradient?: ArrayLike<number>
  /** J times the step before, of rows with momentum. */
  readonly pushed?: ArrayLike<number>
  /** J g, of rows with a gradient. */
  readonly pushedGradient?: ArrayLike<number>
}

export interface DampedDirection {
  readonly direction: Float64Array
  /** By how much the linear model of the loss falls, > 0. */
  readonly predicted: number
}

/** Σ σ², the sum of the squared singular values of J: trace JᵀJ = trace JJᵀ. Dampings are shares of it, so that they mean the same for both products. */
export function traceOf({ gram }: LinearisedProducts): number {
  const n = Math.round(Math.sqrt(gram.length))
  let trace = 0
  for (let i = 0; i < n; i++) trace += gram[i * (n + 1)]
  return trace
}

/**
 * The direction d that minimises ‖J d + r‖² + λ‖d − μφ‖² (φ the step before; μ = 0: Levenberg and Marquardt's):
 *
 *   columns: (JᵀJ + λI) d = −g + λμφ;        rows: d = μφ − Jᵀ(JJᵀ + λI)⁻¹(r + μJφ)   (Woodbury's identity),
 *   rows of a loss that is no sum of squares: d = μφ − g/λ + Jᵀ(JJᵀ + λI)⁻¹(Jg/λ − μJφ).
 *
 * The second is the SPRING direction of Goldshlager, Abrahamsen & Lin 2024, doi:10.1016/j.jcp.2024.113351, eq. 27. Undefined where JᵀJ + λI or JJᵀ + λI has no Cholesky factors: λ is below rounding.
 */
export async function dampedDirection(team: Team, problem: NormalEquations, parameters: Float64Array, products: LinearisedProducts, damping: number, momentum = 0, previous?: Float64Array): Promise<DampedDirection | undefined> {
  const { of, residual, gradient, pushed, pushedGradient } = products
  const drift = momentum !== 0 && previous ? previous.map(p => momentum * p) : undefined
  if (of === 'columns') {
    const direction = solve(team, products.gram, Float64Array.from(gradient!, (g, i) => -g + (drift ? damping * drift[i] : 0)), damping)
    return direction && { direction, predicted: fall(gradient!, direction, damping, drift) }
  }
  const push = (i: number): number => (drift && pushed ? momentum * pushed[i] : 0)
  const right = gradient ? Float64Array.from(pushedGradient!, (p, i) => p / damping - push(i)) : Float64Array.from(residual!, (r, i) => -r - push(i))
  const w = solve(team, products.gram, right, damping)
  if (!w) return undefined
  const direction = await problem.transposed(parameters, w)
  for (let j = 0; j < direction.length; j++) direction[j] += (drift ? drift[j] : 0) - (gradient ? gradient[j] / damping : 0)
  if (gradient) return { direction, predicted: fall(gradient, direction, damping, drift) }
  // What remains of the residual is −λ w.
  const before = Array.prototype.reduce.call(residual!, (s: unknown, r: unknown) => (s as number) + (r as number) * (r as number), 0) as number
  return { direction, predicted: before - damping * damping * dot(w, w) }
}

/** −(2gᵀd + dᵀJᵀJd), with JᵀJd = −g + λμφ − λd. */
function fall(gradient: ArrayLike<number>, d: Float64Array, damping: number, drift: Float64Array | undefined): number {
  let change = 0
  for (let j = 0; j < d.length; j++) change += d[j] * (gradient[j] + damping * ((drift ? drift[j] : 0) - d[j]))
  return -change
}

function solve(team: Team, gram: ArrayLike<number>, right: Float64Array, damping: number): Float64Array | undefined {
  try {
    return released(team.arena, () => solveDamped(team, denseMatrix(team.arena, right.length, right.length, gram), right, damping))
  } catch (reason) {
    if (reason instanceof FaultError && reason.faults[0].code === 'indefinite-operator') return undefined
    throw reason
  }
}
