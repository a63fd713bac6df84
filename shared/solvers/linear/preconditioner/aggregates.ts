import type { SparseMatrix } from '../sparse'

/** Groups of strongly coupled unknowns: aggregate[i] is the group of unknown i, −1 where nothing couples strongly (relaxation alone takes care of it). */
export interface Aggregates {
  readonly count: number
  readonly of: Int32Array
}

/** Marks the entries with |a_ij| ≥ θ √(a_ii a_jj), i ≠ j. */
export function strongEntries(matrix: SparseMatrix, diagonal: Float64Array, theta: number): Uint8Array {
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const strong = new Uint8Array(matrix.entries)
  for (let i = 0; i < matrix.rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const j = columns[e]
      if (j !== i && values[e] * values[e] >= theta * theta * Math.abs(diagonal[i] * diagonal[j]) && values[e] !== 0) strong[e] = 1
    }
  }
  return strong
}

/**
 * Greedy aggregation in the order of the unknowns: whole strong neighbourhoods first, then what is left joins the neighbour it couples with most, then leftovers form
 * groups of their own. Source: Vaněk, Mandel & Brezina 1996, doi:10.1007/BF02238511, algorithm 2.
 */
export function aggregate(matrix: SparseMatrix, strong: Uint8Array): Aggregates {
  const n = matrix.rows
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const of = new Int32Array(n).fill(-1)
  let count = 0
  for (let i = 0; i < n; i++) {
    if (of[i] >= 0) continue
    let neighbours = 0
    let untouched = true
    for (let e = starts[i]; e < starts[i + 1] && untouched; e++) {
      if (!strong[e]) continue
      neighbours++
      untouched = of[columns[e]] < 0
    }
    if (!untouched || neighbours === 0) continue
    of[i] = count
    for (let e = starts[i]; e < starts[i + 1]; e++) if (strong[e]) of[columns[e]] = count
    count++
  }
  const before = of.slice()
  for (let i = 0; i < n; i++) {
    if (of[i] >= 0) continue
    let most = 0
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      if (strong[e] && before[columns[e]] >= 0 && Math.abs(values[e]) > most) {
        most = Math.abs(values[e])
        of[i] = before[columns[e]]
      }
    }
  }
  for (let i = 0; i < n; i++) {
    if (of[i] >= 0) continue
    let members = 0
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      if (strong[e] && of[columns[e]] < 0) {
        of[columns[e]] = count
        members++
      }
    }
    if (members > 0) of[i] = count++
  }
  return { count, of }
}
