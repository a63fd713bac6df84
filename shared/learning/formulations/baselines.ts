/** What the least that one can do is off by: relative L² errors over the domain, all components together. */
export interface Baselines {
  /** The best constant: √(∫(u − ū)² / ∫u²), ū the mean. */
  readonly baseline_constant: number
  /** The best function a + b·x. */
  readonly baseline_linear: number
}

/** With more coordinates the least-squares problem of the linear function costs more than a training step. */
const mostCoordinates = 200

/**
 * Errors of the best constant and the best linear function against `references`, components at the points of a quadrature ([count, dimension], row-major). In many dimensions they are small: what a sum of
 * many independent parts differs from its mean by falls like 1/√d. An error above them has learned nothing. Undefined where all references vanish or there are more than 200 coordinates.
 */
export function baselinesOf(points: Float64Array, weights: Float64Array, references: readonly Float64Array[]): Baselines | undefined {
  const count = weights.length
  const d = points.length / count
  if (d > mostCoordinates) return undefined
  const volume = weights.reduce((sum, w) => sum + w, 0)
  const centre = new Float64Array(d)
  for (let k = 0; k < count; k++) for (let i = 0; i < d; i++) centre[i] += (weights[k] * points[k * d + i]) / volume
  const x = points.map((p, at) => p - centre[at % d])
  const moments = new Float64Array(d * d)
  for (let k = 0; k < count; k++) for (let i = 0; i < d; i++) {
    const wx = weights[k] * x[k * d + i]
    for (let j = 0; j <= i; j++) moments[i * d + j] += wx * x[k * d + j]
  }
  const factors = cholesky(moments, d)
  let [constant, linear, size] = [0, 0, 0]
  for (const u of references) {
    let mean = 0
    for (let k = 0; k < count; k++) mean += (weights[k] * u[k]) / volume
    const right = new Float64Array(d)
    for (let k = 0; k < count; k++) for (let i = 0; i < d; i++) right[i] += weights[k] * x[k * d + i] * (u[k] - mean)
    const slope = solved(factors, d, right)
    for (let k = 0; k < count; k++) {
      const off = u[k] - mean
      let rest = off
      for (let i = 0; i < d; i++) rest -= slope[i] * x[k * d + i]
      constant += weights[k] * off * off
      linear += weights[k] * rest * rest
      size += weights[k] * u[k] * u[k]
    }
  }
  return size > 0 ? { baseline_constant: Math.sqrt(constant / size), baseline_linear: Math.sqrt(linear / size) } : undefined
}

/** Lower triangle of L with L Lᵀ = A; a row without a pivot (a coordinate that the others determine) stays 0 and has no slope. */
function cholesky(a: Float64Array, n: number): Float64Array {
  const l = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j]
    for (let k = 0; k < j; k++) pivot -= l[j * n + k] * l[j * n + k]
    if (!(pivot > 1e-12 * a[j * n + j])) continue
    const root = Math.sqrt(pivot)
    l[j * n + j] = root
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]
      for (let k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k]
      l[i * n + j] = sum / root
    }
  }
  return l
}

function solved(l: Float64Array, n: number, right: Float64Array): Float64Array {
  const x = right.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k]
    x[i] = l[i * n + i] > 0 ? x[i] / l[i * n + i] : 0
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k]
    x[i] = l[i * n + i] > 0 ? x[i] / l[i * n + i] : 0
  }
  return x
}
