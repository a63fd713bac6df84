import { gaussJacobi } from '../../fields/simplex-quadrature'
import { symmetricEigenpairs } from '../../solvers/finite-element/lanczos'

/**
 * Test functions along one axis that is cut into elements, with the points of a Gauss rule in each element.
 *
 *   inside an element:   φ_k(s) = (1 − s²)^m P_k^{(m)}(s), k = m, m + 1, …, s ∈ [−1, 1]:  ∂^m φ_k is a multiple of P_k
 *   across two of them:  the m functions of degree 2m − 1 that are 1 in one derivative below the mth at the node between them (hats for m = 1, Hermite's cubics for m = 2)
 *
 * so that a function and its m − 1 derivatives are continuous and vanish at both ends of the axis: m derivatives may be moved to it. For m = 0 they are Legendre polynomials, free at
 * the sides of elements. (1 − s²) P_k′ is k(k+1)/(2k+1) (P_{k−1} − P_{k+1}), the test functions of Kharazmi, Zhang & Karniadakis 2021, doi:10.1016/j.cma.2020.113547;
 * those across elements make the space complete: without them nothing is asked of the flux at the sides of elements.
 */
export interface AxisTests {
  readonly points: Float64Array
  /** Of the Gauss rule: Σ weights = length of the axis. */
  readonly weights: Float64Array
  /** Number of functions. */
  readonly count: number
  /** values[r] [count, points]: ∂^r of every function, r = 0 … m. */
  readonly values: readonly Float64Array[]
  /** ∫ (∂^m v)² of every function, and ∫ v². */
  readonly stiffness: Float64Array
  readonly mass: Float64Array
}

export interface AxisRequest {
  readonly lower: number
  readonly upper: number
  readonly periodic: boolean
  readonly elements: number
  /** Functions inside each element. */
  readonly functions: number
  /** Gauss points in each element. */
  readonly quadrature: number
  /** m, derivatives that are moved to these functions. */
  readonly moved: number
}

/** Functions across elements exist up to here; beyond, only those inside. */
export const largestJoined = 2

export function axisTests({ lower, upper, periodic, elements, functions, quadrature, moved: m }: AxisRequest): AxisTests {
  const rule = gaussJacobi(quadrature, 0)
  const width = (upper - lower) / elements
  const total = elements * quadrature
  const points = Float64Array.from({ length: total }, (_, i) => lower + (Math.floor(i / quadrature) + rule.nodes[i % quadrature]) * width)
  const weights = Float64Array.from({ length: total }, (_, i) => rule.weights[i % quadrature] * width)
  const reference = rule.nodes.map(s => 2 * s - 1)
  const rows: Float64Array[][] = []
  // ∂_x = (2 / width) ∂_s.
  const scaled = (values: (r: number) => ArrayLike<number>[]): void => {
    rows.push(Array.from({ length: m + 1 }, (_, r) => {
      const row = new Float64Array(total)
      values(r).forEach((own, e) => row.set(Array.from(own, x => x * integerPower(2 / width, r)), e * quadrature))
      return row
    }))
  }
  const inside = Array.from({ length: functions }, (_, k) => bubble(m, m + k, reference))
  const nothing = new Float64Array(quadrature)
  for (let e = 0; e < elements; e++) for (const own of inside) scaled(r => Array.from({ length: elements }, (_, other) => (other === e ? own[r] : nothing)))
  if (m > 0 && m <= largestJoined) {
    const shapes = Array.from({ length: m }, (_, d) => joining(m, d, reference))
    for (let node = periodic ? 0 : 1; node < elements; node++) {
      const [left, right] = [(node + elements - 1) % elements, node]
      for (const { before, after } of shapes) {
        scaled(r => Array.from({ length: elements }, (_, e) => (left === right && e === left ? before[r].map((x, i) => x + after[r][i]) : e === left ? before[r] : e === right ? after[r] : nothing)))
      }
    }
  }
  const values = Array.from({ length: m + 1 }, (_, r) => Float64Array.from({ length: rows.length * total }, (__, i) => rows[Math.floor(i / total)][r][i % total]))
  return { points, weights, count: rows.length, values, stiffness: squares(values[m], weights), mass: squares(values[0], weights) }
}

/**
 * The same space in functions that are orthogonal in both ∫ v w and ∫ ∂^m v ∂^m w, the first of length 1: a tensor product of such functions is orthogonal in every sum of the axes' norms.
 */
export function orthogonalTests(tests: AxisTests): AxisTests {
  const { count, values, weights } = tests
  const total = weights.length
  const gram = (a: Float64Array): number[][] => Array.from({ length: count }, (_, i) => Array.from({ length: count }, (__, j) => {
    let sum = 0
    for (let q = 0; q < total; q++) sum += weights[q] * a[i * total + q] * a[j * total + q]
    return sum
  }))
  const factor = choleskyFactor(gram(values[0]))
  // L⁻¹ of the rows: orthonormal in ∫ v w.
  const whitened = values.map(v => forwardRows(factor, v, total))
  const { values: eigenvalues, vectors } = symmetricEigenpairs(gram(whitened.at(-1)!))
  const order = eigenvalues.map((_, k) => k).sort((a, b) => eigenvalues[a] - eigenvalues[b] || a - b)
  const turned = whitened.map(v => {
    const out = new Float64Array(count * total)
    order.forEach((k, row) => {
      for (let i = 0; i < count; i++) for (let q = 0; q < total; q++) out[row * total + q] += vectors[i][k] * v[i * total + q]
    })
    return out
  })
  // Of tests without derivatives both norms are the same one, and the order of equal values is rounding's: they stay as they are.
  if (values.length === 1) return { ...tests, values: whitened, stiffness: squares(whitened[0], weights), mass: squares(whitened[0], weights) }
  return { ...tests, values: turned, stiffness: squares(turned.at(-1)!, weights), mass: squares(turned[0], weights) }
}

