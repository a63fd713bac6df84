/**
 * Kernels of sparse matrices in compressed rows: row i holds the entries starts[i] … starts[i + 1] − 1 with increasing column numbers. Starts and columns are
 * 32-bit integers, values float64; pointers are byte offsets. Every row is summed in one fixed order, so bits do not depend on how rows are shared out.
 */

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

/** Σ over entries from … to of value · x[column]: even and odd entries apart, then together. */
// @ts-ignore: decorator
@inline function rowSum(from: i32, to: i32, columns: usize, values: usize, x: usize): f64 {
  let e = from
  let sum = f64x2.splat(0)
  for (; e + 2 <= to; e += 2) {
    const pair = v128.load64_lane(x + ((<usize>int(columns, e + 1)) << 3), v128.load64_zero(x + ((<usize>int(columns, e)) << 3)), 1)
    sum = f64x2.add(sum, f64x2.mul(v128.load(values + ((<usize>e) << 3)), pair))
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  if (e < to) total += get(values, e) * get(x, int(columns, e))
  return total
}

/** y ← A x. Ranges are rows. */
export function multiply(begin: i32, end: i32, starts: usize, columns: usize, values: usize, x: usize, y: usize): void {
  for (let i = begin; i < end; i++) set(y, i, rowSum(int(starts, i), int(starts, i + 1), columns, values, x))
}

/** r ← b − A x. Ranges are rows. */
export function residual(begin: i32, end: i32, starts: usize, columns: usize, values: usize, x: usize, b: usize, r: usize): void {
  for (let i = begin; i < end; i++) set(r, i, get(b, i) - rowSum(int(starts, i), int(starts, i + 1), columns, values, x))
}

/** y ← y + A x. Ranges are rows. */
export function multiplyAdd(begin: i32, end: i32, starts: usize, columns: usize, values: usize, x: usize, y: usize): void {
  for (let i = begin; i < end; i++) set(y, i, get(y, i) + rowSum(int(starts, i), int(starts, i + 1), columns, values, x))
}

/** Σ (b − A x)² over the rows. */
export function residualSquared(begin: i32, end: i32, starts: usize, columns: usize, values: usize, x: usize, b: usize): f64 {
  let total: f64 = 0
  for (let i = begin; i < end; i++) {
    const r = get(b, i) - rowSum(int(starts, i), int(starts, i + 1), columns, values, x)
    total += r * r
  }
  return total
}

/** x ← x + ω D⁻¹ (b − A x) row after row: a sweep of successive over-relaxation, forward (step 1) or backward (step −1). `inverse` is 1/diagonal. Sequential. */
export function relax(rows: i32, starts: usize, columns: usize, values: usize, inverse: usize, b: usize, x: usize, omega: f64, step: i32): void {
  let i = step > 0 ? 0 : rows - 1
  for (let count = 0; count < rows; count++) {
    const r = get(b, i) - rowSum(int(starts, i), int(starts, i + 1), columns, values, x)
    set(x, i, get(x, i) + omega * get(inverse, i) * r)
    i += step
  }
}

/** y ← L⁻¹ b with L of unit diagonal: the entries before `diagonal[i]` of each row. Sequential; y may be b. */
export function lowerUnit(rows: i32, starts: usize, columns: usize, values: usize, diagonal: usize, b: usize, y: usize): void {
  for (let i = 0; i < rows; i++) set(y, i, get(b, i) - rowSum(int(starts, i), int(diagonal, i), columns, values, y))
}

/** x ← U⁻¹ y: the entries from `diagonal[i]` of each row on, `inverse` is 1/U's diagonal. Sequential; x may be y. */
export function upper(rows: i32, starts: usize, columns: usize, values: usize, diagonal: usize, inverse: usize, y: usize, x: usize): void {
  for (let i = rows - 1; i >= 0; i--) set(x, i, (get(y, i) - rowSum(int(diagonal, i) + 1, int(starts, i + 1), columns, values, x)) * get(inverse, i))
}

/** x ← (L Lᵀ)⁻¹ b with L in rows, diagonal last in its row, `inverse` 1/L's diagonal. Sequential; x may be b. */
export function cholesky(rows: i32, starts: usize, columns: usize, values: usize, inverse: usize, b: usize, x: usize): void {
  for (let i = 0; i < rows; i++) set(x, i, (get(b, i) - rowSum(int(starts, i), int(starts, i + 1) - 1, columns, values, x)) * get(inverse, i))
  for (let i = rows - 1; i >= 0; i--) {
    const value = get(x, i) * get(inverse, i)
    set(x, i, value)
    const last = int(starts, i + 1) - 1
    for (let e = int(starts, i); e < last; e++) {
      const j = int(columns, e)
      set(x, j, get(x, j) - get(values, e) * value)
    }
  }
}

/**
 * Incomplete LU without fill, in place, rows in order: L below the diagonal (unit diagonal not stored), U from it on. `place` is scratch of one 32-bit
 * integer per column, zero on entry and on exit. A pivot smaller than `least` in size becomes ±least. Returns the number of pivots so replaced.
 */
export function incompleteLU(rows: i32, starts: usize, columns: usize, values: usize, diagonal: usize, inverse: usize, place: usize, least: f64): i32 {
  let replaced = 0
  for (let i = 0; i < rows; i++) {
    const from = int(starts, i)
    const to = int(starts, i + 1)
    for (let e = from; e < to; e++) store<i32>(place + ((<usize>int(columns, e)) << 2), e + 1)
    const middle = int(diagonal, i)
    for (let e = from; e < middle; e++) {
      const k = int(columns, e)
      const factor = get(values, e) * get(inverse, k)
      set(values, e, factor)
      const last = int(starts, k + 1)
      for (let g = int(diagonal, k) + 1; g < last; g++) {
        const at = int(place, int(columns, g)) - 1
        if (at >= 0) set(values, at, get(values, at) - factor * get(values, g))
      }
    }
    let pivot = get(values, middle)
    if (!(abs(pivot) >= least)) {
      pivot = pivot < 0 ? -least : least
      set(values, middle, pivot)
      replaced++
    }
    set(inverse, i, 1 / pivot)
    for (let e = from; e < to; e++) store<i32>(place + ((<usize>int(columns, e)) << 2), 0)
  }
  return replaced
}

/**
 * Incomplete Cholesky without fill of A + σ diag(A), in place in the lower triangle (diagonal last in its row). Returns −1, or the row whose pivot is not positive.
 */
export function incompleteCholesky(rows: i32, starts: usize, columns: usize, values: usize, inverse: usize, sigma: f64): i32 {
  for (let i = 0; i < rows; i++) {
    const from = int(starts, i)
    const last = int(starts, i + 1) - 1
    let squares: f64 = 0
    for (let e = from; e < last; e++) {
      const j = int(columns, e)
      // l_ij = (a_ij − Σ_k l_ik l_jk) / l_jj over the columns both rows have: merge of two sorted rows.
      let total = get(values, e)
      let p = from
      let q = int(starts, j)
      const end = int(starts, j + 1) - 1
      while (p < e && q < end) {
        const a = int(columns, p)
        const b = int(columns, q)
        if (a == b) {
          total -= get(values, p) * get(values, q)
          p++
          q++
        } else if (a < b) p++
        else q++
      }
      total *= get(inverse, j)
      set(values, e, total)
      squares += total * total
    }
    const full = get(values, last) * (1 + sigma)
    const pivot = full - squares
    if (!(pivot > 1e-12 * full)) return i
    const root = sqrt(pivot)
    set(values, last, root)
    set(inverse, i, 1 / root)
  }
  return -1
}
