import { differentiate, evaluate, parseExpression } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Run } from '../kernels/team'
import { solveCube } from '../solvers/tensor/fast-diagonalisation'
import { networkCount, type NetworkCount } from './dimensions-network'
import { dimensionsOptions } from './dimensions-options'
import type { StepRunner } from './step-kind'

/**
 * −Δu = f on the unit cube with u = Π g(xᵢ), g(x) = sin πx / (1.25 − cos πx): the sum of all sine waves with amplitudes 2^{1−k}, so that no single wave of the grid is the solution and
 * all even derivatives vanish at both ends, as the compact fourth-order scheme asks for.
 */
const profile = 'sin(pi*x)/(1.25 - cos(pi*x))'
type Solution = 'product' | 'sum'

/**
 * For every dimension d and order s the number of unknowns N(d, s) at which the relative error in the nodal ℓ² norm falls to ε. A grid of m intervals has (m − 1)^d unknowns and an error that follows
 * C_d m^{−s}: two grids around the target give N between them, by interpolation of log error over log m. Where the target's grid is larger than allowed, C_d comes from the largest grid that fits
 * (or, where not even m = 12 fits, from the growth of C_d over the last dimensions that have one), and `measured` is 0.
 *
 * Beside the product the sum u = Σ cos πxᵢ, with its values on the boundary. The scheme's operator maps it to λ_s u, λ₂ = (4/h²) sin²(πh/2), λ₄ = λ₂/(1 − h²λ₂/12), with the boundary values of the compact
 * scheme's second derivatives taken from the same waves; so the error solves the scheme with the source (π² − λ_s) u and vanishes on the boundary. For this solution networks are measured too: `network_unknowns`
 * are the parameters of the smallest that reached the error (NaN where none did or none was tried), `network_error` the least error of those that were tried.
 *
 * Arrays, one entry per dimension: `dimension`, and for each order `unknowns_order2`, the same where it was measured and NaN elsewhere `measured_unknowns_order2`, `intervals_order2`, `constant_order2`, `measured_order2`; `width_grid` = ε^{−d}, the grid whose width is ε.
 */
export const dimensionsRunner: StepRunner = {
  async run(context) {
    const { step, run, libm } = context
    const { id: _, kind: __, ...own } = step
    const { error: target, orders, dimensions, largest, solution, networkSteps } = dimensionsOptions.parse(own)
    const sorted = [...dimensions].sort((a, b) => a - b)
    const arrays: { name: string; values: Float64Array }[] = [{ name: 'dimension', values: Float64Array.from(sorted) }]
    const metrics: Record<string, number> = {}
    orders.forEach((order, k) => {
      const found = sorted.map((d, i) => {
        run.progress({ fraction: (k + i / sorted.length) / orders.length, stage: `order ${order}, dimension ${d}` })
        return measure(d, order, target, largest, solution, libm, run)
      })
      const constants = extrapolateConstants(sorted, found.map(f => f.constant), libm)
      const intervals = found.map((f, i) => f.intervals ?? intervalsFor(constants[i], order, target, libm))
      const unknowns = Float64Array.from(sorted, (d, i) => libm.pow(intervals[i] - 1, d))
      arrays.push(
        { name: `unknowns_order${order}`, values: unknowns },
        { name: `measured_unknowns_order${order}`, values: unknowns.map((n, i) => (found[i].intervals === undefined ? NaN : n)) },
        { name: `intervals_order${order}`, values: Float64Array.from(intervals) },
        { name: `constant_order${order}`, values: Float64Array.from(constants) },
        { name: `measured_order${order}`, values: Float64Array.from(found, f => (f.intervals === undefined ? 0 : 1)) },
      )
      const last = found.findLastIndex(f => f.intervals !== undefined)
      if (last >= 0) metrics[`largest_dimension_order${order}`] = sorted[last]
      run.log('info', `Order ${order}: measured up to dimension ${last >= 0 ? sorted[last] : 0} with at most ${largest} unknowns; beyond it the constant of the error is extrapolated.`)
    })
    if (solution === 'sum' && networkSteps > 0) {
      const found: (NetworkCount | undefined)[] = []
      for (const d of sorted) {
        run.progress({ stage: `networks, dimension ${d}` })
        found.push(await networkCount(context, d, target, networkSteps))
      }
      arrays.push(
        { name: 'network_unknowns', values: Float64Array.from(found, f => f?.unknowns ?? NaN) },
        { name: 'network_error', values: Float64Array.from(found, f => f?.error ?? NaN) },
      )
      const last = found.findLastIndex(f => f?.unknowns !== undefined)
      if (last >= 0) metrics.largest_dimension_network = sorted[last]
      run.log('info', `Networks: ${found.map((f, i) => (f ? `d = ${sorted[i]} ${f.unknowns === undefined ? `not reached (${f.error.toExponential(1)})` : `${f.unknowns} parameters`}` : undefined)).filter(Boolean).join(', ')}; ${networkSteps} steps each.`)
    }
    arrays.push({ name: 'width_grid', values: Float64Array.from(sorted, d => libm.pow(1 / target, d)) })
    return { fields: [], arrays, metrics, converged: true, faults: [] }
  },
}

interface Measured {
  /** Real number of intervals at which the error is ε; absent when no grid of allowed size reaches it. */
  readonly intervals?: number
  /** C in error = C m^{−s}, from the finest grid solved; absent when none fits. */
  readonly constant?: number
}

