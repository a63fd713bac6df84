import type { Libm } from '../expressions/libm'
import type { Axis } from './field'

/**
 * Interpolation along one axis as a row operator: value at point p = Σₖ weight[p·width + k] · node[index[p·width + k]].
 * A point outside a bounded axis has NaN weights. Fields are interpolated axis by axis (tensor product).
 */
export interface AxisInterpolation {
  readonly points: number
  /** Nodes per point. */
  readonly width: number
  readonly index: Int32Array
  readonly weight: Float64Array
}

/** The part of an axis that interpolation needs; times are interpolated as a bounded axis too. */
export type InterpolationAxis = Pick<Axis, 'lower' | 'upper' | 'periodic' | 'coordinates'>

/** Points this far outside (relative to the axis' length) still count as its end: files round their coordinates. */
const endTolerance = 1e-9

/**
 * Lagrange interpolation of the given degree through the degree + 1 nodes around each point; near a bounded end the stencil is one-sided, on a periodic
 * axis it wraps. With fewer nodes the degree drops to what they carry. `derivative` 1 gives the interpolant's derivative instead of its value.
 * Error O(h^{degree+1}) on smooth fields.
 */
export function lagrangeInterpolation(axis: InterpolationAxis, points: ArrayLike<number>, degree: number, derivative: 0 | 1 = 0): AxisInterpolation {
  const nodes = axis.coordinates
  const count = nodes.length
  const width = Math.min(degree + 1, count)
  const index = new Int32Array(points.length * width)
  const weight = new Float64Array(points.length * width)
  const stencil = new Float64Array(width)
  const length = axis.upper - axis.lower
  for (let p = 0; p < points.length; p++) {
    const x = placeOnAxis(axis, points[p])
    if (Number.isNaN(x)) {
      weight.fill(NaN, p * width, (p + 1) * width)
      continue
    }
    const cell = cellOf(nodes, x)
    // Odd degree: as many nodes left as right of the cell. Even degree: centred on the nearest node.
    let first = cell - (width >> 1) + 1
    if (width % 2 === 1 && x - nodes[cell] < (cell + 1 < count ? nodes[cell + 1] : axis.upper) - x) first--
    if (!axis.periodic) first = Math.max(0, Math.min(count - width, first))
    for (let k = 0; k < width; k++) {
      const node = first + k
      const turns = Math.floor(node / count)
      index[p * width + k] = node - turns * count
      stencil[k] = nodes[node - turns * count] + turns * length
    }
    if (derivative === 0) lagrangeWeights(stencil, x, weight, p * width)
    else lagrangeDerivativeWeights(stencil, x, weight, p * width)
  }
  return { points: points.length, width, index, weight }
}

/**
 * Trigonometric interpolation on a uniform periodic axis: the band-limited function through all N nodes (for even N the Nyquist mode as cosine),
 * w_j = sin(Nθ/2) / (N tan(θ/2)), θ = 2π(x − x_j)/L (for odd N with sin in the denominator). Exact for fields in the Fourier basis.
 */
export function trigonometricInterpolation(axis: InterpolationAxis, points: ArrayLike<number>, libm: Libm, derivative: 0 | 1 = 0): AxisInterpolation {
  const nodes = axis.coordinates
  const count = nodes.length
  const length = axis.upper - axis.lower
  const even = count % 2 === 0
  const index = new Int32Array(points.length * count)
  const weight = new Float64Array(points.length * count)
  for (let p = 0; p < points.length; p++) {
    const x = placeOnAxis(axis, points[p])
    const phase = Math.PI * (((x - nodes[0]) / length) * count)
    const sine = libm.sin(phase)
    const cosine = libm.cos(phase)
    for (let j = 0; j < count; j++) {
      const at = p * count + j
      index[at] = j
      const sign = j % 2 === 0 ? 1 : -1
      const half = (Math.PI * (x - nodes[j])) / length
      const s = libm.sin(half)
      const c = libm.cos(half)
      if (Math.abs(s) < 1e-14) {
        // On a node: its value alone, bit for bit (its derivative weight is zero).
        if (derivative === 0) {
          weight.fill(0, p * count, at)
          weight[at] = 1
          break
        }
      } else if (derivative === 0) weight[at] = (sign * sine * (even ? c : 1)) / (count * s)
      else if (even) weight[at] = ((Math.PI * sign) / length) * ((cosine * c) / s - sine / (count * s * s))
      else weight[at] = ((Math.PI * sign) / length) * (cosine / s - (sine * c) / (count * s * s))
    }
  }
  return { points: points.length, width: count, index, weight }
}

/** Whether the nodes are Chebyshev's extrema on [lower, upper]: middle − half · cos(πj/(n − 1)). */
export function isChebyshev({ periodic, coordinates, lower, upper }: InterpolationAxis, libm: Libm): boolean {
  const last = coordinates.length - 1
  if (periodic || last < 3) return false
  const half = (upper - lower) / 2
  return coordinates.every((x, j) => Math.abs(x - (lower + half * (1 - libm.cos((Math.PI * j) / last)))) <= 1e-10 * half)
}

/**
 * The polynomial through all Chebyshev extrema, by the barycentric formula with weights (−1)^j, halved at both ends (Berrut & Trefethen, SIAM Review 46, 2004, doi:10.1137/S0036144502417715, eqs 4.2, 5.4
 * and 9.4). Exact for fields in the Chebyshev basis.
 */
