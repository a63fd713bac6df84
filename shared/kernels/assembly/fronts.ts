/**
 * Kernels of multifrontal elimination. A front is a dense row-major matrix of `m` rows with leading dimension `ld`, the variables that may be eliminated
 * first. Fronts are eliminated in panels; what is left is the contribution to the parent's front.
 *
 * Symmetric fronts use the upper triangle: rows of U = D Lᵀ; the lower triangle holds copies of L for the product. General fronts hold L \ U.
 */
import { dotProduct, subtractProduct, subtractScaled } from './_gemm'

// @ts-ignore: decorator
@inline function at(front: usize, ld: i32, i: i32, j: i32): usize {
  return front + ((<usize>i * <usize>ld + <usize>j) << 3)
}
// @ts-ignore: decorator
@inline function int(array: usize, index: i32): i32 {
  return load<i32>(array + ((<usize>index) << 2))
}
// @ts-ignore: decorator
@inline function get(array: usize, index: i32): f64 {
  return load<f64>(array + ((<usize>index) << 3))
}
// @ts-ignore: decorator
@inline function set(array: usize, index: i32, value: f64): void {
  store<f64>(array + ((<usize>index) << 3), value)
}

/** Columns per panel. */
// @ts-ignore: decorator
@inline const panel = 32

/** Rows of a front that one update takes at once; a symmetric update skips what lies left of them. */
// @ts-ignore: decorator
@inline const updateRows = 64

/**
 * front ← 0, then the matrix' own entries from … to: entry e of the matrix goes to (row[e'], column[e']) where local numbers from `pivots` on move up by `delayed`.
 * `rowScale` = 0: no scaling.
 */
export function start(front: usize, m: i32, ld: i32, from: i32, to: i32, entry: usize, row: usize, column: usize, pivots: i32, delayed: i32, values: usize, rowScale: usize, columnScale: usize, matrixRow: usize, matrixColumn: usize): void {
  memory.fill(front, 0, (<usize>m * <usize>ld) << 3)
  for (let e = from; e < to; e++) {
    let i = int(row, e)
    let j = int(column, e)
    if (i >= pivots) i += delayed
    if (j >= pivots) j += delayed
    const source = int(entry, e)
    let value = get(values, source)
    if (rowScale != 0) value *= get(rowScale, int(matrixRow, source)) * get(columnScale, int(matrixColumn, source))
    const place = at(front, ld, i, j)
    store<f64>(place, load<f64>(place) + value)
  }
}

/** front[rowMap[i], columnMap[j]] += block[i, j] of a size × size block; only j ≥ i when symmetric. */
export function extendAdd(front: usize, ld: i32, block: usize, size: i32, rowMap: usize, columnMap: usize, symmetric: i32): void {
  for (let i = 0; i < size; i++) {
    const target = at(front, ld, int(rowMap, i), 0)
    const source = block + ((<usize>i * <usize>size) << 3)
    for (let j = symmetric != 0 ? i : 0; j < size; j++) {
      const place = target + ((<usize>int(columnMap, j)) << 3)
      store<f64>(place, load<f64>(place) + get(source, j))
    }
  }
}

/** block ← the trailing part of the front from `k` on, size × size. The block may lie over the front as long as it ends no sooner: rows go last to first. */
export function takeBlock(front: usize, ld: i32, m: i32, k: i32, block: usize, symmetric: i32): void {
  const size = m - k
  for (let i = size - 1; i >= 0; i--) {
    const skip = symmetric != 0 ? i : 0
    memory.copy(block + ((<usize>i * <usize>size + <usize>skip) << 3), at(front, ld, k + i, k + skip), (<usize>(size - skip)) << 3)
  }
}

/** Copies rows × columns elements between row-major matrices. */
export function copyRows(rows: i32, columns: i32, from: usize, ldFrom: i32, to: usize, ldTo: i32): void {
  for (let i = 0; i < rows; i++) memory.copy(at(to, ldTo, i, 0), at(from, ldFrom, i, 0), (<usize>columns) << 3)
}

