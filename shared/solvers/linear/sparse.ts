import { error, FaultError } from '../../fault'
import type { Arena, Block, Pointer, Team } from '../../kernels/team'

/**
 * A sparse matrix in compressed rows in the arena: row i holds the entries starts[i] … starts[i + 1] − 1 with increasing column numbers.
 * The pattern is fixed; the values may be rewritten in place (`values.view()`), for instance between Newton steps.
 *
 *     const A = sparseFromTriplets(team.arena, n, n, { rows, columns, values })   // duplicates are summed in the order given
 *     multiply(team, A, x.pointer, y.pointer)                                      // y ← A x
 */
export interface SparseMatrix {
  readonly rows: number
  readonly columns: number
  readonly entries: number
  /** Pointers for kernels: `rows + 1` and `entries` 32-bit integers. */
  readonly startsPointer: Pointer
  readonly columnsPointer: Pointer
  readonly values: Block
  /** Views, made at use. */
  starts(): Int32Array
  columnNumbers(): Int32Array
}

export interface Triplets {
  readonly rows: ArrayLike<number>
  readonly columns: ArrayLike<number>
  readonly values: ArrayLike<number>
}

/** Rows per piece of a parallel product. */
const rowGrain = 2048

function allocate(arena: Arena, rows: number, columns: number, entries: number): SparseMatrix {
  const startsPointer = arena.bytes(4 * (rows + 1))
  const columnsPointer = arena.bytes(4 * entries)
  const values = arena.f64(entries)
  return {
    rows, columns, entries, startsPointer, columnsPointer, values,
    starts: () => new Int32Array(arena.memory.buffer, startsPointer, rows + 1),
    columnNumbers: () => new Int32Array(arena.memory.buffer, columnsPointer, entries),
  }
}

/** From compressed rows as they are. Columns must increase within a row; throws Error otherwise (a bug of the caller). */
export function sparseFromRows(arena: Arena, rows: number, columns: number, starts: ArrayLike<number>, columnNumbers: ArrayLike<number>, values?: ArrayLike<number>): SparseMatrix {
  const entries = starts[rows]
  for (let i = 0; i < rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const column = columnNumbers[e]
      if (!(column >= 0 && column < columns) || (e > starts[i] && column <= columnNumbers[e - 1])) throw new Error(`row ${i} of a sparse matrix has column ${column} out of order`)
    }
  }
  const matrix = allocate(arena, rows, columns, entries)
  const s = matrix.starts()
  for (let i = 0; i <= rows; i++) s[i] = starts[i]
  const c = matrix.columnNumbers()
  for (let e = 0; e < entries; e++) c[e] = columnNumbers[e]
  if (values) {
    const v = matrix.values.view()
    for (let e = 0; e < entries; e++) v[e] = values[e]
  }
  return matrix
}

/** From triplets in any order; equal places are added in the order in which they are given, so the bits depend on nothing else. Explicit zeros stay in the pattern. */
export function sparseFromTriplets(arena: Arena, rows: number, columns: number, triplets: Triplets): SparseMatrix {
  const assembler = createAssembler(rows, columns, triplets.rows, triplets.columns)
  const matrix = assembler.matrix(arena)
  assembler.assemble(triplets.values, matrix)
  return matrix
}

/** The pattern of a list of places, found once, and the sums over it as often as needed. */
export interface Assembler {
  /** A zero matrix with the pattern. */
  matrix(arena: Arena): SparseMatrix
  /** values of `matrix` ← sums of the triplets' values, each in the order of the list. */
  assemble(values: ArrayLike<number>, matrix: SparseMatrix): void
}

/** Two stable counting sorts: by column, then by row. Throws FaultError `matrix-too-large` beyond 2³¹ − 1 entries. */
export function createAssembler(rows: number, columns: number, rowNumbers: ArrayLike<number>, columnNumbers: ArrayLike<number>): Assembler {
  const count = rowNumbers.length
  if (count >= 2 ** 31) throw new FaultError(error('matrix-too-large', `A matrix of ${count} contributions is beyond what 32-bit indices address.`, { tip: 'Use fewer nodes.' }))
  const byColumn = sortedBy(columnNumbers, columns, undefined)
  const order = sortedBy(rowNumbers, rows, byColumn)
  const starts = new Int32Array(rows + 1)
  /** The entry that contribution t adds to. */
  const target = new Int32Array(count)
  const places = new Int32Array(count)
  let entries = 0
  let previousRow = -1
  let previousColumn = -1
  for (let k = 0; k < count; k++) {
    const t = order[k]
    const row = rowNumbers[t]
    const column = columnNumbers[t]
    if (row !== previousRow || column !== previousColumn) {
      places[entries++] = column
      starts[row + 1]++
      previousRow = row
      previousColumn = column
    }
    target[t] = entries - 1
  }
  for (let i = 0; i < rows; i++) starts[i + 1] += starts[i]
  const pattern = places.slice(0, entries)
  return {
    matrix(arena) {
      const matrix = allocate(arena, rows, columns, entries)
      matrix.starts().set(starts)
      matrix.columnNumbers().set(pattern)
      return matrix
    },
    assemble(values, matrix) {
      const sums = matrix.values.view().fill(0)
      for (let t = 0; t < count; t++) sums[target[t]] += values[t]
    },
  }
}

