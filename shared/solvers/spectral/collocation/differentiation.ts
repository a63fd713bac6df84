import type { Libm } from '../../../expressions/libm'
import type { Axis, Grid } from '../../../fields/field'
import { uniformAxis } from '../../../fields/field'
import type { AxisSpan } from '../../time/grid'
import { unitRoot } from '../fft'

/** Chebyshev–Gauss–Lobatto nodes on bounded axes, clustered at both ends and increasing; uniform nodes on periodic ones. */
export function collocationGrid(axes: readonly AxisSpan[], resolution: readonly number[], libm: Libm): Grid {
  return { axes: axes.map((axis, a) => (axis.periodic ? uniformAxis(axis.name, axis.lower, axis.upper, resolution[a], true) : chebyshevAxis(axis, resolution[a], libm))) }
}

function chebyshevAxis({ name, lower, upper }: AxisSpan, nodes: number, libm: Libm): Axis {
  const n = nodes - 1
  const coordinates = Float64Array.from({ length: nodes }, (_, j) => {
    const [c] = unitRoot(libm, j, 2 * n)
    return 0.5 * (lower * (1 + c) + upper * (1 - c))
  })
  coordinates[0] = lower
  coordinates[n] = upper
  return { name, lower, upper, periodic: false, coordinates }
}

/** Row-major n × n matrices of ∂^0 … ∂^highest at the nodes of one axis, of the interpolant through all of them. */
export function differentiationMatrices(axis: Axis, highest: number, libm: Libm): Float64Array[] {
  return axis.periodic ? fourierMatrices(axis, highest, libm) : chebyshevMatrices(axis, highest, libm)
}

/**
 * Chebyshev points: D_ij = (w_j/w_i)/(x_i − x_j), and D^k from D^{k−1} by the recursion of B. D. Welfert (SIAM J. Numer. Anal. 34 (1997), doi:10.1137/S0036142993295545); differences of nodes from
 * products of sines, diagonals from the sum of their rows (R. Baltensperger, M. R. Trummer, SIAM J. Sci. Comput. 24 (2003), doi:10.1137/S1064827501388182).
 */
function chebyshevMatrices(axis: Axis, highest: number, libm: Libm): Float64Array[] {
  const count = axis.coordinates.length
  const n = count - 1
  const length = axis.upper - axis.lower
  // x_i − x_j = ½L (cos θ_j − cos θ_i) = L sin((i + j)π/2n) sin((i − j)π/2n).
  const sine = (k: number): number => unitRoot(libm, k, 4 * n)[1]
  const difference = (i: number, j: number): number => (i >= j ? length * sine(i + j) * sine(i - j) : -length * sine(i + j) * sine(j - i))
  const weight = (j: number): number => (j % 2 === 0 ? 1 : -1) * (j === 0 || j === n ? 0.5 : 1)
  const identity = new Float64Array(count * count)
  for (let i = 0; i < count; i++) identity[i * count + i] = 1
  const matrices = [identity]
  for (let order = 1; order <= highest; order++) {
    const before = matrices[order - 1]
    const next = new Float64Array(count * count)
    for (let i = 0; i < count; i++) {
      let sum = 0
      for (let j = 0; j < count; j++) {
        if (i === j) continue
        const value = (order / difference(i, j)) * ((weight(j) / weight(i)) * before[i * count + i] - before[i * count + j])
        next[i * count + j] = value
        sum += value
      }
      next[i * count + i] = -sum
    }
    matrices.push(next)
  }
  return matrices
}

/** D^m_jl = (1/n) Σ_k (2πik/L)^m e^{2πik(j−l)/n}; the Nyquist mode has no odd derivative. */
function fourierMatrices(axis: Axis, highest: number, libm: Libm): Float64Array[] {
  const n = axis.coordinates.length
  const unit = (2 * Math.PI) / (axis.upper - axis.lower)
  return Array.from({ length: highest + 1 }, (_, order) => {
    const row = new Float64Array(n)
    for (let d = 0; d < n; d++) {
      let sum = order === 0 ? 1 : 0
      for (let k = 1; 2 * k <= n; k++) {
        const nyquist = 2 * k === n
        if (nyquist && order % 2 === 1) continue
        const [c, s] = unitRoot(libm, (k * d) % n, n)
        let power = 1
        for (let i = 0; i < order; i++) power *= unit * k
        // Re (i^order e^{iθ}).
        const wave = [c, -s, -c, s][order % 4]
        sum += (nyquist ? 1 : 2) * power * wave
      }
      row[d] = sum / n
    }
    const matrix = new Float64Array(n * n)
    for (let j = 0; j < n; j++) for (let l = 0; l < n; l++) matrix[j * n + l] = row[(j - l + n) % n]
    return matrix
  })
}

/** Weights of the mean over the domain: Clenshaw & Curtis (1960) on Chebyshev nodes, equal ones on periodic axes; [z, y, x]. */
export function meanWeights(axes: readonly Axis[], libm: Libm): Float64Array {
  return axes.reduce<Float64Array>((outer, axis) => {
    const count = axis.coordinates.length
    const n = count - 1
    const own = Float64Array.from({ length: count }, (_, j) => {
      if (axis.periodic) return 1 / count
      let sum = 1
      for (let k = 1; 2 * k <= n; k++) sum -= ((2 * k === n ? 1 : 2) / (4 * k * k - 1)) * unitRoot(libm, k * j, n)[0]
      return (sum / n) * (j === 0 || j === n ? 0.5 : 1)
    })
    // Later axes are slower.
    return Float64Array.from({ length: outer.length * count }, (_, i) => outer[i % outer.length] * own[Math.floor(i / outer.length)])
  }, Float64Array.of(1))
}