/**
 * Panel k0 … k1 of a symmetric front: rows of U with all their columns, and L in the lower triangle. Returns k1, or −1 − k for a pivot k that is not allowed: not
 * positive when `positive`, else smaller than `weak` times the largest entry of its row.
 */
export function panelSymmetric(front: usize, ld: i32, m: i32, k0: i32, k1: i32, positive: i32, weak: f64): i32 {
  for (let k = k0; k < k1; k++) {
    const row = at(front, ld, k, 0)
    const pivot = get(row, k)
    if (positive != 0) {
      if (!(pivot > 0)) return -1 - k
    } else {
      let largest: f64 = 0
      for (let j = k + 1; j < m; j++) largest = max<f64>(largest, abs(get(row, j)))
      if (!(abs(pivot) >= weak * largest) || pivot == 0) return -1 - k
    }
    const inverse = 1 / pivot
    for (let i = k + 1; i < k1; i++) subtractScaled(m - i, get(row, i) * inverse, row + ((<usize>i) << 3), at(front, ld, i, i))
    for (let i = k + 1; i < m; i++) store<f64>(at(front, ld, i, k), get(row, i) * inverse)
  }
  return k1
}

/** Trailing rows of a symmetric front from k1 on, j ≥ i in blocks: minus L U of the panel k0 … k1. Ranges are blocks of rows. */
export function updateSymmetric(begin: i32, end: i32, front: usize, ld: i32, m: i32, k0: i32, k1: i32): void {
  for (let block = begin; block < end; block++) {
    const from = k1 + block * updateRows
    const to = min<i32>(m, from + updateRows)
    subtractProduct(to - from, m - from, k1 - k0, at(front, ld, from, k0), ld, at(front, ld, k0, from), ld, at(front, ld, from, from), ld)
  }
}

/** All panels of a symmetric front on this thread. Returns the number of pivots, or −1 − k. */
export function factorSymmetric(front: usize, ld: i32, m: i32, pivots: i32, positive: i32, weak: f64): i32 {
  for (let k0 = 0; k0 < pivots; k0 += panel) {
    const k1 = min<i32>(pivots, k0 + panel)
    const done = panelSymmetric(front, ld, m, k0, k1, positive, weak)
    if (done < 0) return done
    updateSymmetric(0, (m - k1 + updateRows - 1) / updateRows, front, ld, m, k0, k1)
  }
  return pivots
}

function swapRows(front: usize, ld: i32, m: i32, a: i32, b: i32, names: usize): void {
  const p = at(front, ld, a, 0)
  const q = at(front, ld, b, 0)
  let j = 0
  for (; j + 2 <= m; j += 2) {
    const offset = (<usize>j) << 3
    const keep = v128.load(p + offset)
    v128.store(p + offset, v128.load(q + offset))
    v128.store(q + offset, keep)
  }
  if (j < m) {
    const keep = get(p, j)
    set(p, j, get(q, j))
    set(q, j, keep)
  }
  const name = int(names, a)
  store<i32>(names + ((<usize>a) << 2), int(names, b))
  store<i32>(names + ((<usize>b) << 2), name)
}

/** Columns a and b change places, with their names. */
export function swapColumns(front: usize, ld: i32, m: i32, a: i32, b: i32, names: usize): void {
  for (let i = 0; i < m; i++) {
    const row = at(front, ld, i, 0)
    const keep = get(row, a)
    set(row, a, get(row, b))
    set(row, b, keep)
  }
  const name = int(names, a)
  store<i32>(names + ((<usize>a) << 2), int(names, b))
  store<i32>(names + ((<usize>b) << 2), name)
}

/**
 * Panel k0 … k1 of a general front with row pivoting among the first `candidates` rows: a pivot must be at least `threshold` times the largest of its column (the diagonal
 * itself is taken from `preference` on). Returns how far it came; a column without a pivot ends the panel.
 */
