import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { Pause } from './correlate'
import { checkObservations, type Observations } from './data'
import { factorLeastSquares } from './least-squares'
import { createLibrary, defaultLibrary, sumText, type LibraryOptions, type Term } from './library'
import { dot, effectiveWindows, residualCovariance, residualVariances, type Weighted } from './noise'
import { sparseFit, type SparseFit, type SweepPoint } from './sparse'
import { strongSystem } from './strong'
import { chooseHalfWidths, createTestFunctions, weakSystem, type HalfWidths, type TermSystem, type TestFunctions } from './weak'

export interface TermsOptions {
  /** `weak` by default; `strong` takes differences of the data, for comparison. */
  readonly form?: 'weak' | 'strong'
  readonly library?: Partial<LibraryOptions>
  /** Half widths of windows in nodes; from the spectrum of the data where absent. */
  readonly windows?: HalfWidths
  /** Smallest normalised weight that stays; `auto` sweeps. */
  readonly threshold?: number | 'auto'
  /** What the discretised equations are trusted to, as a fraction of ‖∂ₜu‖; 0.01 by default. */
  readonly trust?: number
  readonly throwIfCancelled?: () => void
}

export interface IdentifiedTerm {
  readonly name: string
  /** In the language of statements. */
  readonly text: string
  readonly coefficient: number
  /** As if all of the residual came from white noise in the data; NaN in strong form. */
  readonly standardError: number
}

/** One equation: ∂ₜ of an unknown. */
export interface IdentifiedEquation {
  readonly unknown: string
  /** `dt(u) = -1.0003*u*dx(u) + 0.00318*dxx(u)`. */
  readonly text: string
  readonly terms: readonly IdentifiedTerm[]
  /** Of the whole library, zero where a term is not found. */
  readonly coefficients: Float64Array
  /** ‖A w − b‖ / ‖b‖. */
  readonly residual: number
  /** White noise in the data, as a fraction of their standard deviation, that would explain the residual; NaN in strong form. */
  readonly noise: number
  readonly path: readonly SweepPoint[]
  /** Texts of a term and of one that could stand in its place. */
  readonly rivals: readonly (readonly [chosen: string, other: string])[]
}

export interface IdentifiedTerms {
  readonly library: readonly Term[]
  readonly equations: readonly IdentifiedEquation[]
  readonly tests?: TestFunctions
  readonly system: TermSystem
  /** Windows, or nodes in strong form. */
  readonly rows: number
  readonly effectiveRows: number
}

/**
 * Finds the terms of ∂ₜu_k = Σ_j w_j ∂^{α_j}(∏ u^{p_j}) from data on a space–time grid: weak form with compact test functions, normalised columns, sequential thresholding over a sweep. A second pass
 * weights every window by the variance that noise would give its residual under the first pass's equation.
 *
 * Source: Messenger & Bortz 2021, doi:10.1016/j.jcp.2021.110525. Throws FaultError as `checkObservations` and `chooseHalfWidths` do, and `terms-dependent`.
 */
export function identifyTerms(data: Observations, options: TermsOptions, libm: Libm): IdentifiedTerms {
  checkObservations(data)
  const pause: Pause = options.throwIfCancelled ?? ((): void => undefined)
  const library = createLibrary(data.unknowns.map(({ name }) => name), data.axes.map(({ name }) => name), { ...defaultLibrary(data.axes.length), ...options.library })
  const orders = Math.max(...library.flatMap(term => term.orders))
  const tests = options.form === 'strong' ? undefined : createTestFunctions(data, chooseHalfWidths(data, options.windows ?? {}, orders, libm), orders, libm)
  const system = tests ? weakSystem(data, library, tests, pause) : strongSystem(data, library)
  const effectiveRows = tests ? effectiveWindows(tests) : system.rows
  const equations = data.unknowns.map(({ name }, k) => {
    pause()
    const [first, weights] = fitted(system, k, library, undefined, { ...options, effectiveRows }, libm)
    if (!tests) return equation(name, library, first, weights)
    const scales = rowScales(data, tests, k, library, weights, pause)
    pause()
    const [second, coefficients] = fitted(system, k, library, scales, { ...options, effectiveRows }, libm)
    return equation(name, library, second, coefficients, noiseOf(data, tests, k, library, system, coefficients, second.support, scales, pause))
  })
  return { library, equations, tests, system, rows: system.rows, effectiveRows }
}

/** Normalises columns and right side, refuses what determines nothing, and fits; coefficients are those of ∂^α of the products. */
function fitted(system: TermSystem, k: number, library: readonly Term[], scales: Float64Array | undefined, options: TermsOptions & { effectiveRows: number }, libm: Libm): [SparseFit, Float64Array] {
  const scaled = (values: Float64Array): Float64Array => (scales ? values.map((value, i) => value * scales[i]) : values.slice())
  const columns = system.columns.map(scaled)
  const rate = scaled(system.rates[k])
  const norms = columns.map(column => Math.sqrt(dot(column, column)))
  const size = Math.sqrt(dot(rate, rate))
  columns.forEach((column, j) => { for (let i = 0; i < column.length; i++) column[i] /= norms[j] || 1 })
  for (let i = 0; i < rate.length; i++) rate[i] /= size || 1
  const problem = factorLeastSquares(columns, rate)
  refuseDependence(problem, library)
  const fit = sparseFit(problem, { threshold: options.threshold ?? 'auto', effectiveRows: options.effectiveRows, trust: options.trust ?? 0.01 }, libm)
  const coefficients = new Float64Array(library.length)
  fit.support.forEach((j, i) => { coefficients[j] = (fit.weights[i] * size) / norms[j] })
  return [fit, coefficients]
}

