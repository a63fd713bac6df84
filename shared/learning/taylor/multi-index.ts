import { error, FaultError } from '../../fault'
import { add, broadcastTo, constant, mul, reshape, zeros, type Tensor } from '../tf'
import { lengthsOf, makeJet, type Jet, type TaylorSpace } from './jet'

/** Derivatives by coordinate: [1, 2] is ∂³/∂x∂y². */
export type MultiIndex = readonly number[]

/** One term of Faà di Bruno's rule: factor · f⁽ᵏ⁾ · Π ∂^β z over the k indices β (places in the list of carried indices). */
interface Term {
  readonly factor: number
  readonly places: readonly number[]
}

/**
 * Any set of mixed derivatives of any order. What the wanted ones need is added: every β ≤ α. Derivatives are carried as they are, not divided by factorials:
 *
 *   ∂^α (ab) = Σ_{β ≤ α} C(α, β) ∂^β a ∂^{α−β} b,
 *   ∂^α f(z) = Σ over multisets {β₁ … βₖ}, Σβᵢ = α, of f⁽ᵏ⁾(z) α! / (Π βᵢ! Π multiplicities!) Π ∂^{βᵢ} z.
 *
 * Griewank & Walther 2008, doi:10.1137/1.9780898717761, §13; Constantine & Savits 1996, doi:10.1090/S0002-9947-96-01501-2. One part [1, points, width] for each index other than 0.
 * Cost grows with the number of terms: second order in 2-D is 6 channels, fourth order 15; for Laplacians in many dimensions use `laplacianSpace`.
 */
export function derivativeSpace(dimension: number, wanted: readonly MultiIndex[]): TaylorSpace & { readonly indices: readonly MultiIndex[] } {
  const wrong = wanted.find(alpha => alpha.length !== dimension || alpha.some(k => !Number.isInteger(k) || k < 0))
  if (wrong) throw new FaultError(error('taylor-index', `[${wrong.join(', ')}] does not count derivatives by ${dimension} coordinates.`))
  const indices = downwardClosure(wanted)
  const place = new Map(indices.map((alpha, i) => [alpha.join(), i]))
  const terms = indices.map(alpha => partitions(alpha, indices))
  const splits = indices.map(alpha => indices.flatMap((beta, i) => {
    const rest = alpha.map((k, axis) => k - beta[axis])
    const other = rest.some(k => k < 0) ? undefined : place.get(rest.join())
    return other === undefined ? [] : [{ factor: binomial(alpha, beta), left: i, right: other }]
  }))
  const space: TaylorSpace & { readonly indices: readonly MultiIndex[] } = {
    dimension, indices, sizes: indices.map(() => 1),
    seed: x => makeJet(space, x, indices.map(alpha => {
      const axis = alpha.indexOf(1)
      return degree(alpha) === 1 ? constant(Array.from({ length: dimension }, (_, i) => (i === axis ? 1 : 0)), [1, 1, dimension]) : undefined
    })),
    product: (a, b) => makeJet(space, mul(a.value, b.value), indices.map((_, i) => total([
      a.parts[i] && mul(a.parts[i], b.value), b.parts[i] && mul(b.parts[i], a.value),
      ...splits[i].map(({ factor, left, right }) => scaled(factor, product([a.parts[left], b.parts[right]]))),
    ]))),
    compose: (derivatives, z) => {
      const present = terms.map(list => list.filter(({ places }) => places.every(i => z.parts[i] !== undefined)))
      const series = derivatives(Math.max(0, ...present.flat().map(({ places }) => places.length)))
      return makeJet(space, series[0], present.map(list => total(series.slice(1).map((derivative, k) => {
        const terms = total(list.filter(({ places }) => places.length === k + 1).map(({ factor, places }) => scaled(factor, product(places.map(i => z.parts[i])))))
        return terms && mul(terms, derivative)
      }))))
    },
    derivative: (jet, alpha) => {
      if (degree(alpha) === 0) return jet.value
      const at = place.get(alpha.join())
      if (at === undefined) throw new FaultError(error('taylor-missing', `The derivative of order [${alpha.join(', ')}] is not carried.`, { tip: 'Name it when the space is made.' }))
      return spreadOver(jet.parts[at], jet)
    },
  }
  return space
}

/** All multi-indices of at most `order` in `dimension` coordinates. */
export function indicesUpTo(order: number, dimension: number): readonly MultiIndex[] {
  if (dimension === 0) return [[]]
  return Array.from({ length: order + 1 }, (_, k) => indicesUpTo(order - k, dimension - 1).map(rest => [k, ...rest])).flat()
}

const degree = (alpha: MultiIndex): number => alpha.reduce((sum, k) => sum + k, 0)
const factorial = (alpha: MultiIndex): number => alpha.reduce((all, k) => { for (let i = 2; i <= k; i++) all *= i; return all }, 1)
const binomial = (alpha: MultiIndex, beta: MultiIndex): number => factorial(alpha) / (factorial(beta) * factorial(alpha.map((k, i) => k - beta[i])))

/** Every index that is not 0 and below a wanted one, by degree. */
export function downwardClosure(wanted: readonly MultiIndex[]): readonly MultiIndex[] {
  const found = new Map<string, MultiIndex>()
  const visit = (alpha: MultiIndex): void => {
    if (degree(alpha) === 0 || found.has(alpha.join())) return
    found.set(alpha.join(), alpha)
    alpha.forEach((k, axis) => { if (k > 0) visit(alpha.map((n, i) => (i === axis ? n - 1 : n))) })
  }
  wanted.forEach(visit)
  return [...found.values()].sort((a, b) => degree(a) - degree(b) || compare(b, a))
}

const compare = (a: MultiIndex, b: MultiIndex): number => a.reduce((found, k, i) => found || k - b[i], 0)

/** The terms of Faà di Bruno's rule for α. */
function partitions(alpha: MultiIndex, indices: readonly MultiIndex[]): readonly Term[] {
  const found: Term[] = []
  const extend = (rest: MultiIndex, from: number, places: readonly number[]): void => {
    if (degree(rest) === 0) {
      const counts = new Map<number, number>()
      for (const i of places) counts.set(i, (counts.get(i) ?? 0) + 1)
      found.push({ places, factor: Math.round(factorial(alpha) / (places.reduce((all, i) => all * factorial(indices[i]), 1) * factorial([...counts.values()]))) })
      return
    }
    for (let i = from; i < indices.length; i++) {
      const left = rest.map((k, axis) => k - indices[i][axis])
      if (left.every(k => k >= 0)) extend(left, i, [...places, i])
    }
  }
  extend(alpha, 0, [])
  return found
}

const product = (factors: readonly (Tensor | undefined)[]): Tensor | undefined => (factors.every(f => f !== undefined) ? (factors as readonly Tensor[]).reduce((a, b) => mul(a, b)) : undefined)
const scaled = (factor: number, x: Tensor | undefined): Tensor | undefined => (x && factor !== 1 ? mul(x, factor) : x)
const total = (terms: readonly (Tensor | undefined)[]): Tensor | undefined => terms.reduce((sum, term) => (sum && term ? add(sum, term) : sum ?? term), undefined)

function spreadOver(part: Tensor | undefined, jet: Jet): Tensor {
  const [points, width] = lengthsOf(jet.value)
  if (!part) return zeros([points, width])
  return lengthsOf(part)[1] === points ? reshape(part, [points, width]) : broadcastTo(reshape(part, [1, width]), [points, width])
}
