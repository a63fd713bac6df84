import { error, FaultError } from '../../../fault'
import type { Pointer, Team } from '../../../kernels/team'
import { orthogonaliseRows } from './jacobi'
import { denseMatrix, transposeDense, type DenseMatrix } from './matrix'
import { pivotedQr } from './pivoted-qr'
import { factorQr } from './qr'

/** A = Σ_k values[k] u_k v_kᵀ with `rank` terms. */
export interface SvdFactors {
  readonly rank: number
  /** Decreasing, one per term. */
  readonly values: Float64Array
  /** Right singular vectors as rows: rank × n, in the order of `values`. */
  readonly right: DenseMatrix
  /** Uᵀ b: the coefficients of a right-hand side of m numbers in the left singular vectors. */
  project(b: ArrayLike<number>): Float64Array
  /** U z: a combination of left singular vectors, m numbers. */
  expand(z: ArrayLike<number>): Float64Array
  /** Left singular vectors as rows: rank × m. */
  left(): DenseMatrix
}

export interface SvdOptions {
  /** Columns that pivoting leaves below this fraction of the largest are taken for zero: their singular values are not found. 0 by default: all n are, the small ones to high relative accuracy. */
  readonly negligible?: number
  /** Called every few milliseconds; ends the work by throwing. */
  readonly throwIfCancelled?: () => void
}

/**
 * Singular values and vectors of A (m × n, m ≥ n), which is used up and holds reflectors from then on, in four steps: A = Q₀ R₀; R₀ P = Q₁ R₁ with column pivoting; R₁ᵀ = Q₂ R₂; one-sided Jacobi on the rows
 * of R₂, which are nearly orthogonal by then, the rotations going over Q₂ᵀPᵀ beside them. So A = Q₀ Q₁ (W Σ G Q₂ᵀ Pᵀ).
 *
 * Source: Drmač & Veselić 2008, doi:10.1137/050639193. Throws FaultError `not-finite` (an entry), `not-converged`.
 */
export function factorSvd(team: Team, a: DenseMatrix, { negligible = 0, throwIfCancelled }: SvdOptions = {}): SvdFactors {
  const { rows: m, columns: n } = a
  const { arena } = team
  if (!a.block.view().every(Number.isFinite)) throw new FaultError(error('not-finite', `A matrix of ${m} × ${n} has an entry that is not finite, so its singular values do not exist.`))
  const first = factorQr(team, a)
  const second = denseMatrix(arena, n, n)
  const upper = a.block.view()
  const columns = second.block.view()
  for (let i = 0; i < n; i++) for (let j = i; j < n; j++) columns[j * n + i] = upper[i * n + j]
  const { order, rank, diagonal, tau } = pivotedQr(team, second, negligible, throwIfCancelled)

  // R₁ᵀ is the lower triangle of what pivoting left, with its diagonal apart.
  const third = denseMatrix(arena, n, rank)
  const lower = third.block.view()
  for (let i = 0; i < n; i++) for (let j = 0; j < rank && j <= i; j++) lower[i * rank + j] = i === j ? diagonal[j] : columns[i * n + j]
  const turned = denseMatrix(arena, n, n)
  const permutation = turned.block.view()
  order.forEach((column, j) => { permutation[j * n + column] = 1 })
  factorQr(team, third).apply(turned, true)
  const width = rank + n
  const rows = denseMatrix(arena, rank, width)
  const x = rows.block.view()
  for (let i = 0; i < rank; i++) {
    for (let j = i; j < rank; j++) x[i * width + j] = lower[i * rank + j]
    x.set(permutation.subarray(i * n, (i + 1) * n), i * width + rank)
  }
  const norms = orthogonaliseRows(team, rows, rank, throwIfCancelled)
  const sorted = Array.from(norms.keys()).sort((i, j) => norms[j] - norms[i] || i - j)
  const values = Float64Array.from(sorted, i => norms[i])

  const right = denseMatrix(arena, rank, n)
  const inner = denseMatrix(arena, rank, n)
  const [v, w] = [right.block.view(), inner.block.view()]
  sorted.forEach((i, k) => {
    v.set(x.subarray(i * width + rank, (i + 1) * width), k * n)
    if (norms[i] > 0) for (let j = 0; j < rank; j++) w[k * n + j] = x[i * width + j] / norms[i]
  })
  completeRows(w, n, rank, values)
  /** Q₁ or its transpose on rows of n numbers. */
  const reflect = (count: number, rowsAt: Pointer, transposed: boolean): void => team.parallel('factor.reflectRows', 0, count, [rank, n, second.pointer, n, tau, transposed ? 1 : 0, rowsAt, n], { grain: 4 })

  return {
    rank, values, right,
    project(b) {
      const mark = arena.mark()
      const column = denseMatrix(arena, m, 1, b)
      first.apply(column, true)
      reflect(1, column.pointer, true)
      const z = product(inner, column.block.view())
      arena.release(mark)
      return z
    },
    expand(z) {
      const mark = arena.mark()
      const column = denseMatrix(arena, m, 1)
      const b = column.block.view()
      const u = inner.block.view()
      for (let k = 0; k < rank; k++) for (let j = 0; j < rank; j++) b[j] += z[k] * u[k * n + j]
      reflect(1, column.pointer, false)
      first.apply(column, false)
      const result = column.block.view().slice()
      arena.release(mark)
      return result
    },
    left() {
      const left = denseMatrix(arena, rank, m)
      const mark = arena.mark()
      const vectors = denseMatrix(arena, rank, n, inner.block.view())
      reflect(rank, vectors.pointer, false)
      const tall = denseMatrix(arena, m, rank)
      const [from, to] = [vectors.block.view(), tall.block.view()]
      for (let k = 0; k < rank; k++) for (let j = 0; j < n; j++) to[j * rank + k] = from[k * n + j]
      first.apply(tall, false)
      transposeDense(team, tall, left)
      arena.release(mark)
      return left
    },
  }
}

/** Both sets of singular vectors as rows, all n of them. */
export interface Svd {
  readonly values: Float64Array
  readonly left: DenseMatrix
  readonly right: DenseMatrix
}

/** All singular values with both sets of vectors; A (m × n, m ≥ n) is used up. See `factorSvd`. */
export function singularValues(team: Team, a: DenseMatrix): Svd {
  const { values, right, left } = factorSvd(team, a)
  return { values, right, left: left() }
}

function product(a: DenseMatrix, x: Float64Array): Float64Array {
  const values = a.block.view()
  return Float64Array.from({ length: a.rows }, (_, k) => {
    let sum = 0
    for (let j = 0; j < a.columns; j++) sum += values[k * a.columns + j] * x[j]
    return sum
  })
}

/** Orthonormal rows (their first `size` elements) where a singular value is zero: unit vectors made orthogonal to all others. */
function completeRows(w: Float64Array, stride: number, size: number, values: Float64Array): void {
  for (let k = 0; k < size; k++) {
    if (values[k] > 0) continue
    const row = w.subarray(k * stride, k * stride + size)
    for (let unit = 0; unit < size; unit++) {
      row.fill(0)
      row[unit] = 1
      for (let pass = 0; pass < 2; pass++) {
        for (let other = 0; other < size; other++) {
          if (other === k || (values[other] === 0 && other > k)) continue
          const against = w.subarray(other * stride, other * stride + size)
          const inner = row.reduce((sum, value, j) => sum + value * against[j], 0)
          for (let j = 0; j < size; j++) row[j] -= inner * against[j]
        }
      }
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
      if (norm < 0.5 / size) continue
      for (let j = 0; j < size; j++) row[j] /= norm
      break
    }
  }
}
