import type { ModalMatrix } from './modal-matrix'

/** At one mode, a combination y of rows with yᵀB = 0: a right-hand side b is met only if y·b = 0. */
export interface NullRow {
  readonly mode: number
  /** Interleaved complex, one per row. */
  readonly weights: Float64Array
}

export interface ModalInverse {
  /** X with B X b = b for every compatible b; unknowns that B does not determine are zero. */
  readonly inverse: ModalMatrix
  readonly nullRows: readonly NullRow[]
}

/** Relative level below which a pivot is rounding. */
const singularBelow = 1e-12

/**
 * Generalised inverses of square modal matrices by Gauss–Jordan elimination with full pivoting. `magnitude` holds Σ |terms| of every entry: rows and columns are judged against it, so that a
 * small symbol (long waves under a high derivative) is told from one that cancels (the mean under a Laplacian).
 */
export function modalInverse(matrix: ModalMatrix, magnitude: ModalMatrix): ModalInverse {
  const { rows: n, modes } = matrix
  const entries = Array.from({ length: n * n }, () => new Float64Array(2 * modes))
  const nullRows: NullRow[] = []
  const a = new Float64Array(2 * n * n)
  const x = new Float64Array(2 * n * n)
  const rowScale = new Float64Array(n)
  for (let mode = 0; mode < modes; mode++) {
    x.fill(0)
    for (let i = 0; i < n; i++) {
      x[2 * (i * n + i)] = 1
      rowScale[i] = 0
      for (let j = 0; j < n; j++) {
        const at = i * n + j
        a[2 * at] = matrix.entries[at]?.[2 * mode] ?? 0
        a[2 * at + 1] = matrix.entries[at]?.[2 * mode + 1] ?? 0
        rowScale[i] = Math.max(rowScale[i], magnitude.entries[at]?.[2 * mode] ?? 0)
      }
    }
    const pivotRow = eliminate(a, x, n, rowScale)
    for (let j = 0; j < n; j++) {
      if (pivotRow[j] < 0) continue
      for (let k = 0; k < n; k++) {
        entries[j * n + k][2 * mode] = x[2 * (pivotRow[j] * n + k)]
        entries[j * n + k][2 * mode + 1] = x[2 * (pivotRow[j] * n + k) + 1]
      }
    }
    for (let i = 0; i < n; i++) if (!pivotRow.includes(i)) nullRows.push({ mode, weights: x.slice(2 * i * n, 2 * (i + 1) * n) })
  }
  return { inverse: { rows: n, columns: n, modes, entries }, nullRows }
}

/** out ← A⁻¹ of one nonsingular n × n complex matrix; `a` is overwritten. */
export function inverted(a: Float64Array, n: number, rowScale: Float64Array, out: Float64Array): void {
  const x = new Float64Array(2 * n * n)
  for (let i = 0; i < n; i++) x[2 * (i * n + i)] = 1
  eliminate(a, x, n, rowScale).forEach((row, j) => out.set(x.subarray(2 * row * n, 2 * (row + 1) * n), 2 * j * n))
}

/** Reduces a to a permuted identity (where it has rank) with the same row operations on x; returns the row that solves for each unknown, −1 where none does. */
function eliminate(a: Float64Array, x: Float64Array, n: number, rowScale: Float64Array): number[] {
  const pivotRow = Array.from({ length: n }, () => -1)
  const used = Array.from({ length: n }, () => false)
  for (let round = 0; round < n; round++) {
    let best = 0
    let [row, column] = [-1, -1]
    for (let i = 0; i < n; i++) {
      if (used[i] || rowScale[i] === 0) continue
      for (let j = 0; j < n; j++) {
        if (pivotRow[j] >= 0) continue
        const at = 2 * (i * n + j)
        const size = Math.sqrt(a[at] * a[at] + a[at + 1] * a[at + 1]) / rowScale[i]
        if (size > best) [best, row, column] = [size, i, j]
      }
    }
    if (best <= singularBelow) break
    used[row] = true
    pivotRow[column] = row
    const at = 2 * (row * n + column)
    const square = a[at] * a[at] + a[at + 1] * a[at + 1]
    scaleRow(a, row, n, a[at] / square, -a[at + 1] / square, x)
    for (let i = 0; i < n; i++) {
      if (i === row) continue
      const factor = 2 * (i * n + column)
      const [re, im] = [a[factor], a[factor + 1]]
      if (re === 0 && im === 0) continue
      for (let k = 0; k < n; k++) {
        subtractTimes(a, 2 * (i * n + k), re, im, 2 * (row * n + k))
        subtractTimes(x, 2 * (i * n + k), re, im, 2 * (row * n + k))
      }
      a[factor] = a[factor + 1] = 0
    }
  }
  return pivotRow
}

function scaleRow(a: Float64Array, row: number, n: number, re: number, im: number, x: Float64Array): void {
  for (const target of [a, x]) {
    for (let k = 0; k < n; k++) {
      const at = 2 * (row * n + k)
      const [u, v] = [target[at], target[at + 1]]
      target[at] = u * re - v * im
      target[at + 1] = u * im + v * re
    }
  }
}

function subtractTimes(target: Float64Array, at: number, re: number, im: number, from: number): void {
  const [u, v] = [target[from], target[from + 1]]
  target[at] -= re * u - im * v
  target[at + 1] -= re * v + im * u
}