function squares(values: Float64Array, weights: Float64Array): Float64Array {
  const total = weights.length
  return Float64Array.from({ length: values.length / total }, (_, i) => weights.reduce((sum, w, q) => sum + w * values[i * total + q] * values[i * total + q], 0))
}

const integerPower = (x: number, n: number): number => Array.from({ length: n }).reduce<number>(p => p * x, 1)

/** ∂^r φ, r = 0 … m, at s, with ∫ (∂^m φ)² ds = 1. */
function bubble(m: number, k: number, s: ArrayLike<number>): Float64Array[] {
  const legendre = legendreDerivatives(k, 2 * m, s)
  let size = Math.sqrt((2 * k + 1) / 2)
  for (let i = k - m + 1; i <= k + m; i++) size /= i
  const [edge] = [edgeDerivatives(m, s)]
  return Array.from({ length: m + 1 }, (_, r) => Float64Array.from({ length: s.length }, (__, i) => {
    let sum = 0
    for (let j = 0, binomial = 1; j <= r; binomial = (binomial * (r - j)) / (j + 1), j++) sum += binomial * edge[j][i] * legendre[m + r - j][i]
    return size * sum
  }))
}

/** P_k^{(j)}(s), j = 0 … most, by P^{(j)}_{n+1} = P^{(j)}_{n−1} + (2n + 1) P^{(j−1)}_n. */
function legendreDerivatives(k: number, most: number, s: ArrayLike<number>): Float64Array[] {
  const zero = () => new Float64Array(s.length)
  let before = Array.from({ length: most + 1 }, zero)
  let now = Array.from({ length: most + 1 }, (_, j) => (j === 0 ? zero().fill(1) : zero()))
  for (let n = 0; n < k; n++) {
    const [p, q] = [before, now]
    const next = q.map((own, j) => own.map((value, i) => (j === 0 ? ((2 * n + 1) * s[i] * value - n * p[0][i]) / (n + 1) : p[j][i] + (2 * n + 1) * q[j - 1][i])))
    before = q
    now = next
  }
  return now
}

/** ∂^j (1 − s²)^m, j = 0 … m, through the polynomial's coefficients. */
function edgeDerivatives(m: number, s: ArrayLike<number>): Float64Array[] {
  let coefficients = [1]
  for (let i = 0; i < m; i++) {
    const next = new Array<number>(coefficients.length + 2).fill(0)
    coefficients.forEach((c, n) => {
      next[n] += c
      next[n + 2] -= c
    })
    coefficients = next
  }
  return Array.from({ length: m + 1 }, () => {
    const own = coefficients
    coefficients = own.slice(1).map((c, n) => c * (n + 1))
    return Float64Array.from({ length: s.length }, (_, i) => own.reduceRight((sum, c) => sum * s[i] + c, 0))
  })
}

/** ∂^r of the function whose derivative `d` is 1 (in the element's own coordinate) at the node, in the element before the node and in the one after it. */
function joining(m: number, d: number, s: ArrayLike<number>): { readonly before: Float64Array[]; readonly after: Float64Array[] } {
  // With h = (1 + s) / 2 from the far end of the element before: hat h; cubics h²(3 − 2h) and, for the slope by s, 2h²(h − 1).
  const polynomial = m === 1 ? [0, 1] : d === 0 ? [0, 0, 3, -2] : [0, 0, -2, 2]
  const at = (sign: number, parity: number): Float64Array[] => {
    let coefficients = polynomial
    return Array.from({ length: m + 1 }, (_, r) => {
      const own = coefficients
      coefficients = own.slice(1).map((c, n) => c * (n + 1))
      const factor = parity * integerPower(sign / 2, r)
      return Float64Array.from({ length: s.length }, (__, i) => factor * own.reduceRight((sum, c) => sum * ((1 + sign * s[i]) / 2) + c, 0))
    })
  }
  return { before: at(1, 1), after: at(-1, d === 0 ? 1 : -1) }
}

export function choleskyFactor(a: readonly (readonly number[])[]): number[][] {
  const factor = a.map(row => [...row])
  factor.forEach((row, i) => {
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j]
      for (let k = 0; k < j; k++) sum -= row[k] * factor[j][k]
      row[j] = i === j ? Math.sqrt(sum) : sum / factor[j][j]
    }
  })
  return factor
}

/** L⁻¹ V for V [rows, columns] row-major. */
export function forwardRows(factor: readonly (readonly number[])[], v: Float64Array, columns: number): Float64Array {
  const out = v.slice()
  factor.forEach((row, i) => {
    for (let q = 0; q < columns; q++) {
      let sum = out[i * columns + q]
      for (let k = 0; k < i; k++) sum -= row[k] * out[k * columns + q]
      out[i * columns + q] = sum / row[i]
    }
  })
  return out
}
