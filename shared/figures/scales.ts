import { log10 } from './decimal'
import type { ScaleName } from './specification'

/**
 * A map from values to [0, 1]. `u` is the transformed value in which the map is affine: the value itself, log₁₀ of it, or for symlog
 * u = v/τ for |v| ≤ τ and ±(1 + log₁₀(|v|/τ)) beyond, so that a decade is as long as the linear half.
 */
export interface Scale {
  readonly name: ScaleName
  /** Transformed ends. */
  readonly from: number
  readonly to: number
  /** Linear up to here, symlog only. */
  readonly threshold: number
  transform(value: number): number
  /** 0 at `from`, 1 at `to`, beyond outside; NaN where the scale has no place for the value (≤ 0 on a log scale). */
  position(value: number): number
}

export function createScale(name: ScaleName, lower: number, upper: number, threshold = 1): Scale {
  const transform = transformOf(name, threshold)
  const from = transform(lower)
  const to = transform(upper)
  return scaleBetween(name, from, to, threshold)
}

/** The same from transformed ends: padding a logarithmic axis happens there. */
export function scaleBetween(name: ScaleName, from: number, to: number, threshold = 1): Scale {
  const transform = transformOf(name, threshold)
  const width = to - from
  return { name, from, to, threshold, transform, position: value => (transform(value) - from) / width }
}

export function transformOf(name: ScaleName, threshold: number): (value: number) => number {
  if (name === 'linear') return value => value
  if (name === 'log') return value => (value > 0 ? log10(value) : NaN)
  return value => {
    const ratio = Math.abs(value) / threshold
    if (!(ratio > 1)) return value / threshold
    return (value < 0 ? -1 : 1) * (1 + log10(ratio))
  }
}

/** Least and greatest finite values that the scale can show. */
export function extent(values: Iterable<number>, positiveOnly: boolean): readonly [number, number] | undefined {
  let least = Infinity
  let greatest = -Infinity
  for (const v of values) {
    if (!Number.isFinite(v) || (positiveOnly && v <= 0)) continue
    if (v < least) least = v
    if (v > greatest) greatest = v
  }
  return least <= greatest ? [least, greatest] : undefined
}

/** A threshold for symlog when none is given: three decades below the greatest magnitude, a power of ten. */
export function defaultThreshold(greatest: number): number {
  return greatest > 0 ? Number(`1e${Math.floor(log10(greatest) - 3 + 1e-9)}`) : 1
}
