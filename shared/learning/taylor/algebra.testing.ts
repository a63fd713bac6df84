import type { Libm } from '../../expressions/libm'

/** Taylor coefficients (derivatives divided by factorials) of one function at one point. */
export type Truncated = readonly number[]

/**
 * Polynomials in several variables modulo degree > `order`, on plain numbers: an independent way to the derivatives that jets carry. Functions come from differential equations
 * y′ = slope(y), solved degree by degree with Euler's operator: (Σ xᵢ∂ᵢ) y = y′(z) (Σ xᵢ∂ᵢ) z, so that |α| y_α is a product of lower coefficients.
 */
export function truncatedAlgebra(dimension: number, order: number) {
  const indices = multiIndices(dimension, order)
  const place = new Map(indices.map((alpha, i) => [alpha.join(), i]))
  const degrees = indices.map(alpha => alpha.reduce((sum, k) => sum + k, 0))
  const products = indices.flatMap((alpha, i) => indices.flatMap((beta, j) => {
    const to = place.get(alpha.map((k, axis) => k + beta[axis]).join())
    return to === undefined ? [] : [[i, j, to] as const]
  }))
  const zero = (): number[] => new Array<number>(indices.length).fill(0)
  const number = (value: number): Truncated => indices.map((_, i) => (i === 0 ? value : 0))
  const times = (a: Truncated, b: Truncated): Truncated => {
    const c = zero()
    for (const [i, j, to] of products) c[to] += a[i] * b[j]
    return c
  }
  const scale = (factor: number, a: Truncated): Truncated => a.map(x => factor * x)
  const add = (a: Truncated, b: Truncated): Truncated => a.map((x, i) => x + b[i])
  const euler = (a: Truncated): Truncated => a.map((x, i) => degrees[i] * x)
  /** y with E y = slope · E z and y₀ = start, where `slope` may depend on lower degrees of y. */
  const solve = (z: Truncated, start: readonly number[], slopes: (ys: readonly Truncated[]) => readonly Truncated[]): readonly Truncated[] => {
    let ys: readonly Truncated[] = start.map(number)
    const ez = euler(z)
    for (let degree = 1; degree <= order; degree++) {
      const right = slopes(ys).map(slope => times(slope, ez))
      ys = ys.map((y, k) => y.map((value, i) => (degrees[i] === degree ? right[k][i] / degree : value)))
    }
    return ys
  }
  const fromEquation = (z: Truncated, start: number, slope: (y: Truncated) => Truncated): Truncated => solve(z, [start], ([y]) => [slope(y)])[0]
  const sine = (z: Truncated, libm: Libm) => {
    const [s, c] = solve(z, [libm.sin(z[0]), libm.cos(z[0])], ([y, other]) => [other, scale(-1, y)])
    return { sin: s, cos: c }
  }
  return {
    indices, number, times, scale, add, fromEquation, sine,
    factorials: indices.map(alpha => alpha.reduce((all, k) => all * factorial(k), 1)),
    variable: (axis: number, value: number): Truncated => indices.map((alpha, i) => (i === 0 ? value : degrees[i] === 1 && alpha[axis] === 1 ? 1 : 0)),
    subtract: (a: Truncated, b: Truncated): Truncated => add(a, scale(-1, b)),
    /** The function with value `start` and derivative `slope` with respect to z. */
    integral: (z: Truncated, start: number, slope: Truncated): Truncated => fromEquation(z, start, () => slope),
    /** √z by y y = z, degree by degree. */
    root: (z: Truncated): Truncated => {
      const first = Math.sqrt(z[0])
      let y = number(first)
      for (let degree = 1; degree <= order; degree++) {
        const square = times(y, y)
        y = y.map((value, i) => (degrees[i] === degree ? (z[i] - square[i]) / (2 * first) : value))
      }
      return y
    },
    /** Φ(z) with Φ′ = φ, φ′ = −z φ. */
    normalDistribution: (z: Truncated, libm: Libm): Truncated =>
      solve(z, [0.5 * (1 + libm.erf(z[0] / Math.sqrt(2))), libm.exp(-z[0] * z[0] / 2) / Math.sqrt(2 * Math.PI)], ([, density]) => [density, scale(-1, times(z, density))])[0],
  }
}

export const power = (algebra: { readonly times: (a: Truncated, b: Truncated) => Truncated }, z: Truncated, exponent: number): Truncated => (exponent === 1 ? z : algebra.times(z, power(algebra, z, exponent - 1)))

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))

function multiIndices(dimension: number, order: number): readonly (readonly number[])[] {
  const all = (left: number, axes: number): number[][] => (axes === 0 ? [[]] : Array.from({ length: left + 1 }, (_, k) => all(left - k, axes - 1).map(rest => [k, ...rest])).flat())
  const sum = (alpha: readonly number[]): number => alpha.reduce((s, k) => s + k, 0)
  return all(order, dimension).sort((a, b) => sum(a) - sum(b))
}
