/**
 * Kernels of dense matrices, row-major with a leading dimension in elements; Cholesky and LU use the panels of fronts.ts. Every element is computed by the same operations
 * in the same order however rows and columns are shared out to threads.
 */
import { dotProduct, subtractProduct, subtractScaled } from './_gemm'

// @ts-ignore: decorator
@inline function at(matrix: usize, ld: i32, i: i32, j: i32): usize {
  return matrix + ((<usize>i * <usize>ld + <usize>j) << 3)
}
// @ts-ignore: decorator
@inline function get(array: usize, index: i32): f64 {
  return load<f64>(array + ((<usize>index) << 3))
}
// @ts-ignore: decorator
@inline function set(array: usize, index: i32, value: f64): void {
  store<f64>(array + ((<usize>index) << 3), value)
}

/** y ← α x, n elements. */
// @ts-ignore: decorator
@inline function scaleTo(n: i32, alpha: f64, x: usize, y: usize): void {
  const factor = f64x2.splat(alpha)
  let i = 0
  for (; i + 2 <= n; i += 2) v128.store(y + ((<usize>i) << 3), f64x2.mul(factor, v128.load(x + ((<usize>i) << 3))))
  if (i < n) set(y, i, alpha * get(x, i))
}

/** Inner lengths that one pass of a product takes, so that its part of B stays in the cache. */
// @ts-ignore: decorator
@inline const innerBlock = 256

/** C ← α A B + β C for rows of C (rows of A), α ≠ 0: C is rows × columns, B inner × columns. Ranges are rows. */
export function product(begin: i32, end: i32, columns: i32, inner: i32, alpha: f64, a: usize, lda: i32, b: usize, ldb: i32, beta: f64, c: usize, ldc: i32): void {
  for (let i = begin; i < end; i++) {
    const row = at(c, ldc, i, 0)
    if (beta == 0) memory.fill(row, 0, (<usize>columns) << 3)
    else scaleTo(columns, -beta / alpha, row, row)
  }
  for (let k = 0; k < inner; k += innerBlock) {
    subtractProduct(end - begin, columns, min<i32>(innerBlock, inner - k), at(a, lda, begin, k), lda, at(b, ldb, k, 0), ldb, at(c, ldc, begin, 0), ldc)
  }
  for (let i = begin; i < end; i++) scaleTo(columns, -alpha, at(c, ldc, i, 0), at(c, ldc, i, 0))
}

/** B ← Aᵀ for columns of A (rows of B): A is rows × columns. Ranges are columns of A. */
export function transpose(begin: i32, end: i32, rows: i32, a: usize, lda: i32, b: usize, ldb: i32): void {
  for (let i0 = 0; i0 < rows; i0 += 16) {
    const i1 = min<i32>(rows, i0 + 16)
    for (let j = begin; j < end; j++) for (let i = i0; i < i1; i++) store<f64>(at(b, ldb, j, i), load<f64>(at(a, lda, i, j)))
  }
}

/**
 * Prepares a block reflector H_k0 … H_k1−1 = I − V T Vᵀ: V (m − k0) × b with its unit diagonal, Vᵀ, and T (b × b, upper triangular). Source: Schreiber & Van Loan 1989,
 * doi:10.1137/0910005.
 */
export function blockReflector(a: usize, lda: i32, m: i32, k0: i32, k1: i32, tau: usize, v: usize, vt: usize, t: usize): void {
  const b = k1 - k0
  const rows = m - k0
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < b; j++) {
      const value: f64 = i < j ? 0 : i == j ? 1 : load<f64>(at(a, lda, k0 + i, k0 + j))
      store<f64>(at(v, b, i, j), value)
      store<f64>(at(vt, rows, j, i), value)
    }
  }
  for (let j = 0; j < b; j++) {
    const factor = get(tau, k0 + j)
    for (let i = 0; i < j; i++) store<f64>(at(t, b, i, j), -factor * dotProduct(rows, at(vt, rows, i, 0), at(vt, rows, j, 0)))
    for (let i = 0; i < j; i++) {
      let sum: f64 = 0
      for (let l = i; l < j; l++) sum += load<f64>(at(t, b, i, l)) * load<f64>(at(t, b, l, j))
      store<f64>(at(t, b, i, j), sum)
    }
    store<f64>(at(t, b, j, j), factor)
    for (let i = j + 1; i < b; i++) store<f64>(at(t, b, i, j), 0)
  }
}

