/** Relative rounding of float64 and float32 numbers. */
export const precisions = { float64: 2 ** -52, float32: 2 ** -23 } as const

export interface Cutoff {
  /** Singular values above this fraction of the largest are kept. */
  readonly cutoff: number
  readonly rank: number
  /** σ of the last kept over σ of the first dropped; Infinity when nothing is dropped. */
  readonly gap: number
}

/** How far from its first guess a cut-off moves to meet a gap, as a factor. */
const reach = 3

/**
 * A cut-off for steps −J⁺r from the decay of the singular values. Rounding of the entries of J, ε‖J‖ in size, turns a direction with the singular value τσ₁ by about ε/τ, and leaving it out costs a part τ of the
 * model: both are √ε at τ = √ε. Around that (a factor 3 to both sides) the rule cuts in the widest gap, so that values which belong together stay together. A spectrum that ends above is kept whole.
 *
 * `precision` is that of the numbers that J was computed in: 2⁻⁵² gives cut-offs near 1.5e-8, 2⁻²³ near 3.5e-4.
 */
export function automaticCutoff(values: ArrayLike<number>, precision: number = precisions.float64): Cutoff {
  const guess = Math.sqrt(precision)
  const relative = (k: number): number => (values[0] > 0 ? values[k] / values[0] : 0)
  let rank = 0
  let widest = 0
  for (let k = 0; k < values.length && relative(k) > guess / reach; k++) {
    // Cutting behind k: between it and the next.
    const next = k + 1 < values.length ? relative(k + 1) : 0
    const gap = next > 0 ? relative(k) / next : Infinity
    if (next < guess * reach && gap > widest) {
      rank = k + 1
      widest = gap
    }
  }
  if (rank === 0 || rank === values.length) return { cutoff: rank === 0 ? guess : relative(rank - 1) / 2, rank, gap: Infinity }
  return { cutoff: Math.sqrt(relative(rank - 1) * relative(rank)), rank, gap: widest }
}
