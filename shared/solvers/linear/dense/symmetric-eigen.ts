import { error, FaultError } from '../../../fault'
import type { Team } from '../../../kernels/team'
import { denseMatrix, type DenseMatrix } from './matrix'

export interface SymmetricEigen {
  /** Increasing. */
  readonly values: Float64Array
  /** Eigenvectors as rows: vectors.rows = vectors.columns = n, row k belongs to values[k]. */
  readonly vectors: DenseMatrix
}

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, which is used up: Householder tridiagonalisation, then QL with implicit shifts.
 *
 * Source: Golub & Van Loan, Matrix Computations, §8.3; Dubrulle, Martin & Wilkinson 1968, doi:10.1007/BF02165404. The vectors stay in the arena, everything else is given back.
 * Throws FaultError `not-converged` (an entry that is not finite).
 */
export function symmetricEigen(team: Team, a: DenseMatrix): SymmetricEigen {
  const n = a.rows
  const { arena } = team
  const z = denseMatrix(arena, n, n)
  const mark = arena.mark()
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(n)
  tridiagonalise(team, a, z, diagonal, beside)
  if (!diagonal.every(Number.isFinite) || !beside.every(Number.isFinite)) throw new FaultError(notConverged())
  implicitQL(team, z, diagonal, beside)
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => diagonal[i] - diagonal[j] || i - j)
  const view = z.block.view()
  const copy = view.slice()
  order.forEach((from, k) => view.set(copy.subarray(from * n, (from + 1) * n), k * n))
  arena.release(mark)
  return { values: Float64Array.from(order, i => diagonal[i]), vectors: z }
}

/** A = Q T Qᵀ; rows of z become those of Qᵀ. beside[i] couples i and i + 1. */
function tridiagonalise(team: Team, a: DenseMatrix, z: DenseMatrix, diagonal: Float64Array, beside: Float64Array): void {
  const n = a.rows
  const { arena } = team
  const reflectors = denseMatrix(arena, n, n)
  const tau = new Float64Array(n)
  const p = arena.f64(n)
  const matrix = a.block.view()
  for (let k = 0; k + 2 < n; k++) {
    // Column k below the diagonal; the matrix is symmetric, so row k serves as well.
    const row = matrix.subarray(k * n, (k + 1) * n)
    let squares = 0
    for (let i = k + 2; i < n; i++) squares += row[i] * row[i]
    const alpha = row[k + 1]
    const v = reflectors.block.view().subarray(k * n, (k + 1) * n)
    diagonal[k] = row[k]
    if (squares === 0) {
      beside[k] = alpha
      continue
    }
    const norm = Math.sqrt(alpha * alpha + squares)
    const beta = alpha > 0 ? -norm : norm
    tau[k] = (beta - alpha) / beta
    for (let i = k + 2; i < n; i++) v[i] = row[i] / (alpha - beta)
    v[k + 1] = 1
    beside[k] = beta
    // q = τ (A v − ½ τ (vᵀ A v) v), A ← A − v qᵀ − q vᵀ on the trailing part.
    const pointer = reflectors.pointer + 8 * k * n
    team.parallel('factor.matrixVector', k + 1, n, [k + 1, n, a.pointer, n, pointer, p.pointer], { grain: 32 })
    const q = p.view()
    let inner = 0
    for (let i = k + 1; i < n; i++) inner += q[i] * v[i]
    for (let i = k + 1; i < n; i++) q[i] = tau[k] * (q[i] - 0.5 * tau[k] * inner * v[i])
    team.parallel('factor.rankTwo', k + 1, n, [k + 1, n, a.pointer, n, pointer, p.pointer], { grain: 32 })
  }
  if (n > 1) {
    diagonal[n - 2] = matrix[(n - 2) * n + n - 2]
    beside[n - 2] = matrix[(n - 2) * n + n - 1]
  }
  if (n > 0) diagonal[n - 1] = matrix[n * n - 1]
  // Rows of z: Qᵀ = … H₁ H₀, so z ← z H_k from the last to the first.
  const view = z.block.view()
  for (let i = 0; i < n; i++) view[i * n + i] = 1
  const products = arena.f64(n)
  for (let k = n - 3; k >= 0; k--) {
    if (tau[k] === 0) continue
    // z starts as the identity, and H_k touches columns and rows from k + 1 on only.
    const pointer = reflectors.pointer + 8 * k * n
    team.parallel('factor.matrixVector', k + 1, n, [k + 1, n, z.pointer, n, pointer, products.pointer], { grain: 32 })
    const w = products.view()
    for (let i = k + 1; i < n; i++) w[i] *= tau[k]
    team.parallel('dense.rankOne', k + 1, n, [k + 1, n, z.pointer, n, products.pointer, pointer], { grain: 32 })
  }
}

