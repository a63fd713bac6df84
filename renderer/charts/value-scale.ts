/** From values to positions on a colour map: f(v) = v, log₁₀ v, or sign(v)·log₁₀(1 + |v|/threshold), scaled so that [lower, upper] becomes [0, 1]. */
export type Transform = 'linear' | 'log' | 'symlog'
export const transforms: readonly Transform[] = ['linear', 'log', 'symlog']

export interface ValueScale {
  readonly transform: Transform
  readonly lower: number
  readonly upper: number
  /** Width of the linear zone of `symlog`. */
  readonly threshold: number
}

/** What a field means decides its map and its range. */
export type ValueKind = 'magnitude' | 'signed' | 'error' | 'phase'

export function forward(scale: Pick<ValueScale, 'transform' | 'threshold'>, value: number): number {
  if (scale.transform === 'log') return value > 0 ? Math.log10(value) : -Infinity
  if (scale.transform === 'symlog') return Math.sign(value) * Math.log10(1 + Math.abs(value) / scale.threshold)
  return value
}

export function inverse(scale: Pick<ValueScale, 'transform' | 'threshold'>, position: number): number {
  if (scale.transform === 'log') return 10 ** position
  if (scale.transform === 'symlog') return Math.sign(position) * scale.threshold * (10 ** Math.abs(position) - 1)
  return position
}

/** Below 0 and above 1 mean outside the range; NaN stays NaN. */
export function normalise(scale: ValueScale, value: number): number {
  if (Number.isNaN(value)) return NaN
  const a = forward(scale, scale.lower)
  const b = forward(scale, scale.upper)
  return (forward(scale, value) - a) / (b - a)
}

export function denormalise(scale: ValueScale, position: number): number {
  const a = forward(scale, scale.lower)
  const b = forward(scale, scale.upper)
  return inverse(scale, a + position * (b - a))
}

/** Signed when both signs carry weight: an undershoot of a few per cent does not turn a magnitude into a signed field. */
export function valueKind(minimum: number, maximum: number): 'magnitude' | 'signed' {
  return minimum < 0 && maximum > 0 && -minimum > 0.05 * maximum && maximum > 0.05 * -minimum ? 'signed' : 'magnitude'
}

/** Decades shown below the largest error where the smallest is zero or far away. */
const errorDecades = 6

/**
 * The range a view starts with: symmetric about zero for signed fields, [min, max] for magnitudes, at most six decades for errors.
 * A constant field gets a range around its value, so that it is drawn in the middle of the map.
 */
export function fittedScale(minimum: number, maximum: number, kind: ValueKind, transform: Transform = kind === 'error' ? 'log' : 'linear'): ValueScale {
  if (!Number.isFinite(minimum) || !Number.isFinite(maximum)) return { transform, lower: transform === 'log' ? 1e-1 : 0, upper: 1, threshold: 1e-3 }
  let lower = minimum
  let upper = maximum
  if (transform === 'log') {
    const top = upper > 0 ? upper : 1
    const bottom = Math.max(lower, top * 10 ** -errorDecades)
    return { transform, lower: bottom < top ? bottom : top / 10, upper: top, threshold: top * 1e-3 }
  }
  if (kind === 'signed') {
    upper = Math.max(Math.abs(lower), Math.abs(upper))
    lower = -upper
  }
  if (!(upper > lower)) {
    const half = Math.abs(upper) * 0.1 || 1
    lower -= half
    upper += half
  }
  return { transform, lower, upper, threshold: Math.max(Math.abs(lower), Math.abs(upper)) * 1e-3 }
}

/** A typed range under a transform, made usable: ordered, not empty, positive for `log`. */
export function typedScale(range: readonly [number, number], transform: Transform): ValueScale {
  let [lower, upper] = range[0] <= range[1] ? range : [range[1], range[0]]
  if (transform === 'log') {
    if (!(upper > 0)) upper = 1
    if (!(lower > 0)) lower = upper * 10 ** -errorDecades
  }
  if (!(upper > lower)) upper = lower + (Math.abs(lower) || 1) * 0.1
  return { transform, lower, upper, threshold: Math.max(Math.abs(lower), Math.abs(upper)) * 1e-3 }
}
