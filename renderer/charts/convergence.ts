/** Orders of convergence: ‖u_h − u‖ ≈ C hᵖ. */
export interface FittedOrder {
  readonly order: number
  readonly constant: number
  /** Number of (finest) points that the fit used. */
  readonly points: number
}

/**
 * Least squares of log error against log h over the finer half of the points, at least the last three, where the asymptotic range is nearest.
 * Points must be ordered from coarse to fine; those that are not positive are left out. Undefined for fewer than two.
 */
export function fittedOrder(h: ArrayLike<number>, errors: ArrayLike<number>): FittedOrder | undefined {
  const all = Array.from(h, (v, i) => [v, errors[i]] as const).filter(([a, b]) => a > 0 && b > 0 && Number.isFinite(a) && Number.isFinite(b))
  const used = all.slice(Math.min(Math.max(0, all.length - 3), Math.floor(all.length / 2)))
  if (used.length < 2) return undefined
  const x = used.map(([a]) => Math.log(a))
  const y = used.map(([, b]) => Math.log(b))
  const mean = (v: readonly number[]): number => v.reduce((s, a) => s + a, 0) / v.length
  const [mx, my] = [mean(x), mean(y)]
  const spread = x.reduce((s, v) => s + (v - mx) ** 2, 0)
  if (!(spread > 0)) return undefined
  const order = x.reduce((s, v, i) => s + (v - mx) * (y[i] - my), 0) / spread
  return { order, constant: Math.exp(my - order * mx), points: used.length }
}

/** Corners of a slope triangle below a curve, in data: the hypotenuse rises by `order` decades per decade of h. */
export function slopeTriangle(h: ArrayLike<number>, errors: ArrayLike<number>, order: number, gap = 0.5): { readonly left: readonly [number, number]; readonly right: readonly [number, number] } | undefined {
  const points = Array.from(h, (v, i) => [v, errors[i]] as const).filter(([a, b]) => a > 0 && b > 0)
  if (points.length < 2) return undefined
  const logs = points.map(([a]) => Math.log(a))
  const [low, high] = [Math.min(...logs), Math.max(...logs)]
  const from = Math.exp(low + 0.42 * (high - low))
  const to = Math.exp(low + 0.72 * (high - low))
  // Low enough to stay clear of the curve over the whole base.
  const clear = points.filter(([a]) => a >= from * 0.5 && a <= to * 2)
  const base = Math.min(...(clear.length > 0 ? clear : points).map(([a, b]) => b / a ** order)) * gap
  return { left: [from, base * from ** order], right: [to, base * to ** order] }
}
