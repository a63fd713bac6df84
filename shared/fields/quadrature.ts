import { fieldAt, type Axis, type Field } from './field'

/** Points and weights along one axis; Σ weight = the axis' length. */
export interface AxisQuadrature {
  readonly points: Float64Array
  readonly weights: Float64Array
}

/** Nodes and weights on [−1, 1], exact for polynomials of degree 2n − 1 (Abramowitz & Stegun 25.4.30; the roots in closed form). */
const gaussRules: Readonly<Record<number, { readonly nodes: readonly number[]; readonly weights: readonly number[] }>> = {
  2: { nodes: [-Math.sqrt(1 / 3), Math.sqrt(1 / 3)], weights: [1, 1] },
  3: { nodes: [-Math.sqrt(3 / 5), 0, Math.sqrt(3 / 5)], weights: [5 / 9, 8 / 9, 5 / 9] },
}

/** Gauss–Legendre quadrature with 2 or 3 points in every cell between neighbouring nodes (the last cell of a periodic axis reaches to its upper end). */
export function gaussQuadrature(axis: Axis, pointsPerCell: 2 | 3): AxisQuadrature {
  const { nodes, weights } = gaussRules[pointsPerCell]
  const ends = axis.periodic ? [...axis.coordinates, axis.coordinates[0] + (axis.upper - axis.lower)] : axis.coordinates
  const cells = ends.length - 1
  const points = new Float64Array(cells * pointsPerCell)
  const weight = new Float64Array(cells * pointsPerCell)
  for (let c = 0; c < cells; c++) {
    const middle = (ends[c] + ends[c + 1]) / 2
    const half = (ends[c + 1] - ends[c]) / 2
    for (let q = 0; q < pointsPerCell; q++) {
      points[c * pointsPerCell + q] = middle + half * nodes[q]
      weight[c * pointsPerCell + q] = half * weights[q]
    }
  }
  return { points, weights: weight }
}

/** Equal weights at quarter and three-quarter of every cell of a uniform periodic axis: exact for Fourier modes below 2N. */
export function periodicQuadrature(axis: Axis): AxisQuadrature {
  const count = axis.coordinates.length
  const step = (axis.upper - axis.lower) / count
  const points = new Float64Array(2 * count)
  for (let i = 0; i < count; i++) {
    points[2 * i] = axis.coordinates[i] + 0.25 * step
    points[2 * i + 1] = axis.coordinates[i] + 0.75 * step
  }
  return { points, weights: new Float64Array(2 * count).fill(step / 2) }
}

/** Trapezoidal weights of the nodes themselves: order 2, spectral on uniform periodic axes. */
export function trapezoidalWeights(axis: Axis): Float64Array {
  const x = axis.coordinates
  const count = x.length
  const weights = new Float64Array(count)
  const add = (i: number, j: number, width: number): void => {
    weights[i] += width / 2
    weights[j] += width / 2
  }
  for (let i = 0; i + 1 < count; i++) add(i, i + 1, x[i + 1] - x[i])
  if (axis.periodic) add(count - 1, 0, x[0] + (axis.upper - axis.lower) - x[count - 1])
  return weights
}

/** ∫ u over the domain by the trapezoidal rule on the nodes. */
export function integrate(field: Field, timeIndex = 0): number {
  const weights = field.grid.axes.map(trapezoidalWeights)
  return integrateAxis(fieldAt(field, timeIndex), weights, weights.length - 1, 0)
}

/** ∫ u / |Ω|. */
export function mean(field: Field, timeIndex = 0): number {
  let volume = 1
  for (const axis of field.grid.axes) volume *= axis.periodic ? axis.upper - axis.lower : axis.coordinates[axis.coordinates.length - 1] - axis.coordinates[0]
  return integrate(field, timeIndex) / volume
}

function integrateAxis(values: Float64Array, weights: readonly Float64Array[], level: number, from: number): number {
  const weight = weights[level]
  let stride = 1
  for (let a = 0; a < level; a++) stride *= weights[a].length
  let sum = 0
  for (let i = 0; i < weight.length; i++) sum += weight[i] * (level === 0 ? values[from + i] : integrateAxis(values, weights, level - 1, from + i * stride))
  return sum
}