/**
 * Columns begin … end of C (rows × columns) ← (I − V S Vᵀ) C with S = T or Tᵀ (`transposed`). `w` has room for b rows as long as C's. Ranges are columns.
 */
export function applyReflector(begin: i32, end: i32, rows: i32, b: i32, v: usize, vt: usize, t: usize, transposed: i32, c: usize, ldc: i32, w: usize): void {
  const n = end - begin
  const target = c + ((<usize>begin) << 3)
  const work = w + ((<usize>begin) << 3)
  for (let i = 0; i < b; i++) memory.fill(at(work, ldc, i, 0), 0, (<usize>n) << 3)
  // work = −Vᵀ C, taken in pieces of C that stay in the cache.
  for (let k = 0; k < rows; k += innerBlock) subtractProduct(b, n, min<i32>(innerBlock, rows - k), vt + ((<usize>k) << 3), rows, at(target, ldc, k, 0), ldc, work, ldc)
  // work ← −S work, row by row in the order that needs no copy.
  if (transposed != 0) {
    for (let i = b - 1; i >= 0; i--) {
      const row = at(work, ldc, i, 0)
      scaleTo(n, -load<f64>(at(t, b, i, i)), row, row)
      for (let k = 0; k < i; k++) subtractScaled(n, load<f64>(at(t, b, k, i)), at(work, ldc, k, 0), row)
    }
  } else {
    for (let i = 0; i < b; i++) {
      const row = at(work, ldc, i, 0)
      scaleTo(n, -load<f64>(at(t, b, i, i)), row, row)
      for (let k = i + 1; k < b; k++) subtractScaled(n, load<f64>(at(t, b, i, k)), at(work, ldc, k, 0), row)
    }
  }
  subtractProduct(rows, n, b, v, b, work, ldc, target, ldc)
}

/** b ← L⁻¹ b (unit lower triangle), several right-hand sides as columns begin … end of a row-major matrix. */
export function solveLowerUnit(begin: i32, end: i32, n: i32, a: usize, lda: i32, b: usize, ldb: i32): void {
  for (let i = 1; i < n; i++) for (let k = 0; k < i; k++) subtractScaled(end - begin, load<f64>(at(a, lda, i, k)), at(b, ldb, k, begin), at(b, ldb, i, begin))
}

/** b ← U⁻¹ b (upper triangle with its diagonal), columns begin … end. */
export function solveUpper(begin: i32, end: i32, n: i32, a: usize, lda: i32, b: usize, ldb: i32): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = at(b, ldb, i, begin)
    for (let k = i + 1; k < n; k++) subtractScaled(end - begin, load<f64>(at(a, lda, i, k)), at(b, ldb, k, begin), row)
    const inverse = 1 / load<f64>(at(a, lda, i, i))
    scaleTo(end - begin, inverse, row, row)
  }
}

/** b ← U⁻ᵀ b (transposed upper triangle with its diagonal), columns begin … end. */
export function solveUpperTransposed(begin: i32, end: i32, n: i32, a: usize, lda: i32, b: usize, ldb: i32): void {
  for (let i = 0; i < n; i++) {
    const row = at(b, ldb, i, begin)
    for (let k = 0; k < i; k++) subtractScaled(end - begin, load<f64>(at(a, lda, k, i)), at(b, ldb, k, begin), row)
    scaleTo(end - begin, 1 / load<f64>(at(a, lda, i, i)), row, row)
  }
}

/** Row i ← row i − p[i] q for columns from … to. Ranges are rows. */
export function rankOne(begin: i32, end: i32, from: i32, to: i32, a: usize, lda: i32, p: usize, q: usize): void {
  for (let i = begin; i < end; i++) subtractScaled(to - from, get(p, i), q + ((<usize>from) << 3), at(a, lda, i, from))
}
