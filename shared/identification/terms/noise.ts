import { correlate, spread, type Centres, type Pause } from './correlate'
import type { Observations } from './data'
import { productOf, type Term } from './library'
import { kernelsOf, type TestFunctions } from './weak'

/** A term of an equation with its coefficient (of ∂^α of the product). */
export interface Weighted {
  readonly term: Term
  readonly weight: number
}

/** One part of what a window's residual feels of noise in one unknown: kernel · g(u) at every node. */
interface Influence {
  readonly kernels: readonly Float64Array[]
  readonly factor: Float64Array
}

/**
 * How noise ε in the data moves the residual r = Σ_j w_j ⟨(−1)^|α|∂^αψ, u^p⟩ + ⟨∂ₜψ, u⟩ of every window, to first order: δr = Σ_nodes (Σ_j w_j (−1)^|α|∂^αψ ∂(u^p)/∂u + ∂ₜψ) ε.
 * Noise is taken as white, with a standard deviation that is the same fraction of every unknown's own.
 */
function influences(data: Observations, tests: TestFunctions, equation: number, terms: readonly Weighted[]): Influence[][] {
  const still = data.axes.map(() => 0)
  return data.unknowns.map((unknown, q) => {
    const deviation = standardDeviation(unknown.values)
    const parts = terms.filter(({ term }) => term.powers[q] > 0).map(({ term, weight }) => {
      const lowered = productOf(data.unknowns, term.powers.map((p, k) => (k === q ? p - 1 : p)))
      return { kernels: kernelsOf(tests, term.orders, 0), factor: lowered.map(value => value * term.powers[q] * weight * deviation) }
    })
    if (q === equation) parts.push({ kernels: kernelsOf(tests, still, 1), factor: new Float64Array(unknown.values.length).fill(-deviation) })
    return parts
  })
}

/** The variance of every window's residual for noise of one standard deviation of the data. */
export function residualVariances(data: Observations, tests: TestFunctions, equation: number, terms: readonly Weighted[], pause: Pause): Float64Array {
  const variances = new Float64Array(tests.centres.reduce((n, { nodes }) => n * nodes.length, 1))
  for (const parts of influences(data, tests, equation, terms)) {
    parts.forEach((a, i) => parts.slice(i).forEach((b, j) => {
      const kernels = a.kernels.map((kernel, line) => kernel.map((value, k) => value * b.kernels[line][k]))
      const both = correlate(a.factor.map((value, k) => value * b.factor[k]), tests.centres, kernels, pause)
      for (let k = 0; k < both.length; k++) variances[k] += (j === 0 ? 1 : 2) * both[k]
    }))
  }
  return variances
}

/**
 * The covariance L Lᵀ of the residuals, seen through some columns: gᵀ L Lᵀ h for all pairs. This takes every overlap of windows into account without the large matrix.
 *
 * @returns row-major, columns.length²
 */
export function residualCovariance(data: Observations, tests: TestFunctions, equation: number, terms: readonly Weighted[], columns: readonly Float64Array[], pause: Pause): Float64Array {
  const count = columns.length
  const covariance = new Float64Array(count * count)
  for (const parts of influences(data, tests, equation, terms)) {
    const through = columns.map(column => {
      const sum = new Float64Array(data.unknowns[0].values.length)
      for (const { kernels, factor } of parts) {
        const spreadOut = spread(column, tests.centres, kernels, pause)
        for (let k = 0; k < sum.length; k++) sum[k] += factor[k] * spreadOut[k]
      }
      return sum
    })
    for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) covariance[i * count + j] += dot(through[i], through[j])
  }
  return covariance
}

/** How many independent windows the overlapping ones are worth: per line n² / Σ ρ², ρ the overlap of ψ with its neighbours. */
export function effectiveWindows({ centres, kernels }: TestFunctions): number {
  return centres.reduce((n, own, k) => n * effectiveOnLine(own, kernels[k][0]), 1)
}

function effectiveOnLine({ nodes, line }: Centres, kernel: Float64Array): number {
  const overlaps = kernel.map((_, shift) => {
    let total = 0
    for (let j = shift; j < kernel.length; j++) total += kernel[j] * kernel[j - shift]
    return total
  })
  let squares = 0
  for (const a of nodes) {
    for (const b of nodes) {
      const apart = Math.abs(a - b)
      const shift = line.periodic ? Math.min(apart, line.nodes - apart) : apart
      if (shift < kernel.length) squares += (overlaps[shift] / overlaps[0]) ** 2
    }
  }
  return nodes.length ** 2 / squares
}

export function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / values.length)
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
