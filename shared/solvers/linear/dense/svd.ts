import type { Team } from '../../../kernels/team'
import { factorQr } from './qr'
import { denseMatrix, transposeDense, type DenseMatrix } from './matrix'

/** A = Σ_k values[k] u_k v_kᵀ. */
export interface Svd {
  /** Decreasing. */
  readonly values: Float64Array
  /** Left singular vectors as rows: n × m. */
  readonly left: DenseMatrix
  /** Right singular vectors as rows: n × n. */
  readonly right: DenseMatrix
  readonly converged: boolean
}

/**
 * Singular values and vectors of A (m × n, m ≥ n, used up): QR first, then one-sided Jacobi on Rᵀ, whose small singular values come out with high relative accuracy. Pairs of rows are
 * taken in the order of a round-robin tournament, so a round runs on all threads with the same bits as on one.
 *
 * Source: Demmel & Veselić 1992, doi:10.1137/0613074; Drmač & Veselić 2008, doi:10.1137/050639193.
 */
export function singularValues(team: Team, a: DenseMatrix): Svd {
  const { rows: m, columns: n } = a
  const { arena } = team
  const left = denseMatrix(arena, n, m)
  const right = denseMatrix(arena, n, n)
  const mark = arena.mark()
  const qr = factorQr(team, a)
  // Rows of X are the rows of R, the columns of Rᵀ. Rotations G of the rows: G R = Σ Wᵀ, so R = Gᵀ Σ Wᵀ.
  const x = denseMatrix(arena, n, n)
  const g = denseMatrix(arena, n, n)
  const from = a.block.view()
  const r = x.block.view()
  const rotations = g.block.view()
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) r[i * n + j] = from[i * n + j]
    rotations[i * n + i] = 1
  }
  const { norms, converged } = jacobi(team, x, g)
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => norms[j] - norms[i] || i - j)
  const values = Float64Array.from(order, i => norms[i])
  const v = right.block.view()
  order.forEach((i, k) => {
    if (norms[i] > 0) for (let j = 0; j < n; j++) v[k * n + j] = r[i * n + j] / norms[i]
  })
  completeRows(v, n, values)
  // Left vectors: Q times the columns of Gᵀ, which are the rows of G.
  const tall = denseMatrix(arena, m, n)
  const view = tall.block.view()
  order.forEach((i, k) => {
    for (let j = 0; j < n; j++) view[j * n + k] = rotations[i * n + j]
  })
  qr.apply(tall, false)
  transposeDense(team, tall, left)
  arena.release(mark)
  return { values, left, right, converged }
}

function jacobi(team: Team, x: DenseMatrix, g: DenseMatrix): { norms: Float64Array; converged: boolean } {
  const n = x.rows
  const { arena } = team
  const players = n + (n % 2)
  const half = players / 2
  const pairs = arena.bytes(8 * half)
  const squares = arena.f64(n)
  const cosines = arena.f64(half)
  const seats = Int32Array.from({ length: players }, (_, i) => i)
  let converged = n < 2
  if (n === 1) squares.view()[0] = x.block.view()[0] * x.block.view()[0]
  for (let sweep = 0; sweep < 40 && !converged; sweep++) {
    let largest = 0
    for (let round = 0; round + 1 < players; round++) {
      const list = new Int32Array(arena.memory.buffer, pairs, 2 * half)
      let count = 0
      for (let k = 0; k < half; k++) {
        const [i, j] = [seats[k], seats[players - 1 - k]]
        if (i >= n || j >= n) continue
        list[2 * count] = Math.min(i, j)
        list[2 * count + 1] = Math.max(i, j)
        count++
      }
      team.parallel('dense.jacobiPairs', 0, count, [pairs, x.pointer, n, g.pointer, n, squares.pointer, cosines.pointer], { grain: 4 })
      const seen = cosines.view()
      for (let k = 0; k < count; k++) largest = Math.max(largest, seen[k])
      // The first stays, the others move on by one seat.
      const last = seats[players - 1]
      seats.copyWithin(2, 1, players - 1)
      seats[1] = last
    }
    converged = largest <= 2.3e-16 * Math.sqrt(n) * 4
  }
  return { norms: squares.view().map(Math.sqrt), converged }
}

/** Orthonormal rows where a singular value is zero: unit vectors made orthogonal to all others. */
function completeRows(v: Float64Array, n: number, values: Float64Array): void {
  for (let k = 0; k < n; k++) {
    if (values[k] > 0) continue
    const row = v.subarray(k * n, (k + 1) * n)
    for (let unit = 0; unit < n; unit++) {
      row.fill(0)
      row[unit] = 1
      for (let pass = 0; pass < 2; pass++) {
        for (let other = 0; other < n; other++) {
          if (other === k || (values[other] === 0 && other > k)) continue
          const against = v.subarray(other * n, (other + 1) * n)
          const product = row.reduce((sum, value, j) => sum + value * against[j], 0)
          for (let j = 0; j < n; j++) row[j] -= product * against[j]
        }
      }
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
      if (norm < 0.5 / n) continue
      for (let j = 0; j < n; j++) row[j] /= norm
      break
    }
  }
}
