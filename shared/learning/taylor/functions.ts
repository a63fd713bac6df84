import { add, cos, erf, exp, greater, log, maximum, mul, neg, pow, reciprocal, sigmoid, sin, sqrt, square, sub, tanh, where, zerosLike, type Tensor } from '../tf'
import { withGradient } from '../gradients'
import type { Jet } from './jet'

/** A function of one variable with its derivatives: [f(x), f′(x), … f⁽ᵒʳᵈᵉʳ⁾(x)], entry by entry, for any order. */
export type Derivatives = (x: Tensor, order: number) => readonly Tensor[]

/** The jet of f(z). */
export const applyFunction = (f: Derivatives, z: Jet): Jet => z.space.compose(order => f(z.value, order), z)

/** Σ cₖ tᵏ by Horner's rule; in t² where the powers are all even or all odd. Undefined when every coefficient is 0. */
export function polynomial(t: Tensor, coefficients: readonly number[]): Tensor | undefined {
  const used = coefficients.flatMap((c, k) => (c === 0 ? [] : [k]))
  if (used.length === 0) return undefined
  const parity = used[0] % 2
  const uniform = used.every(k => k % 2 === parity) && used[used.length - 1] > 1
  const [start, step] = uniform ? [parity, 2] : [0, 1]
  const variable = uniform ? square(t) : t
  let value: Tensor | undefined
  let scalar = 0
  for (let k = used[used.length - 1]; k >= start; k -= step) {
    if (value) value = coefficients[k] === 0 ? mul(value, variable) : add(mul(value, variable), coefficients[k])
    else if (scalar === 0) scalar = coefficients[k]
    else value = coefficients[k] === 0 ? scaled(variable, scalar) : add(scaled(variable, scalar), coefficients[k])
  }
  const even = value ?? add(zerosLike(t), scalar)
  return uniform && parity === 1 ? (value ? mul(value, t) : scaled(t, scalar)) : even
}

const scaled = (x: Tensor, factor: number): Tensor => (factor === 1 ? x : factor === -1 ? neg(x) : mul(x, factor))

const derivativeOf = (p: readonly number[]): number[] => p.slice(1).map((c, k) => c * (k + 1))
const times = (p: readonly number[], q: readonly number[]): number[] => {
  const product = new Array<number>(Math.max(0, p.length + q.length - 1)).fill(0)
  p.forEach((a, i) => q.forEach((b, j) => { product[i + j] += a * b }))
  return product
}
const plus = (p: readonly number[], q: readonly number[]): number[] => Array.from({ length: Math.max(p.length, q.length) }, (_, k) => (p[k] ?? 0) + (q[k] ?? 0))

/**
 * Functions that solve y′ = slope(y), a polynomial: f⁽ᵏ⁾ = y′ Qₖ(y) with Q₁ = 1 and Qₖ₊₁ = slope′ Qₖ + slope Qₖ′. One evaluation of f serves all orders.
 */
function autonomous(f: (x: Tensor) => Tensor, slope: readonly number[], slopeOf: (y: Tensor) => Tensor): Derivatives {
  return (x, order) => {
    const y = f(x)
    const series = [y]
    if (order === 0) return series
    const first = slopeOf(y)
    series.push(first)
    let q: number[] = [1]
    for (let k = 2; k <= order; k++) {
      q = plus(times(derivativeOf(slope), q), times(slope, derivativeOf(q)))
      const factor = polynomial(y, q)
      series.push(factor ? mul(first, factor) : zerosLike(y))
    }
    return series
  }
}

export const tanhFunction: Derivatives = autonomous(tanh, [1, 0, -1], t => sub(1, square(t)))
export const sigmoidFunction: Derivatives = autonomous(sigmoid, [0, 1, -1], s => mul(s, sub(1, s)))

const cycle = (cycleOf: (x: Tensor) => readonly [Tensor, () => Tensor], first: readonly number[]): Derivatives => (x, order) => {
  const [own, other] = cycleOf(x)
  const partner = order > 0 ? other() : own
  return Array.from({ length: order + 1 }, (_, k) => {
    const y = k % 2 === 0 ? own : partner
    return first[k % 4] < 0 ? neg(y) : y
  })
}
export const sinFunction: Derivatives = cycle(x => [sin(x), () => cos(x)], [1, 1, -1, -1])
export const cosFunction: Derivatives = cycle(x => [cos(x), () => sin(x)], [1, -1, -1, 1])

