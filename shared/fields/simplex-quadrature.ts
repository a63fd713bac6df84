/** Points in barycentric coordinates `[points, dimension + 1]`; Σ weight = 1, to be multiplied by the cell's measure. */
export interface SimplexQuadrature {
  readonly points: number
  readonly lambda: Float64Array
  readonly weights: Float64Array
}

/**
 * Conical product rule (Stroud, Approximate Calculation of Multiple Integrals, 1971, §2.4): n Gauss–Jacobi points per direction of the collapsed cube,
 * n^dimension points inside the simplex, positive weights, exact for polynomials of degree 2n − 1.
 */
export function simplexQuadrature(dimension: 1 | 2 | 3, n: number): SimplexQuadrature {
  const rules = Array.from({ length: dimension }, (_, k) => gaussJacobi(n, k))
  const points = Math.round(Array.from({ length: dimension }, () => n).reduce((a, b) => a * b, 1))
  const lambda = new Float64Array(points * (dimension + 1))
  const weights = new Float64Array(points)
  for (let p = 0; p < points; p++) {
    let rest = p
    // What the coordinates chosen so far leave of 1; the first direction carries the factor (1 − s)^{d−1}.
    let left = 1
    let weight = 1
    for (let a = 0; a < dimension; a++) {
      const rule = rules[dimension - 1 - a]
      const i = rest % n
      rest = Math.floor(rest / n)
      lambda[p * (dimension + 1) + 1 + a] = left * rule.nodes[i]
      left *= 1 - rule.nodes[i]
      weight *= rule.weights[i]
    }
    lambda[p * (dimension + 1)] = left
    weights[p] = weight
  }
  return { points, lambda, weights }
}

/**
 * Nodes and weights on [0, 1] for the weight (1 − s)^power, Σ weight = 1: roots of the Jacobi polynomial P_n^{(power, 0)} by Newton's method with deflation,
 * weights from the squares of the orthonormal polynomials (Christoffel numbers).
 */
export function gaussJacobi(n: number, power: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  // Three-term recurrence of the monic polynomials on [−1, 1] with weight (1 − x)^a, b = 0 (Gautschi, Orthogonal Polynomials, 2004, table 1.1).
  const a = power
  const alpha = (k: number): number => (k === 0 ? -a / (a + 2) : (-a * a) / ((2 * k + a) * (2 * k + a + 2)))
  const beta = (k: number): number => (k === 1 ? (4 * (a + 1)) / ((a + 2) * (a + 2) * (a + 3)) : (4 * k * k * (k + a) * (k + a)) / ((2 * k + a) * (2 * k + a) * (2 * k + a + 1) * (2 * k + a - 1)))
  const evaluate = (x: number): [number, number] => {
    let [previous, value, previousSlope, slope] = [0, 1, 0, 0]
    for (let k = 0; k < n; k++) {
      const b = k === 0 ? 0 : beta(k)
      const nextSlope = value + (x - alpha(k)) * slope - b * previousSlope
      const next = (x - alpha(k)) * value - b * previous
      previous = value
      value = next
      previousSlope = slope
      slope = nextSlope
    }
    return [value, slope]
  }
  const roots: number[] = []
  for (let k = 0; k < n; k++) {
    let x = k === 0 ? -1 : (roots[k - 1] + 1) / 2
    for (let i = 0; i < 200; i++) {
      const [value, slope] = evaluate(x)
      let pull = 0
      for (const root of roots) pull += 1 / (x - root)
      const step = value / (slope - value * pull)
      x -= step
      if (Math.abs(step) < 1e-16) break
    }
    roots.push(x)
  }
  roots.sort((p, q) => p - q)
  const weights = roots.map(x => {
    let [previous, value, norm, sum] = [0, 1, 1, 0]
    for (let k = 0; k < n; k++) {
      sum += (value * value) / norm
      const b = k === 0 ? 0 : beta(k)
      const next = (x - alpha(k)) * value - b * previous
      previous = value
      value = next
      norm *= beta(k + 1)
    }
    return 1 / sum
  })
  return { nodes: Float64Array.from(roots, x => (1 + x) / 2), weights: Float64Array.from(weights) }
}