/** Relative distance of a column from the span of simpler ones below which data cannot tell them apart. */
const independence = 1e-9

function refuseDependence(problem: ReturnType<typeof factorLeastSquares>, library: readonly Term[]): void {
  const j = problem.diagonal.findIndex(value => !(Math.abs(value) > independence))
  if (j < 0) return
  const weights = problem.dependence(j)
  const largest = weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  const others = library.filter((_, i) => i < j && Math.abs(weights[i]) > 1e-3 * largest).map(({ text }) => text)
  const term = library[j].text
  const tip = 'Give data with more variety, or lower the power or the order of the library.'
  if (problem.diagonal[j] === 0 || others.length === 0) throw new FaultError(error('terms-dependent', `On these data the column ${term} of the library is zero.`, { tip }))
  const message = others.length === 1 ? `On these data the columns ${others[0]} and ${term} of the library coincide up to a factor.` : `On these data the column ${term} of the library is a combination of ${others.join(', ')}.`
  throw new FaultError(error('terms-dependent', message, { tip }))
}

/** One over the standard deviation of every window's residual, mean 1. */
function rowScales(data: Observations, tests: TestFunctions, k: number, library: readonly Term[], coefficients: Float64Array, pause: Pause): Float64Array {
  const variances = residualVariances(data, tests, k, weightedTerms(library, coefficients), pause)
  const mean = variances.reduce((a, b) => a + b, 0) / variances.length
  // No window is trusted a hundred times more than the mean one: cancellation in the variances is no information.
  return variances.map(value => Math.sqrt(mean / Math.max(value, 1e-4 * mean)))
}

const weightedTerms = (library: readonly Term[], coefficients: Float64Array): Weighted[] => library.flatMap((term, j) => (coefficients[j] === 0 ? [] : [{ term, weight: coefficients[j] }]))

/**
 * Standard errors of least squares under correlated residuals, σ² N⁻¹ (Gᵀ Ω L Lᵀ Ω G) N⁻¹ with N = GᵀΩG, Ω the squared row scales, and σ² = Σ r²/Var r by which noise in the data would explain the residuals.
 */
function noiseOf(data: Observations, tests: TestFunctions, k: number, library: readonly Term[], system: TermSystem, coefficients: Float64Array, support: readonly number[], scales: Float64Array, pause: Pause): { noise: number; errors: Float64Array } {
  const terms = weightedTerms(library, coefficients)
  const variances = residualVariances(data, tests, k, terms, pause)
  let sigma2 = 0
  for (let i = 0; i < system.rows; i++) {
    const r = support.reduce((sum, j) => sum + coefficients[j] * system.columns[j][i], -system.rates[k][i])
    sigma2 += (r * r) / variances[i] / system.rows
  }
  const own = support.map(j => system.columns[j])
  const norms = own.map(column => Math.sqrt(column.reduce((sum, value, i) => sum + (value * scales[i]) ** 2, 0)))
  const seen = own.map((column, i) => column.map((value, row) => (value * scales[row] * scales[row]) / norms[i]))
  const middle = residualCovariance(data, tests, k, terms, seen, pause)
  const count = support.length
  const normal = own.map((_, i) => own.map((b, j) => b.reduce((sum, value, row) => sum + (value * seen[i][row]) / norms[j], 0)))
  const inverse = inverted(normal)
  const errors = Float64Array.from(support, (_, i) => {
    let variance = 0
    for (let a = 0; a < count; a++) for (let b = 0; b < count; b++) variance += inverse[i][a] * middle[a * count + b] * inverse[i][b]
    return Math.sqrt(Math.max(0, variance) * sigma2) / norms[i]
  })
  return { noise: Math.sqrt(sigma2), errors }
}

/** Gauss–Jordan on a small symmetric positive definite matrix with unit diagonal. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))])
  for (let k = 0; k < n; k++) {
    const pivot = rows[k][k]
    rows[k] = rows[k].map(value => value / pivot)
    for (let i = 0; i < n; i++) {
      const factor = rows[i][k]
      if (i !== k) rows[i] = rows[i].map((value, j) => value - factor * rows[k][j])
    }
  }
  return rows.map(row => row.slice(n))
}

function equation(unknown: string, library: readonly Term[], fit: SparseFit, coefficients: Float64Array, noise?: { noise: number; errors: Float64Array }): IdentifiedEquation {
  const terms = fit.support.map((j, i) => ({
    name: library[j].name,
    text: library[j].text,
    // One of p u^{p−1} ∂ₓu is one of ∂ₓuᵖ.
    coefficient: coefficients[j] * library[j].factor,
    standardError: noise ? noise.errors[i] * library[j].factor : NaN,
  }))
  return {
    unknown, terms, text: `dt(${unknown}) = ${sumText(terms)}`,
    coefficients: coefficients.map((value, j) => value * library[j].factor),
    residual: fit.residual, noise: noise?.noise ?? NaN, path: fit.path, rivals: fit.rivals.map(({ chosen, other }) => [library[chosen].text, library[other].text] as const),
  }
}