export const expFunction: Derivatives = (x, order) => {
  const y = exp(x)
  return Array.from({ length: order + 1 }, () => y)
}

/** xᵖ for real p and x > 0 (any x for a whole p ≥ 0). */
export const powerFunction = (p: number): Derivatives => (x, order) => {
  const series: Tensor[] = []
  let factor = 1
  for (let k = 0; k <= order; k++) {
    series.push(factor === 0 ? zerosLike(x) : scaled(power(x, p - k), factor))
    factor *= p - k
  }
  return series
}

function power(x: Tensor, p: number): Tensor {
  if (p === 0) return add(zerosLike(x), 1)
  if (p < 0) return reciprocal(power(x, -p))
  if (p === 0.5) return sqrt(x)
  if (!Number.isInteger(p)) return pow(x, p)
  const half = p > 1 ? square(power(x, Math.floor(p / 2))) : x
  return p > 1 && p % 2 === 1 ? mul(half, x) : half
}

export const sqrtFunction: Derivatives = powerFunction(0.5)
export const squareFunction: Derivatives = powerFunction(2)
export const reciprocalFunction: Derivatives = powerFunction(-1)
export const logFunction: Derivatives = (x, order) => (order === 0 ? [log(x)] : [log(x), ...reciprocalFunction(x, order - 1)])

/** log(1 + eˣ), without overflow. */
export const softplusFunction: Derivatives = (x, order) => {
  const value = add(maximum(x, 0), log(add(exp(neg(maximum(x, neg(x)))), 1)))
  return order === 0 ? [value] : [value, ...sigmoidFunction(x, order - 1)]
}

/** x g(x): derivatives x g⁽ᵏ⁾ + k g⁽ᵏ⁻¹⁾. */
const timesArgument = (g: Derivatives): Derivatives => (x, order) => {
  const inner = g(x, order)
  return inner.map((derivative, k) => (k === 0 ? mul(x, derivative) : add(mul(x, derivative), k === 1 ? inner[0] : mul(inner[k - 1], k))))
}

/** The standard normal distribution function Φ: Φ⁽ᵏ⁾ = (−1)ᵏ⁻¹ Heₖ₋₁ φ. */
export const normalDistribution: Derivatives = (x, order) => {
  const series = [mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5)]
  if (order === 0) return series
  const density = mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))
  let [before, hermite]: number[][] = [[], [1]]
  for (let k = 1; k <= order; k++) {
    const factor = k === 1 ? undefined : polynomial(x, k % 2 === 1 ? hermite : hermite.map(c => -c))
    series.push(factor ? mul(density, factor) : density)
    // Heₙ₊₁ = x Heₙ − n Heₙ₋₁
    ;[before, hermite] = [hermite, plus([0, ...hermite], before.map(c => -(k - 1) * c))]
  }
  return series
}

export const swishFunction: Derivatives = timesArgument(sigmoidFunction)
const geluSeries: Derivatives = timesArgument(normalDistribution)

/** x Φ(x). */
export const geluFunction: Derivatives = (x, order) => (order > 0 ? geluSeries(x, order) : [gelu(x)])

/** In z = x/√2, x Φ(x) = z (1 + erf z)/√2 with the slope ½ (1 + erf z + z e^{ln(2/√π) − z²}): few passes over x, and factors that linear layers around it take up. */
const gelu = (x: Tensor): Tensor => withGradient(x, argument => {
  const z = mul(argument, Math.SQRT1_2)
  const twice = add(erf(z), 1)
  const tail = mul(z, exp(sub(logOfPeak, square(z))))
  return { value: mul(mul(z, twice), Math.SQRT1_2), slope: mul(add(twice, tail), 0.5) }
})
/** ln(2/√π). */
const logOfPeak = 0.12078223763524522

/** max(x, 0)ᵖ, p ≥ 1 whole; derivatives of order p and higher are taken from the sides. */
export const rectifiedPower = (p: number): Derivatives => (x, order) => {
  const positive = maximum(x, 0)
  const step = (): Tensor => where(greater(x, 0), add(zerosLike(x), 1), zerosLike(x))
  return powerFunction(p)(positive, Math.min(order, p - 1)).concat(order >= p ? [mul(step(), Array.from({ length: p }, (_, k) => k + 1).reduce((a, b) => a * b, 1))] : [])
    .concat(Array.from({ length: Math.max(0, order - p) }, () => zerosLike(x)))
}
