import type { Libm } from '../expressions/libm'
import { fieldAt, gridShape, type Axis } from './field'
import { combineRows, isChebyshev, lagrangeInterpolation, spectralInterpolation, type AxisInterpolation } from './interpolate'
import { maskedErrorSums } from './masked-errors'
import { isMeshField, type AnyField } from './mesh'
import { meshErrorSums } from './mesh-errors'
import { meshFieldAt } from './mesh-raster'
import { gaussQuadrature, periodicQuadrature, type AxisQuadrature } from './quadrature'
import type { InterpolationDegree } from './resample'

/** A function evaluated at many points at once; `y` and `z` are absent in lower dimensions. */
export interface Points { readonly x: Float64Array; readonly y?: Float64Array; readonly z?: Float64Array }
export type PointFunction = (points: Points, time: number) => Float64Array

/** ‖a − b‖₂ / ‖b‖₂ over all entries where both are finite; NaN when there is none or b is zero there. */
export function relativeL2Nodes(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0
  let reference = 0
  for (let i = 0; i < a.length; i++) {
    const d = a[i] - b[i]
    if (!Number.isFinite(d)) continue
    difference += d * d
    reference += b[i] * b[i]
  }
  return reference > 0 ? Math.sqrt(difference / reference) : NaN
}

export interface ErrorOptions {
  /** On grids: at least p + 1 for a method of order p; `trigonometric` (with `libm`) for fields in the Fourier and Chebyshev bases. Mesh fields are integrated in their own basis. */
  readonly degree: InterpolationDegree
  readonly libm?: Libm
  /** Gradient of the exact solution, one function per axis; asks for `relative_h1`. */
  readonly gradient?: readonly PointFunction[]
  /** NaN means outside the domain: only cells with finite corners count, and no stencil reaches across. Otherwise a NaN stays visible in every norm. */
  readonly masked?: boolean
  /** Called every few milliseconds: progress, cancellation. */
  readonly pause?: () => void
}

/** Metrics by the names of experiment-format. */
export interface ErrorMetrics {
  readonly [name: string]: number
  /** ‖u_h − u‖ / ‖u‖ in L²(Ω) at the last time. */
  readonly relative_l2: number
  /** Largest |u_h − u| over nodes and quadrature points, all times. */
  readonly max_error: number
}

/** Squared norms at one time: ∫|u_h − u|², ∫|u|², the same of the gradients (zero unless asked for), and the greatest pointwise error. */
export interface ErrorSums { error: number; reference: number; gradientError: number; gradientReference: number; maximum: number }

/** Errors of a scalar field against an exact solution; `errorMetrics` of its `errorSums`. */
export const errorsAgainstExact = (field: AnyField, exact: PointFunction, options: ErrorOptions): ErrorMetrics =>
  errorMetrics([errorSums(field, 0, exact, options)], field.times, options.gradient !== undefined)

/**
 * Errors of one component as integrals over the domain, one entry per output time. On a grid u_h is the tensor-product interpolant of the nodal values, integrated by Gauss quadrature with
 * three points per cell and axis (two in 3-D), or on a shifted grid of twice the nodes for the Fourier basis. On a mesh u_h is the finite element function itself, integrated cell by cell
 * with a rule exact for degree 2(p + 1) and beyond. The gradient is measured at the last time.
 */
export function errorSums(field: AnyField, component: number, exact: PointFunction, options: ErrorOptions): ErrorSums[] {
  const times = field.times ?? new Float64Array(1)
  const last = times.length - 1
  if (isMeshField(field)) return Array.from(times, (time, k) => meshErrorSums(field.mesh, meshFieldAt(field, k, component), time, exact, k === last ? options : { ...options, gradient: undefined }))
  const { axes } = field.grid
  if (options.masked) return Array.from(times, (time, k) => maskedErrorSums(axes, fieldAt(field, k, component), time, exact, k === last ? options : { ...options, gradient: undefined }))
  const rules = axes.map(axis => axisRule(axis, axes.length, options))
  return Array.from(times, (time, k) => integrateErrors(fieldAt(field, k, component), axes, rules, time, exact, options, k === last))
}

