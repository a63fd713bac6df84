import { add, cast, constant, cos, div, exp, gather, less, log, maximum, minimum, mul, reshape, sub, where, type Tensor } from '../tf'

/** The learning rate of a step from the number of steps done before it (0, 1, …), inside the graph. */
export type Schedule = (step: Tensor) => Tensor

export const constantRate = (rate: number): Schedule => () => constant(rate)

export interface WarmUp {
  /** Largest rate. */
  readonly rate: number
  /** Steps that climb to it: step t of w has rate (t + 1)/w. */
  readonly warmUp?: number
  /** Steps in all; the rate stays at its last value beyond. */
  readonly steps: number
  /** Fraction of `rate` that is left at the end. */
  readonly floor?: number
}

/** Climbs, then falls along `shape`, which maps 0 … 1 to 1 … 0. */
const warmed = ({ rate, warmUp = 0, steps, floor = 0 }: WarmUp, shape: (progress: Tensor) => Tensor): Schedule => step => {
  const progress = minimum(div(maximum(sub(step, warmUp), 0), Math.max(1, steps - warmUp)), 1)
  const falling = mul(add(mul(shape(progress), 1 - floor), floor), rate)
  return warmUp === 0 ? falling : where(less(step, constant(warmUp)), mul(add(step, 1), rate / warmUp), falling)
}

/** rate (1 − (t − w)/(T − w)): the schedule that is best in the worst case. Defazio et al. 2023, arXiv:2310.07831. */
export const linearDecay = (options: WarmUp): Schedule => warmed(options, progress => sub(1, progress))

/** rate ½ (1 + cos(π (t − w)/(T − w))). Loshchilov & Hutter 2017, arXiv:1608.03983. */
export const cosineDecay = (options: WarmUp): Schedule => warmed(options, progress => mul(add(cos(mul(progress, Math.PI)), 1), 0.5))

/** rate · factor^(t/interval), without stairs. */
export const exponentialDecay = ({ rate, factor, interval }: { readonly rate: number; readonly factor: number; readonly interval: number }): Schedule =>
  step => mul(exp(mul(log(constant(factor)), div(step, interval))), rate)

/** The rates of a list, one a step; the last one from then on. */
export const tabulatedRate = (rates: Float64Array): Schedule => step => reshape(gather(constant(rates), reshape(cast(minimum(step, rates.length - 1), 'int32'), [1])), [])

/**
 * A schedule refined from the gradient norms of a finished run with any schedule: with w_t = Ĝ_t^{−p}, rate_t ∝ w_t Σ_{s > t} w_s, scaled to a largest rate of 1; Ĝ are running medians over
 * `smoothing` times the length. p = 2 with Euclidean norms for gradient descent, p = 1 with sums of absolute values for Adam and Lion. Warm-up and decay come out of the run itself.
 * Defazio et al. 2023, arXiv:2310.07831, algorithms 1 and 2.
 */
export function refinedRates(norms: ArrayLike<number>, { power = 1, smoothing = 0.1 }: { readonly power?: 1 | 2; readonly smoothing?: number } = {}): Float64Array {
  const n = norms.length
  const half = Math.max(0, Math.floor((smoothing * n) / 2))
  const weights = Float64Array.from({ length: n }, (_, t) => {
    // The ends are mirrored, so that the window keeps its length.
    const window = Float64Array.from({ length: 2 * half + 1 }, (_, k) => norms[mirrored(t - half + k, n)]).sort()
    const norm = Math.max(window[half], 1e-300)
    return power === 2 ? 1 / (norm * norm) : 1 / norm
  })
  const rates = new Float64Array(n)
  let after = 0
  for (let t = n - 1; t >= 0; t--) {
    rates[t] = weights[t] * after
    after += weights[t]
  }
  const largest = rates.reduce((most, rate) => Math.max(most, rate), 0)
  return largest > 0 ? rates.map(rate => rate / largest) : rates.fill(1)
}

const mirrored = (i: number, n: number): number => {
  const inside = i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i
  return Math.min(n - 1, Math.max(0, inside))
}