export function panelGeneral(front: usize, ld: i32, m: i32, k0: i32, k1: i32, candidates: i32, threshold: f64, preference: f64, rowNames: usize): i32 {
  for (let k = k0; k < k1; k++) {
    let largest: f64 = 0
    let best: f64 = 0
    let chosen = -1
    for (let i = k; i < m; i++) {
      const size = abs(load<f64>(at(front, ld, i, k)))
      // A NaN must not hide: it fails every comparison below and ends as a column without a pivot.
      if (!(size <= largest)) largest = size
      if (i < candidates && size > best) {
        best = size
        chosen = i
      }
    }
    if (!(best > 0) || !(best >= threshold * largest)) return k
    if (abs(load<f64>(at(front, ld, k, k))) >= preference * largest) chosen = k
    if (chosen != k) swapRows(front, ld, m, k, chosen, rowNames)
    const row = at(front, ld, k, k + 1)
    const inverse = 1 / load<f64>(at(front, ld, k, k))
    const width = k1 - k - 1
    for (let i = k + 1; i < m; i++) {
      const place = at(front, ld, i, k)
      const factor = load<f64>(place) * inverse
      store<f64>(place, factor)
      if (factor != 0) subtractScaled(width, factor, row, place + 8)
    }
  }
  return k1
}

/** Rows k0 … k1 of U right of column `from`: L⁻¹ of the panel. Ranges are columns. */
export function solveRows(begin: i32, end: i32, front: usize, ld: i32, k0: i32, k1: i32): void {
  for (let i = k0 + 1; i < k1; i++) {
    for (let k = k0; k < i; k++) subtractScaled(end - begin, load<f64>(at(front, ld, i, k)), at(front, ld, k, begin), at(front, ld, i, begin))
  }
}

/** Rows of a general front from k1 on, columns from `column` on: minus L U of the panel. Ranges are blocks of rows. */
export function updateGeneral(begin: i32, end: i32, front: usize, ld: i32, m: i32, k0: i32, k1: i32, column: i32): void {
  const from = k1 + begin * updateRows
  const to = min<i32>(m, k1 + end * updateRows)
  subtractProduct(to - from, m - column, k1 - k0, at(front, ld, from, k0), ld, at(front, ld, k0, column), ld, at(front, ld, from, column), ld)
}

/** One panel of a general front and its update, on this thread. Returns how many pivots there are now. */
export function stepGeneral(front: usize, ld: i32, m: i32, k0: i32, k1: i32, candidates: i32, threshold: f64, preference: f64, rowNames: usize): i32 {
  const done = panelGeneral(front, ld, m, k0, k1, candidates, threshold, preference, rowNames)
  if (done == k0) return done
  // Columns of the panel that were not eliminated are up to date already.
  solveRows(k1, m, front, ld, k0, done)
  updateGeneral(0, (m - done + updateRows - 1) / updateRows, front, ld, m, k0, done, k1)
  return done
}

/** All panels of a general front as long as every column has a pivot. Returns the number of pivots. */
export function factorGeneral(front: usize, ld: i32, m: i32, pivots: i32, threshold: f64, preference: f64, rowNames: usize): i32 {
  let k = 0
  while (k < pivots) {
    const k1 = min<i32>(pivots, k + panel)
    const done = stepGeneral(front, ld, m, k, k1, pivots, threshold, preference, rowNames)
    if (done < k1) return done
    k = done
  }
  return k
}

// A factored front is described by 32-bit words: pivots k, order m, pointers to the numbers of its rows and of its columns, and to its values.
// @ts-ignore: decorator
@inline const wordsPerFront = 5