function implicitQL(team: Team, z: DenseMatrix, d: Float64Array, e: Float64Array): void {
  const n = d.length
  const rotations = collectRotations(team, z)
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]) > 1.1e-16 * (Math.abs(d[m]) + Math.abs(d[m + 1]))) m++
      if (m === l) break
      if (iteration === 60) throw new FaultError(notConverged())
      let g = (d[l + 1] - d[l]) / (2 * e[l])
      let r = Math.sqrt(g * g + 1)
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r))
      let s = 1
      let c = 1
      let p = 0
      let i = m - 1
      const [cs, sn] = rotations.next()
      for (; i >= l; i--) {
        const f = s * e[i]
        const b = c * e[i]
        r = Math.sqrt(f * f + g * g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1] -= p
          e[m] = 0
          break
        }
        s = f / r
        c = g / r
        g = d[i + 1] - p
        r = (d[i] - g) * s + 2 * c * b
        p = s * r
        d[i + 1] = g + p
        g = c * r - b
        cs[i - l] = c
        sn[i - l] = s
      }
      // The rotations of this sweep on the vectors, which are rows: between rows i and i + 1, the largest i first.
      const first = Math.max(l, i + 1)
      rotations.keep(first, m - first, first - l)
      if (r === 0 && i >= l) continue
      d[l] -= p
      e[l] = g
      e[m] = 0
    }
  }
  rotations.apply()
}

/** Sweeps of rotations that pass over the vectors together. */
const sweepsAtOnce = 16

/** Collects the rotations of sweeps; they do not influence the eigenvalues, and several at once find the vectors in the cache. */
function collectRotations(team: Team, z: DenseMatrix) {
  const n = z.rows
  const { arena } = team
  const cosines = arena.f64(sweepsAtOnce * n)
  const sines = arena.f64(sweepsAtOnce * n)
  const table = arena.bytes(12 * sweepsAtOnce)
  let sweeps = 0
  function apply(): void {
    if (sweeps > 0) team.parallel('factor.rotateSweeps', 0, Math.ceil(n / 32), [n, z.pointer, n, sweeps, table, cosines.pointer, sines.pointer])
    sweeps = 0
  }
  return {
    /** Room for the cosines and sines of one sweep. */
    next(): readonly [Float64Array, Float64Array] {
      if (sweeps === sweepsAtOnce) apply()
      return [cosines.view().subarray(sweeps * n, (sweeps + 1) * n), sines.view().subarray(sweeps * n, (sweeps + 1) * n)]
    },
    /** The sweep turns `count` neighbouring pairs of rows from `first` on, by the numbers from place `skipped` on. */
    keep(first: number, count: number, skipped: number): void {
      if (count > 0) new Int32Array(arena.memory.buffer, table, 3 * sweepsAtOnce).set([first, count, sweeps * n + skipped], 3 * sweeps++)
    },
    apply,
  }
}

const notConverged = () => error('not-converged', 'The eigenvalues of a dense symmetric matrix were not found: it has entries that are not finite.')
