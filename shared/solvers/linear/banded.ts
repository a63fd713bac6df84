import { error, FaultError } from '../../fault'

/** Factors of a banded matrix; `solve` may be called again and again. */
export interface BandedFactors {
  readonly size: number
  /** x ← A⁻¹ x in place; `x.length` is n, or a multiple of it for several right-hand sides one after the other. */
  solve(x: Float64Array): void
  /** Smallest pivot beside the largest entry: near 1e-16 the matrix is singular to working precision. */
  readonly leastPivot: number
}

/** Storage of an n × n band: row i holds columns i − lower … i + upper at band[i (lower + upper + 1) + (j − i + lower)]. */
export interface Band {
  readonly size: number
  readonly lower: number
  readonly upper: number
  readonly values: Float64Array
}

export const createBand = (size: number, lower: number, upper: number): Band => ({ size, lower, upper, values: new Float64Array(size * (lower + upper + 1)) })
export const bandIndex = ({ lower, upper }: Band, i: number, j: number): number => i * (lower + upper + 1) + j - i + lower

/**
 * LU with partial pivoting of a banded matrix, O(n lower (lower + upper)) work; U keeps lower + upper superdiagonals. For systems on a line, where unknowns couple with a few neighbours.
 *
 * Source: Golub & Van Loan, Matrix Computations, §4.3.5. Throws FaultError `singular-matrix` naming the row of a pivot that is exactly zero or not finite.
 */
export function factorBanded({ size: n, lower, upper, values }: Band): BandedFactors {
  const width = lower + upper + 1
  const reach = lower + upper
  /** Row k of U: columns k … k + reach. */
  const U = new Float64Array(n * (reach + 1))
  const L = new Float64Array(n * Math.max(1, lower))
  const pivots = new Int32Array(n)
  // The rows that elimination of column k touches, each with columns k … k + reach.
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  const window = Array.from({ length: lower + 1 }, () => new Float64Array(reach + 1))
  /** Row i as it enters: columns i − lower … i − lower + reach. */
  const enter = (i: number, row: Float64Array): void => {
    row.fill(0)
    if (i < n) for (let c = 0; c < width; c++) row[c] = i - lower + c >= 0 && i - lower + c < n ? values[i * width + c] : 0
  }
  // Before column 0 the rows 0 … lower − 1 are there, aligned to column 0.
  for (let i = 0; i < lower; i++) {
    enter(i, window[i])
    const shift = lower - i
    window[i].copyWithin(0, shift)
    window[i].fill(0, reach + 1 - shift)
  }
  let leastPivot = Infinity
  for (let k = 0; k < n; k++) {
    enter(k + lower, window[lower])
    let p = 0
    for (let r = 1; r <= lower; r++) if (Math.abs(window[r][0]) > Math.abs(window[p][0])) p = r
    pivots[k] = p
    const pivotRow = window[p]
    window[p] = window[0]
    window[0] = pivotRow
    const pivot = pivotRow[0]
    if (pivot === 0 || !Number.isFinite(pivot)) throw new FaultError(error('singular-matrix', `The banded matrix is singular: column ${k} has no pivot.`, { tip: 'Check that the problem determines its solution uniquely.' }))
    leastPivot = Math.min(leastPivot, Math.abs(pivot))
    U.set(pivotRow, k * (reach + 1))
    for (let r = 1; r <= lower; r++) {
      const row = window[r]
      const factor = row[0] / pivot
      L[k * lower + r - 1] = factor
      if (factor !== 0) for (let c = 1; c <= reach; c++) row[c - 1] = row[c] - factor * pivotRow[c]
      else row.copyWithin(0, 1)
      row[reach] = 0
    }
    // The pivot row's buffer is free for the row that enters next.
    window.push(window.shift()!)
  }
  return {
    size: n,
    leastPivot: largest === 0 ? 0 : leastPivot / largest,
    solve(all) {
      for (let from = 0; from < all.length; from += n) solveOne(all.subarray(from, from + n))
    },
  }

  function solveOne(x: Float64Array): void {
    // The same sliding window: slot 0 is the equation eliminated next.
    const slots = new Float64Array(lower + 1)
    for (let i = 0; i < lower; i++) slots[i] = i < n ? x[i] : 0
    for (let k = 0; k < n; k++) {
      slots[lower] = k + lower < n ? x[k + lower] : 0
      const p = pivots[k]
      const value = slots[p]
      slots[p] = slots[0]
      for (let r = 1; r <= lower; r++) slots[r - 1] = slots[r] - L[k * lower + r - 1] * value
      x[k] = value
    }
    for (let k = n - 1; k >= 0; k--) {
      let value = x[k]
      const end = Math.min(reach, n - 1 - k)
      for (let c = 1; c <= end; c++) value -= U[k * (reach + 1) + c] * x[k + c]
      x[k] = value / U[k * (reach + 1)]
    }
  }
}
