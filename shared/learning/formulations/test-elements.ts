import { constant, matMul, mul, reshape, type Tensor } from '../tf'
import { axisTests, orthogonalTests, type AxisTests } from './test-basis'
import { massFactor, testPoints, type TestNorm, type TestSpace } from './test-space'

export interface ElementOptions {
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  readonly periodic: readonly boolean[]
  /** By coordinate: m, elements, functions in each, Gauss points in each. */
  readonly moved: readonly number[]
  readonly elements: readonly number[]
  readonly functions: readonly number[]
  readonly quadrature: readonly number[]
  readonly norm: TestNorm
}

/**
 * Products of functions along the axes, v(x) = Π v_i(x_i), with the points of a product of Gauss rules: moments go one axis after the other, so neither the matrix of all functions
 * at all points nor its product with a Jacobian is ever made. Points and rows run fastest along the first coordinate.
 *
 * In the dual norm the functions of each axis are those that are orthogonal in L² and in the norm of m derivatives, so that Σ (∫ R v)² / ‖v‖² is the square of
 * sup_v ∫ R v / ‖v‖ over the whole space, ‖v‖² = Σ ‖∂_i^m v‖² + κ‖v‖²: the robust loss of Rojas, Maczuga, Muñoz-Matute, Pardo & Paszyński 2024, doi:10.1016/j.cma.2024.116904.
 */
export function elementTests({ lower, upper, periodic, moved, elements, functions, quadrature, norm }: ElementOptions): TestSpace {
  const axes = lower.map((a, i) => {
    const tests = axisTests({ lower: a, upper: upper[i], periodic: periodic[i], elements: elements[i], functions: functions[i], quadrature: quadrature[i], moved: moved[i] })
    return norm === 'dual' ? orthogonalTests(tests) : tests
  })
  const rows = axes.reduce((n, axis) => n * axis.count, 1)
  const points = axes.reduce((n, axis) => n * axis.weights.length, 1)
  const lengths = lower.map((a, i) => upper[i] - a)
  const volume = lengths.reduce((product, l) => product * l, 1)
  const kappa = massFactor(moved, lengths)
  const scales = Float64Array.from({ length: rows }, (_, row) => {
    const own = placesOf(row, axes.map(axis => axis.count))
    const mass = own.reduce((product, k, i) => product * axes[i].mass[k], 1)
    const size = norm === 'plain' ? mass : own.reduce((sum, k, i) => sum + (moved[i] > 0 ? (mass / axes[i].mass[k]) * axes[i].stiffness[k] : 0), kappa * mass)
    return 1 / Math.sqrt(size * volume)
  })
  const drawn = { [testPoints]: productPoints(axes) }
  return {
    rows, points, inputs: { [testPoints]: [points, lower.length] },
    draw: () => drawn,
    moments: orders => {
      const matrices = axes.map(({ values, weights, count }, i) => constant(values[orders[i]].map((v, k) => v * weights[k % weights.length]), [count, weights.length]))
      const scale = constant(scales, [rows, 1])
      return columns => mul(alongAxes(columns, matrices, axes), scale)
    },
  }
}

/** The last coordinate first: [done, points of the axis, rest] → [done, functions, rest]. */
function alongAxes(columns: Tensor, matrices: readonly Tensor[], axes: readonly AxisTests[]): Tensor {
  const width = (columns.shape as readonly number[])[1]
  let done = 1
  let rest = (columns.shape as readonly number[])[0] * width
  let now = columns
  for (let i = axes.length - 1; i >= 0; i--) {
    const { count, weights } = axes[i]
    rest /= weights.length
    now = done === 1 ? matMul(matrices[i], reshape(now, [weights.length, rest])) : matMul(reshape(matrices[i], [1, count, weights.length]), reshape(now, [done, weights.length, rest]))
    done *= count
  }
  return reshape(now, [done, width])
}

/** The index along each axis of a number that counts fastest along the first. */
function placesOf(index: number, sizes: readonly number[]): number[] {
  let rest = index
  return sizes.map(size => {
    const own = rest % size
    rest = (rest - own) / size
    return own
  })
}

function productPoints(axes: readonly AxisTests[]): Float64Array {
  const sizes = axes.map(axis => axis.weights.length)
  const count = sizes.reduce((a, b) => a * b, 1)
  const points = new Float64Array(count * axes.length)
  for (let p = 0; p < count; p++) placesOf(p, sizes).forEach((k, i) => { points[p * axes.length + i] = axes[i].points[k] })
  return points
}
