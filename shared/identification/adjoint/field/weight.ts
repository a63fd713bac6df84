/** A regularised solution. */
export interface Regularised {
  readonly m: Float64Array
  /** √(mean square residual) in standard deviations of the data. */
  readonly misfit: number
  readonly weight: number
  readonly converged: boolean
}

export interface WeightChoice {
  /** Taken as it is. */
  readonly weight?: number
  /** Noise of the data as a fraction of their standard deviation. */
  readonly noise?: number
}

const firstWeight = 1
const leastWeight = 1e-10
/** Without noise: below it more of the grid's error than of the field is found, in ever more steps. */
const leastCleanWeight = 1e-7
/** Halvings of the decade in which the misfit crosses the noise. */
const halvings = 4
/** A tenth of the weight that leaves more than this of the misfit gains nothing any more: what remains is the error of the grid. It counts only after a decade that left less than `falling`: at large weights the field is
 * held near a constant, and the misfit is as slow. */
const stagnant = 0.8
const falling = 0.5

/**
 * The weight of the regularisation: the one given; or by the discrepancy principle of Morozov the largest whose misfit is not above the noise; or, without noise, the one after which a tenth of it lets the misfit fall by less than a
 * fifth. Every solution starts from that of the larger weight before it.
 *
 * Source: V. A. Morozov 1966; Vogel 2002, §7.3, doi:10.1137/1.9780898717570.
 */
export function regularised(solve: (weight: number, start: Float64Array) => Regularised, start: Float64Array, { weight, noise }: WeightChoice): Regularised & { readonly reached: boolean } {
  if (weight !== undefined) return { ...solve(weight, start), reached: true }
  let before = solve(firstWeight, start)
  if (noise !== undefined && before.misfit <= noise) return { ...before, reached: true }
  let stalls = 0
  let fell = false
  for (;;) {
    const next = solve(0.1 * before.weight, before.m)
    if (noise !== undefined && next.misfit <= noise) return { ...between(solve, before, next, noise), reached: true }
    fell ||= next.misfit < falling * before.misfit
    stalls = fell && next.misfit > stagnant * before.misfit ? stalls + 1 : 0
    if (noise === undefined && stalls > 0) return { ...before, reached: true }
    if (next.weight <= 1.001 * (noise === undefined ? leastCleanWeight : leastWeight) || stalls > 2) return { ...next, reached: noise === undefined }
    before = next
  }
}

function between(solve: (weight: number, start: Float64Array) => Regularised, above: Regularised, below: Regularised, noise: number): Regularised {
  let [from, best] = [above, below]
  for (let k = 0; k < halvings; k++) {
    const middle = solve(Math.sqrt(from.weight * best.weight), from.m)
    if (middle.misfit <= noise) best = middle
    else from = middle
  }
  return best
}
