import type { Arena, Pointer } from '../../../kernels/team'
import type { SparseMatrix } from '../sparse'
import type { Symbolic } from './symbolic'

/** Which entries of the matrix start in which front, and where there. */
export interface FrontEntries {
  /** Entries of front f: starts[f] … starts[f + 1] − 1 in the three lists. */
  readonly starts: Int32Array
  /** 32-bit integers: number of the entry in the matrix, its local row and column. */
  readonly entry: Pointer
  readonly row: Pointer
  readonly column: Pointer
  /** Row number of every entry of the matrix. */
  readonly matrixRow: Pointer
}

/** An entry belongs to the front that eliminates the first of its row and column. Of a symmetric matrix only the upper half (in the order of elimination) is taken. */
export function distribute(arena: Arena, matrix: SparseMatrix, symbolic: Symbolic, symmetric: boolean): FrontEntries {
  const { rows: n, entries } = matrix
  const { position, fronts, firstPivot, rowStarts, rows } = symbolic
  const [starts, columns] = [matrix.starts(), matrix.columnNumbers()]
  const frontOf = new Int32Array(n)
  for (let f = 0; f < fronts; f++) frontOf.fill(f, firstPivot[f], firstPivot[f + 1])
  const words = (count: number): { pointer: Pointer; view: Int32Array } => {
    const pointer = arena.bytes(4 * count)
    return { pointer, view: new Int32Array(arena.memory.buffer, pointer, count) }
  }
  const matrixRow = words(entries)
  const offsets = new Int32Array(fronts + 1)
  for (let i = 0; i < n; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      matrixRow.view[e] = i
      const [p, q] = [position[i], position[columns[e]]]
      if (!symmetric || p <= q) offsets[frontOf[p < q ? p : q] + 1]++
    }
  }
  for (let f = 0; f < fronts; f++) offsets[f + 1] += offsets[f]
  const total = offsets[fronts]
  const [entry, row, column] = [words(total), words(total), words(total)]
  const next = offsets.slice()
  for (let i = 0; i < n; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const [p, q] = [position[i], position[columns[e]]]
      if (symmetric && p > q) continue
      const at = next[frontOf[p < q ? p : q]]++
      entry.view[at] = e
      row.view[at] = p
      column.view[at] = q
    }
  }
  // Positions become places in the front.
  const local = new Int32Array(n)
  for (let f = 0; f < fronts; f++) {
    const pivots = firstPivot[f + 1] - firstPivot[f]
    for (let t = 0; t < pivots; t++) local[firstPivot[f] + t] = t
    for (let t = rowStarts[f]; t < rowStarts[f + 1]; t++) local[rows[t]] = pivots + t - rowStarts[f]
    for (let at = offsets[f]; at < offsets[f + 1]; at++) {
      row.view[at] = local[row.view[at]]
      column.view[at] = local[column.view[at]]
    }
  }
  return { starts: offsets, entry: entry.pointer, row: row.pointer, column: column.pointer, matrixRow: matrixRow.pointer }
}