export function chebyshevInterpolation(axis: InterpolationAxis, points: ArrayLike<number>, derivative: 0 | 1 = 0): AxisInterpolation {
  const nodes = axis.coordinates
  const count = nodes.length
  const last = count - 1
  const index = new Int32Array(points.length * count)
  const weight = new Float64Array(points.length * count)
  const own = (j: number): number => (j % 2 === 0 ? 1 : -1) * (j === 0 || j === last ? 0.5 : 1)
  for (let p = 0; p < points.length; p++) {
    const at = p * count
    for (let j = 0; j < count; j++) index[at + j] = j
    const x = placeOnAxis(axis, points[p])
    if (Number.isNaN(x)) {
      weight.fill(NaN, at, at + count)
      continue
    }
    const node = nodes.indexOf(x)
    if (node >= 0) {
      if (derivative === 0) weight[at + node] = 1
      else {
        let sum = 0
        for (let j = 0; j < count; j++) {
          if (j === node) continue
          weight[at + j] = own(j) / own(node) / (x - nodes[j])
          sum += weight[at + j]
        }
        weight[at + node] = -sum
      }
      continue
    }
    let sum = 0
    for (let j = 0; j < count; j++) {
      weight[at + j] = own(j) / (x - nodes[j])
      sum += weight[at + j]
    }
    let slope = 0
    for (let j = 0; j < count; j++) {
      weight[at + j] /= sum
      slope += weight[at + j] / (x - nodes[j])
    }
    if (derivative === 1) for (let j = 0; j < count; j++) weight[at + j] *= slope - 1 / (x - nodes[j])
  }
  return { points: points.length, width: count, index, weight }
}

/** The basis of a spectral method along an axis: Fourier on a periodic one, Chebyshev on its extrema; degree 7 on any other nodes. */
export function spectralInterpolation(axis: InterpolationAxis, points: ArrayLike<number>, libm: Libm, derivative: 0 | 1 = 0): AxisInterpolation {
  if (axis.periodic) return trigonometricInterpolation(axis, points, libm, derivative)
  return isChebyshev(axis, libm) ? chebyshevInterpolation(axis, points, derivative) : lagrangeInterpolation(axis, points, 7, derivative)
}

/** Applies the operator along axis `axisIndex` of values with the given shape (x, y, z order, x fastest). */
export function interpolateAlong(values: Float64Array, shape: readonly number[], axisIndex: number, operator: AxisInterpolation): Float64Array {
  let inner = 1
  for (let a = 0; a < axisIndex; a++) inner *= shape[a]
  const nodes = shape[axisIndex]
  const outer = values.length / (inner * nodes)
  const result = new Float64Array(outer * operator.points * inner)
  for (let o = 0; o < outer; o++) {
    for (let p = 0; p < operator.points; p++) {
      combineRows(values, o * nodes * inner, inner, operator, p, result, (o * operator.points + p) * inner)
    }
  }
  return result
}

/** result[at + i] = Σₖ weight · values[from + index·inner + i] for one point of the operator. */
export function combineRows(values: Float64Array, from: number, inner: number, operator: AxisInterpolation, point: number, result: Float64Array, at: number): void {
  const { width, index, weight } = operator
  for (let i = 0; i < inner; i++) result[at + i] = 0
  for (let k = point * width; k < (point + 1) * width; k++) {
    const w = weight[k]
    // A node with weight zero must not spread its NaN; a NaN weight must.
    if (w === 0) continue
    const source = from + index[k] * inner
    for (let i = 0; i < inner; i++) result[at + i] += w * values[source + i]
  }
}

/** The point moved into [lower, upper) on a periodic axis, onto an end within rounding of it, NaN outside a bounded axis. */
export function placeOnAxis(axis: InterpolationAxis, point: number): number {
  const { lower, upper, periodic, coordinates } = axis
  const length = upper - lower
  if (periodic) {
    const x = point - Math.floor((point - lower) / length) * length
    return x >= upper || x < lower ? lower : x
  }
  const first = coordinates[0]
  const last = coordinates[coordinates.length - 1]
  const slack = endTolerance * (last - first)
  if (point >= first && point <= last) return point
  if (point < first && point >= first - slack) return first
  if (point > last && point <= last + slack) return last
  return NaN
}

/** The largest i with nodes[i] ≤ x, at most length − 1; −1 is possible left of the first node (a periodic axis whose first node is not its lower end). */
export function cellOf(nodes: Float64Array, x: number): number {
  let low = -1
  let high = nodes.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (nodes[middle] <= x) low = middle
    else high = middle
  }
  return low
}

function lagrangeWeights(stencil: Float64Array, x: number, weight: Float64Array, at: number): void {
  for (let j = 0; j < stencil.length; j++) {
    let w = 1
    for (let k = 0; k < stencil.length; k++) if (k !== j) w *= (x - stencil[k]) / (stencil[j] - stencil[k])
    weight[at + j] = w
  }
}

function lagrangeDerivativeWeights(stencil: Float64Array, x: number, weight: Float64Array, at: number): void {
  for (let j = 0; j < stencil.length; j++) {
    let sum = 0
    for (let m = 0; m < stencil.length; m++) {
      if (m === j) continue
      let w = 1 / (stencil[j] - stencil[m])
      for (let k = 0; k < stencil.length; k++) if (k !== j && k !== m) w *= (x - stencil[k]) / (stencil[j] - stencil[k])
      sum += w
    }
    weight[at + j] = sum
  }
}
