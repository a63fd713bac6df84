import type { Objective } from './objective'

export interface LineSearchOptions {
  /** Sufficient decrease: f(α) ≤ f(0) + c₁ α f′(0). */
  readonly decrease?: number
  /** Curvature: |f′(α)| ≤ c₂ |f′(0)|. */
  readonly curvature?: number
  readonly evaluations?: number
}

export interface LinePoint {
  readonly step: number
  readonly value: number
  /** Derivative along the direction. */
  readonly slope: number
  readonly x: Float64Array
  readonly gradient: Float64Array
}

export const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/**
 * A step length with the strong Wolfe conditions along a direction of descent: bracketing by doubling, then cubic interpolation between the two ends with bisection as safeguard.
 * Values that are not finite count as too large. Where the evaluations run out, the best point of sufficient decrease; undefined when there is none.
 * Nocedal & Wright 2006, doi:10.1007/978-0-387-40065-5, algorithms 3.5 and 3.6.
 */
export async function strongWolfe(objective: Objective, x: Float64Array, value: number, slope: number, direction: Float64Array, first: number, options: LineSearchOptions = {}): Promise<{ readonly found: LinePoint | undefined; readonly evaluations: number }> {
  const { decrease = 1e-4, curvature = 0.9, evaluations: most = 25 } = options
  let evaluations = 0
  let best: LinePoint | undefined
  const at = async (step: number): Promise<LinePoint> => {
    evaluations++
    const moved = x.map((v, i) => v + step * direction[i])
    const { value: f, gradient } = await objective.valueAndGradient(moved)
    const point = { step, value: Number.isFinite(f) ? f : Infinity, slope: dot(gradient, direction), x: moved, gradient }
    if (sufficient(point) && point.value < (best?.value ?? value)) best = point
    return point
  }
  const sufficient = (p: { readonly step: number; readonly value: number }): boolean => p.value <= value + decrease * p.step * slope
  const flat = (p: { readonly slope: number }): boolean => Math.abs(p.slope) <= -curvature * slope
  type End = Pick<LinePoint, 'step' | 'value' | 'slope'>

  /** Between `low`, the best end of sufficient decrease, and `high`. */
  const zoom = async (low: End, high: End): Promise<LinePoint | undefined> => {
    while (evaluations < most && Math.abs(high.step - low.step) > 1e-14 * Math.max(1, low.step)) {
      const point = await at(between(low, high))
      if (!sufficient(point) || point.value >= low.value) high = point
      else {
        if (flat(point)) return point
        if (point.slope * (high.step - low.step) >= 0) high = low
        low = point
      }
    }
    return best
  }

  let before: End = { step: 0, value, slope }
  let step = first
  while (evaluations < most) {
    const point = await at(step)
    if (!sufficient(point) || (evaluations > 1 && point.value >= before.value)) return { found: await zoom(before, point), evaluations }
    if (flat(point)) return { found: point, evaluations }
    if (point.slope >= 0) return { found: await zoom(point, before), evaluations }
    before = point
    step *= 2
  }
  return { found: best, evaluations }
}

/** Minimiser of the cubic through both values and slopes, kept a tenth of the interval away from its ends; the middle where it is of no use. */
function between(low: { readonly step: number; readonly value: number; readonly slope: number }, high: { readonly step: number; readonly value: number; readonly slope: number }): number {
  const middle = 0.5 * (low.step + high.step)
  if (!Number.isFinite(high.value) || !Number.isFinite(high.slope)) return middle
  const width = high.step - low.step
  const d1 = low.slope + high.slope - (3 * (high.value - low.value)) / width
  const square = d1 * d1 - low.slope * high.slope
  if (!(square >= 0)) return middle
  const d2 = Math.sign(width) * Math.sqrt(square)
  const candidate = high.step - (width * (high.slope + d2 - d1)) / (high.slope - low.slope + 2 * d2)
  const inside = Math.abs(candidate - low.step) >= 0.1 * Math.abs(width) && Math.abs(candidate - high.step) >= 0.1 * Math.abs(width) && (candidate - low.step) * (candidate - high.step) < 0
  return inside ? candidate : middle
}