/** The numbers 0 … n − 1 (or `order`) sorted by key, equal keys in their order. */
function sortedBy(keys: ArrayLike<number>, range: number, order: Int32Array | undefined): Int32Array {
  const n = keys.length
  const next = new Int32Array(range + 1)
  for (let t = 0; t < n; t++) {
    const key = keys[t]
    if (!(key >= 0 && key < range)) throw new Error(`index ${key} of a triplet is outside 0 … ${range - 1}`)
    next[key + 1]++
  }
  for (let k = 0; k < range; k++) next[k + 1] += next[k]
  const sorted = new Int32Array(n)
  for (let k = 0; k < n; k++) {
    const t = order ? order[k] : k
    sorted[next[keys[t]]++] = t
  }
  return sorted
}

/** Aᵀ. */
export function transpose(arena: Arena, matrix: SparseMatrix): SparseMatrix {
  const result = allocate(arena, matrix.columns, matrix.rows, matrix.entries)
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const [newStarts, newColumns, newValues] = [result.starts(), result.columnNumbers(), result.values.view()]
  for (let e = 0; e < matrix.entries; e++) newStarts[columns[e] + 1]++
  for (let j = 0; j < matrix.columns; j++) newStarts[j + 1] += newStarts[j]
  const next = newStarts.slice()
  for (let i = 0; i < matrix.rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const at = next[columns[e]]++
      newColumns[at] = i
      newValues[at] = values[e]
    }
  }
  return result
}

/** y ← A x on the whole team. */
export function multiply(team: Team, matrix: SparseMatrix, x: Pointer, y: Pointer): void {
  team.parallel('sparse.multiply', 0, matrix.rows, [matrix.startsPointer, matrix.columnsPointer, matrix.values.pointer, x, y], { grain: rowGrain })
}

/** y ← y + A x. */
export function multiplyAdd(team: Team, matrix: SparseMatrix, x: Pointer, y: Pointer): void {
  team.parallel('sparse.multiplyAdd', 0, matrix.rows, [matrix.startsPointer, matrix.columnsPointer, matrix.values.pointer, x, y], { grain: rowGrain })
}

/** r ← b − A x. */
export function residual(team: Team, matrix: SparseMatrix, x: Pointer, b: Pointer, r: Pointer): void {
  team.parallel('sparse.residual', 0, matrix.rows, [matrix.startsPointer, matrix.columnsPointer, matrix.values.pointer, x, b, r], { grain: rowGrain })
}

/** The diagonal, 0 where it has no entry. */
export function diagonalOf(matrix: SparseMatrix): Float64Array {
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const diagonal = new Float64Array(matrix.rows)
  for (let i = 0; i < matrix.rows; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) if (columns[e] === i) diagonal[i] = values[e]
  }
  return diagonal
}

/** Largest |a_ij − a_ji| beside the largest entry: 0 for a symmetric matrix. */
export function asymmetry(arena: Arena, matrix: SparseMatrix): number {
  if (matrix.rows !== matrix.columns) return Infinity
  const mark = arena.mark()
  const other = transpose(arena, matrix)
  const [s, c, v] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const [so, co, vo] = [other.starts(), other.columnNumbers(), other.values.view()]
  let largest = 0
  let difference = 0
  for (let i = 0; i < matrix.rows; i++) {
    let p = s[i]
    let q = so[i]
    while (p < s[i + 1] || q < so[i + 1]) {
      const a = p < s[i + 1] ? c[p] : matrix.columns
      const b = q < so[i + 1] ? co[q] : matrix.columns
      const left = a <= b ? v[p++] : 0
      const right = b <= a ? vo[q++] : 0
      largest = Math.max(largest, Math.abs(left))
      difference = Math.max(difference, Math.abs(left - right))
    }
  }
  arena.release(mark)
  return largest === 0 ? 0 : difference / largest
}