/** Relative errors over all given components together. Several times: trapezoidal rule in time for `relative_l2_spacetime`. */
export function errorMetrics(components: readonly (readonly ErrorSums[])[], times: Float64Array | undefined, withGradient: boolean): ErrorMetrics {
  const last = components[0].length - 1
  const total = (k: number, of: (sums: ErrorSums) => number): number => components.reduce((sum, parts) => sum + of(parts[k]), 0)
  const error = (k: number): number => total(k, sums => sums.error)
  const reference = (k: number): number => total(k, sums => sums.reference)
  let maximum = 0
  // Written so that a NaN enters and stays.
  for (const parts of components) for (const sums of parts) if (sums.maximum > maximum || sums.maximum !== sums.maximum) maximum = sums.maximum
  const metrics: Record<string, number> = { relative_l2: ratio(error(last), reference(last)), max_error: maximum }
  if (withGradient) metrics.relative_h1 = ratio(error(last) + total(last, sums => sums.gradientError), reference(last) + total(last, sums => sums.gradientReference))
  if (times && last > 0) {
    let [above, below] = [0, 0]
    for (let k = 0; k <= last; k++) {
      const weight = (times[Math.min(k + 1, last)] - times[Math.max(k - 1, 0)]) / 2
      above += weight * error(k)
      below += weight * reference(k)
    }
    metrics.relative_l2_spacetime = ratio(above, below)
  }
  return metrics as Record<string, number> & ErrorMetrics
}

const ratio = (error: number, reference: number): number => (reference > 0 ? Math.sqrt(error / reference) : NaN)

interface AxisRule { readonly quadrature: AxisQuadrature; readonly value: AxisInterpolation; readonly slope?: AxisInterpolation }

function axisRule(axis: Axis, dimension: number, { degree, libm, gradient }: ErrorOptions): AxisRule {
  // A global basis costs nodes² per line; beyond 768 nodes in 2-D and 3-D degree 15 is as good on anything that the grid resolves.
  if (degree === 'trigonometric' && libm && (dimension === 1 || axis.coordinates.length <= 768) && (axis.periodic || isChebyshev(axis, libm))) {
    const quadrature = axis.periodic ? periodicQuadrature(axis) : gaussQuadrature(axis, dimension === 3 ? 2 : 3)
    return {
      quadrature,
      value: spectralInterpolation(axis, quadrature.points, libm),
      slope: gradient && spectralInterpolation(axis, quadrature.points, libm, 1),
    }
  }
  const numeric = degree === 'trigonometric' ? (axis.periodic ? 15 : 7) : degree
  const quadrature = gaussQuadrature(axis, dimension === 3 ? 2 : 3)
  return {
    quadrature,
    value: lagrangeInterpolation(axis, quadrature.points, numeric),
    slope: gradient && lagrangeInterpolation(axis, quadrature.points, numeric, 1),
  }
}

/** Points handed to the exact solution at once. */
const batchSize = 1 << 15