function measure(dimension: number, order: 2 | 4, target: number, largest: number, solution: Solution, libm: Libm, run: Run): Measured {
  let coarse: { intervals: number; error: number } | undefined
  for (let intervals = 4; (intervals - 1) ** dimension <= largest; ) {
    const error = (solution === 'sum' ? errorOfSum : errorOfProduct)(dimension, intervals, order, libm, run)
    const here = { intervals, error }
    if (error <= target) {
      const constant = error * power(intervals, order)
      if (!coarse) return { intervals: intervalsFor(constant, order, target, libm), constant }
      const slope = libm.log(coarse.error / error) / libm.log(intervals / coarse.intervals)
      return { intervals: coarse.intervals * libm.pow(coarse.error / target, 1 / slope), constant }
    }
    coarse = here
    // The next grid aims a little beyond the target, so that few grids are solved; the largest one that fits ends the search.
    const aimed = Math.ceil(1.1 * intervalsFor(error * power(intervals, order), order, target, libm))
    const doubled = Math.min(Math.max(intervals + 1, aimed), 4 * intervals)
    const fits = Math.floor(rootOf(largest, dimension, libm)) + 1
    intervals = doubled > fits && fits > intervals ? fits : doubled
  }
  // The law holds on grids that see the solution; the error on a handful of intervals says nothing about finer ones.
  return coarse && coarse.intervals >= fewestIntervals ? { constant: coarse.error * power(coarse.intervals, order) } : {}
}

const fewestIntervals = 12

const power = (x: number, order: 2 | 4): number => (order === 2 ? x * x : x * x * x * x)
/** Largest whole number whose d-th power is at most `limit`. */
function rootOf(limit: number, dimension: number, libm: Libm): number {
  let root = Math.round(libm.pow(limit, 1 / dimension))
  while (root ** dimension > limit) root--
  return root
}
const intervalsFor = (constant: number, order: 2 | 4, target: number, libm: Libm): number => Math.max(2, libm.pow(constant / target, 1 / order))

/** Relative nodal ℓ² error of the scheme on m intervals per axis. */
function errorOfProduct(dimension: number, intervals: number, order: 2 | 4, libm: Libm, run: Run): number {
  const n = intervals - 1
  const { values, second } = profileAt(intervals, libm)
  const size = n ** dimension
  const exact = new Float64Array(size)
  const source = new Float64Array(size)
  const index = new Int32Array(dimension)
  for (let i = 0; i < size; i++) {
    // Π g and −Σᵢ g″(xᵢ) Π_{j≠i} g(xⱼ) = −Π g · Σ g″/g: g has no zero inside.
    let product = 1
    let sum = 0
    for (let axis = 0; axis < dimension; axis++) {
      product *= values[index[axis]]
      sum += second[index[axis]] / values[index[axis]]
    }
    exact[i] = product
    source[i] = -product * sum
    for (let axis = 0; axis < dimension && ++index[axis] === n; axis++) index[axis] = 0
  }
  const solved = solveCube(source, dimension, intervals, order, libm, () => run.throwIfCancelled())
  let difference = 0
  let reference = 0
  for (let i = 0; i < size; i++) {
    const d = solved[i] - exact[i]
    difference += d * d
    reference += exact[i] * exact[i]
  }
  return Math.sqrt(difference / reference)
}

/** The same for u = Σ cos πxᵢ. */
function errorOfSum(dimension: number, intervals: number, order: 2 | 4, libm: Libm, run: Run): number {
  const n = intervals - 1
  const size = n ** dimension
  const waves = Float64Array.from({ length: n }, (_, j) => libm.cos(((j + 1) * Math.PI) / intervals))
  const sine = libm.sin(Math.PI / (2 * intervals))
  const second = 4 * intervals * intervals * sine * sine
  const eigenvalue = order === 2 ? second : second / (1 - second / (12 * intervals * intervals))
  const exact = new Float64Array(size)
  const index = new Int32Array(dimension)
  for (let i = 0; i < size; i++) {
    for (let axis = 0; axis < dimension; axis++) exact[i] += waves[index[axis]]
    for (let axis = 0; axis < dimension && ++index[axis] === n; axis++) index[axis] = 0
  }
  const difference = solveCube(exact.map(u => (Math.PI * Math.PI - eigenvalue) * u), dimension, intervals, order, libm, () => run.throwIfCancelled())
  const squares = (values: Float64Array): number => values.reduce((sum, v) => sum + v * v, 0)
  return Math.sqrt(squares(difference) / squares(exact))
}

function profileAt(intervals: number, libm: Libm): { values: Float64Array; second: Float64Array } {
  const parsed = parseExpression(profile)
  if (!parsed.ok) throw new Error('the profile does not parse')
  const curvature = differentiate(differentiate(parsed.value, 'x'), 'x')
  const at = (e: typeof curvature) => Float64Array.from({ length: intervals - 1 }, (_, j) => evaluate(e, { x: (j + 1) / intervals }, libm))
  return { values: at(parsed.value), second: at(curvature) }
}

/** Missing constants continue the geometric growth between the last two measured dimensions. */
function extrapolateConstants(dimensions: readonly number[], constants: readonly (number | undefined)[], libm: Libm): number[] {
  const known = dimensions.flatMap((d, i) => (constants[i] === undefined ? [] : [{ d, constant: constants[i] }]))
  if (known.length === 0) return dimensions.map(() => NaN)
  const last = known[known.length - 1]
  const before = known[known.length - 2] ?? last
  const growth = last.d === before.d ? 0 : libm.log(last.constant / before.constant) / (last.d - before.d)
  return dimensions.map((d, i) => constants[i] ?? last.constant * libm.exp(growth * (d - last.d)))
}