/** x ← L⁻¹ x for fronts in order (symmetric): y of a pivot stays undivided. `work` holds the largest front. */
export function forwardSymmetric(count: i32, fronts: usize, x: usize, work: usize): void {
  for (let f = 0; f < count; f++) {
    const k = int(fronts, wordsPerFront * f)
    const m = int(fronts, wordsPerFront * f + 1)
    const names = <usize><u32>int(fronts, wordsPerFront * f + 2)
    const values = <usize><u32>int(fronts, wordsPerFront * f + 4)
    for (let i = 0; i < m; i++) set(work, i, get(x, int(names, i)))
    for (let t = 0; t < k; t++) {
      const row = values + ((<usize>t * <usize>m) << 3)
      subtractScaled(m - t - 1, get(work, t) / get(row, t), row + ((<usize>(t + 1)) << 3), work + ((<usize>(t + 1)) << 3))
    }
    for (let i = 0; i < m; i++) set(x, int(names, i), get(work, i))
  }
}

/** x ← (D Lᵀ)⁻¹ x for fronts in reverse order (symmetric). */
export function backwardSymmetric(count: i32, fronts: usize, x: usize, work: usize): void {
  for (let f = count - 1; f >= 0; f--) {
    const k = int(fronts, wordsPerFront * f)
    const m = int(fronts, wordsPerFront * f + 1)
    const names = <usize><u32>int(fronts, wordsPerFront * f + 2)
    const values = <usize><u32>int(fronts, wordsPerFront * f + 4)
    for (let i = 0; i < m; i++) set(work, i, get(x, int(names, i)))
    for (let t = k - 1; t >= 0; t--) {
      const row = values + ((<usize>t * <usize>m) << 3)
      const offset = (<usize>(t + 1)) << 3
      set(work, t, (get(work, t) - dotProduct(m - t - 1, row + offset, work + offset)) / get(row, t))
    }
    for (let t = 0; t < k; t++) set(x, int(names, t), get(work, t))
  }
}

/** y ← L⁻¹ b for fronts in order (general): b is used up by row numbers, y counts the pivots. A front's values are k rows of m (L \ U), then m − k rows of k (L). */
export function forwardGeneral(count: i32, fronts: usize, b: usize, y: usize): void {
  let first = 0
  for (let f = 0; f < count; f++) {
    const k = int(fronts, wordsPerFront * f)
    const m = int(fronts, wordsPerFront * f + 1)
    const names = <usize><u32>int(fronts, wordsPerFront * f + 2)
    const values = <usize><u32>int(fronts, wordsPerFront * f + 4)
    const solved = y + ((<usize>first) << 3)
    for (let t = 0; t < k; t++) set(solved, t, get(b, int(names, t)) - dotProduct(t, values + ((<usize>t * <usize>m) << 3), solved))
    const rest = values + ((<usize>k * <usize>m) << 3)
    for (let i = k; i < m; i++) {
      const name = int(names, i)
      set(b, name, get(b, name) - dotProduct(k, rest + ((<usize>(i - k) * <usize>k) << 3), solved))
    }
    first += k
  }
}

/** x ← U⁻¹ y for fronts in reverse order (general), x by column numbers. */
export function backwardGeneral(count: i32, fronts: usize, total: i32, y: usize, x: usize, work: usize): void {
  let first = total
  for (let f = count - 1; f >= 0; f--) {
    const k = int(fronts, wordsPerFront * f)
    const m = int(fronts, wordsPerFront * f + 1)
    const names = <usize><u32>int(fronts, wordsPerFront * f + 3)
    const values = <usize><u32>int(fronts, wordsPerFront * f + 4)
    first -= k
    for (let i = k; i < m; i++) set(work, i, get(x, int(names, i)))
    for (let t = k - 1; t >= 0; t--) {
      const row = values + ((<usize>t * <usize>m) << 3)
      const offset = (<usize>(t + 1)) << 3
      const value = (get(y, first + t) - dotProduct(m - t - 1, row + offset, work + offset)) / get(row, t)
      set(work, t, value)
      set(x, int(names, t), value)
    }
  }
}