function integrateErrors(
  values: Float64Array, axes: readonly Axis[], rules: readonly AxisRule[], time: number, exact: PointFunction, options: ErrorOptions, withGradient: boolean,
): ErrorSums {
  const dimension = axes.length
  const gradient = withGradient ? options.gradient : undefined
  const rowLength = rules[0].quadrature.points.length
  const capacity = Math.max(batchSize, rowLength)
  const variants = gradient ? dimension + 1 : 1
  const rows = Array.from({ length: variants }, () => new Float64Array(capacity))
  const weights = new Float64Array(capacity)
  const coordinates = Array.from({ length: dimension }, () => new Float64Array(capacity))
  const sums: ErrorSums = { error: 0, reference: 0, gradientError: 0, gradientReference: 0, maximum: 0 }
  let filled = 0

  const flush = (): void => {
    if (filled === 0) return
    const points: Points = { x: coordinates[0].subarray(0, filled), y: coordinates[1]?.subarray(0, filled), z: coordinates[2]?.subarray(0, filled) }
    const u = exact(points, time)
    let { error, reference, maximum } = sums
    for (let i = 0; i < filled; i++) {
      const d = rows[0][i] - u[i]
      error += weights[i] * d * d
      reference += weights[i] * u[i] * u[i]
      // Written so that a NaN enters and stays.
      if (Math.abs(d) > maximum || d !== d) maximum = Math.abs(d)
    }
    Object.assign(sums, { error, reference, maximum })
    gradient?.forEach((partial, a) => {
      const slope = partial(points, time)
      // Variants are ordered slowest axis first, after the value.
      const own = rows[dimension - a]
      for (let i = 0; i < filled; i++) {
        const d = own[i] - slope[i]
        sums.gradientError += weights[i] * d * d
        sums.gradientReference += weights[i] * slope[i] * slope[i]
      }
    })
    filled = 0
    options.pause?.()
  }

  const size = (level: number): number => axes.slice(0, level).reduce((n, axis) => n * axis.coordinates.length, 1)
  // One scratch slab per level and variant: the recursion fixes the slowest axis' coordinate first.
  const scratch = axes.map((_, level) => Array.from({ length: variants }, () => new Float64Array(level === 0 ? 0 : size(level))))
  const place = new Float64Array(dimension)
  const descend = (slabs: readonly Float64Array[], level: number, weight: number): void => {
    const { quadrature, value, slope } = rules[level]
    if (level === 0) {
      if (filled + rowLength > capacity) flush()
      for (let q = 0; q < rowLength; q++) {
        slabs.forEach((slab, v) => combineRows(slab, 0, 1, value, q, rows[v], filled))
        if (gradient && slope) combineRows(slabs[0], 0, 1, slope, q, rows[dimension], filled)
        weights[filled] = weight * quadrature.weights[q]
        coordinates[0][filled] = quadrature.points[q]
        for (let a = 1; a < dimension; a++) coordinates[a][filled] = place[a]
        filled++
      }
      return
    }
    const inner = size(level)
    for (let q = 0; q < quadrature.points.length; q++) {
      place[level] = quadrature.points[q]
      slabs.forEach((slab, v) => combineRows(slab, 0, inner, value, q, scratch[level][v], 0))
      const next = scratch[level].slice(0, slabs.length)
      if (gradient && slope) {
        combineRows(slabs[0], 0, inner, slope, q, scratch[level][slabs.length], 0)
        next.push(scratch[level][slabs.length])
      }
      descend(next, level - 1, weight * quadrature.weights[q])
    }
  }
  descend([values], dimension - 1, 1)
  flush()
  maximumAtNodes(values, axes, time, exact, sums, options.pause)
  return sums
}

function maximumAtNodes(values: Float64Array, axes: readonly Axis[], time: number, exact: PointFunction, sums: ErrorSums, pause?: () => void): void {
  const shape = gridShape({ axes })
  const total = values.length
  for (let from = 0; from < total; from += batchSize) {
    const count = Math.min(batchSize, total - from)
    const columns = axes.map((axis, a) => {
      const column = new Float64Array(count)
      let stride = 1
      for (let b = 0; b < a; b++) stride *= shape[b]
      for (let i = 0; i < count; i++) column[i] = axis.coordinates[Math.floor((from + i) / stride) % shape[a]]
      return column
    })
    const u = exact({ x: columns[0], y: columns[1], z: columns[2] }, time)
    for (let i = 0; i < count; i++) {
      const d = Math.abs(values[from + i] - u[i])
      if (d > sums.maximum || d !== d) sums.maximum = d
    }
    pause?.()
  }
}
