/**
 * Kernels of orthogonal factorisations: Householder panels, QR with column pivoting, one-sided Jacobi, symmetric products. Vectors that are made orthogonal lie in rows, so that every inner loop runs
 * along memory. Every element is computed by the same operations in the same order however the ranges are shared out to threads.
 */
import { subtractProduct } from './_gemm'

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

/** Σ x y, n elements, in four pairs of partial sums: one alone would wait for its last addition. */
function dot(n: i32, x: usize, y: usize): f64 {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0
  let i = 0
  for (; i + 8 <= n; i += 8) {
    s0 = f64x2.add(s0, f64x2.mul(v128.load(x), v128.load(y)))
    s1 = f64x2.add(s1, f64x2.mul(v128.load(x, 16), v128.load(y, 16)))
    s2 = f64x2.add(s2, f64x2.mul(v128.load(x, 32), v128.load(y, 32)))
    s3 = f64x2.add(s3, f64x2.mul(v128.load(x, 48), v128.load(y, 48)))
    x += 64
    y += 64
  }
  s0 = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3))
  let total = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1)
  for (; i < n; i++) {
    total += load<f64>(x) * load<f64>(y)
    x += 8
    y += 8
  }
  return total
}

/** y ← y − α x, n elements. */
function subtract(n: i32, alpha: f64, x: usize, y: usize): void {
  const factor = f64x2.splat(alpha)
  let i = 0
  for (; i + 4 <= n; i += 4) {
    v128.store(y, f64x2.sub(v128.load(y), f64x2.mul(factor, v128.load(x))))
    v128.store(y, f64x2.sub(v128.load(y, 16), f64x2.mul(factor, v128.load(x, 16))), 16)
    x += 32
    y += 32
  }
  for (; i < n; i++) {
    store<f64>(y, load<f64>(y) - alpha * load<f64>(x))
    x += 8
    y += 8
  }
}

/** Makes the row x of n elements (1, v) with (I − τ (1, v)(1, v)ᵀ) x = (β, 0); β goes to `beta`. Returns τ, 0 for a row that needs none. x[0] keeps the value 1. */
function reflector(n: i32, x: usize, beta: usize): f64 {
  const alpha = load<f64>(x)
  const squares = dot(n - 1, x + 8, x + 8)
  if (squares == 0) {
    store<f64>(beta, alpha)
    store<f64>(x, 1)
    return 0
  }
  const norm = sqrt(alpha * alpha + squares)
  const value = alpha > 0 ? -norm : norm
  const scale = 1 / (alpha - value)
  for (let i = 1; i < n; i++) set(x, i, get(x, i) * scale)
  store<f64>(x, 1)
  store<f64>(beta, value)
  return (value - alpha) / value
}

/**
 * Householder panel of a QR factorisation: columns k0 … k1 of an m-row matrix, in place (R above the diagonal, v below with v_k = 1 not stored), τ in `tau`. `columns` has room for (k1 − k0)(m − k0)
 * numbers: the panel is factored transposed.
 */
export function panelQr(a: usize, lda: i32, m: i32, k0: i32, k1: i32, tau: usize, columns: usize): void {
  const b = k1 - k0
  const rows = m - k0
  for (let i = 0; i < rows; i++) for (let j = 0; j < b; j++) store<f64>(at(columns, rows, j, i), load<f64>(at(a, lda, k0 + i, k0 + j)))
  for (let j = 0; j < b && j < rows; j++) {
    const v = at(columns, rows, j, j)
    const t = reflector(rows - j, v, at(a, lda, k0 + j, k0 + j))
    set(tau, k0 + j, t)
    if (t == 0) continue
    for (let l = j + 1; l < b; l++) {
      const other = at(columns, rows, l, j)
      subtract(rows - j, t * dot(rows - j, v, other), v, other)
    }
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < b; j++) if (i != j) store<f64>(at(a, lda, k0 + i, k0 + j), load<f64>(at(columns, rows, j, i)))
  }
}

/** squares[i] ← ‖row i‖², elements from … length. Ranges are rows. */
export function rowSquares(begin: i32, end: i32, a: usize, lda: i32, from: i32, length: i32, squares: usize): void {
  for (let i = begin; i < end; i++) {
    const row = at(a, lda, i, from)
    set(squares, i, dot(length - from, row, row))
  }
}

/**
 * Step k of a QR factorisation with column pivoting, the columns being the n rows of A: the largest of the remaining rows comes to place k and becomes the reflector of the elements from k on; `beta`
 * gets the diagonal, τ the factors. `squares` holds two lists of n: remaining squares, and what they were when last computed. Returns the square of the pivot's remaining length.
 * Source: Businger & Golub 1965, doi:10.1007/BF01436084.
 */
export function pivotStep(k: i32, n: i32, length: i32, a: usize, lda: i32, squares: usize, order: usize, tau: usize, beta: usize): f64 {
  let pivot = k
  for (let i = k + 1; i < n; i++) if (get(squares, i) > get(squares, pivot)) pivot = i
  const largest = get(squares, pivot)
  if (pivot != k) {
    const x = at(a, lda, k, 0)
    const y = at(a, lda, pivot, 0)
    for (let i = 0; i < length; i++) {
      const value = get(x, i)
      set(x, i, get(y, i))
      set(y, i, value)
    }
    set(squares, pivot, get(squares, k))
    set(squares + ((<usize>n) << 3), pivot, get(squares + ((<usize>n) << 3), k))
    const first = order + ((<usize>k) << 2)
    const second = order + ((<usize>pivot) << 2)
    const name = load<i32>(first)
    store<i32>(first, load<i32>(second))
    store<i32>(second, name)
  }
  set(tau, k, reflector(length - k, at(a, lda, k, k), beta + ((<usize>k) << 3)))
  return largest
}

/** The reflector of step k on the rows begin … end behind it, whose squares lose their element k; they are summed anew when little is left. */
export function pivotApply(begin: i32, end: i32, k: i32, n: i32, length: i32, a: usize, lda: i32, squares: usize, tau: usize): void {
  const t = get(tau, k)
  const v = at(a, lda, k, k)
  const reference = squares + ((<usize>n) << 3)
  for (let i = begin; i < end; i++) {
    const row = at(a, lda, i, k)
    if (t != 0) subtract(length - k, t * dot(length - k, v, row), v, row)
    const value = load<f64>(row)
    const left = get(squares, i) - value * value
    if (left > 1e-3 * get(reference, i)) set(squares, i, left)
    else {
      const anew = dot(length - k - 1, row + 8, row + 8)
      set(squares, i, anew)
      set(reference, i, anew)
    }
  }
}

/** Row i of C (columns begin … end) ← H_k row, for the reflectors k = count − 1 … 0 (or 0 … count − 1, `forward`), which act on columns: vectors are rows k of A from element k. Ranges are rows of C. */
export function reflectRows(begin: i32, end: i32, count: i32, length: i32, a: usize, lda: i32, tau: usize, forward: i32, c: usize, ldc: i32): void {
  for (let i = begin; i < end; i++) {
    const row = at(c, ldc, i, 0)
    for (let step = 0; step < count; step++) {
      const k = forward ? step : count - 1 - step
      const t = get(tau, k)
      if (t == 0) continue
      const v = at(a, lda, k, k)
      const own = row + ((<usize>k) << 3)
      subtract(length - k, t * dot(length - k, v, own), v, own)
    }
  }
}

/** (x, y) ← (c x − s y, s x + c y), n elements. */
function rotate(n: i32, x: usize, y: usize, c: f64, s: f64): void {
  const cc = f64x2.splat(c)
  const ss = f64x2.splat(s)
  let i = 0
  for (; i + 4 <= n; i += 4) {
    const a = v128.load(x)
    const b = v128.load(y)
    const e = v128.load(x, 16)
    const f = v128.load(y, 16)
    v128.store(x, f64x2.sub(f64x2.mul(cc, a), f64x2.mul(ss, b)))
    v128.store(y, f64x2.add(f64x2.mul(ss, a), f64x2.mul(cc, b)))
    v128.store(x, f64x2.sub(f64x2.mul(cc, e), f64x2.mul(ss, f)), 16)
    v128.store(y, f64x2.add(f64x2.mul(ss, e), f64x2.mul(cc, f)), 16)
    x += 32
    y += 32
  }
  for (; i < n; i++) {
    const a = load<f64>(x)
    const b = load<f64>(y)
    store<f64>(x, c * a - s * b)
    store<f64>(y, s * a + c * b)
    x += 8
    y += 8
  }
}

/**
 * One round of one-sided Jacobi: the pairs begin … end of the list `pairs` (two 32-bit row numbers i < j each, all different) are made orthogonal in their first `length` elements; the rotations go over all
 * `width` elements of the rows. `squares` keeps the squared lengths. turned[pair] ← whether the rows were turned. Pairs whose cosine is at most `tolerance` stay.
 * Source: Hestenes 1958, doi:10.1137/0106005.
 */
export function jacobiRound(begin: i32, end: i32, pairs: usize, x: usize, ld: i32, length: i32, width: i32, squares: usize, tolerance: f64, turned: usize): void {
  for (let p = begin; p < end; p++) {
    const i = load<i32>(pairs + ((<usize>p) << 3))
    const j = load<i32>(pairs + ((<usize>p) << 3) + 4)
    const a = at(x, ld, i, 0)
    const b = at(x, ld, j, 0)
    const alpha = get(squares, i)
    const beta = get(squares, j)
    const gamma = dot(length, a, b)
    if (!(abs(gamma) > tolerance * sqrt(alpha) * sqrt(beta))) {
      set(turned, p, 0)
      continue
    }
    set(turned, p, 1)
    const zeta = (beta - alpha) / (2 * gamma)
    const t = (zeta >= 0 ? 1.0 : -1.0) / (abs(zeta) + sqrt(1 + zeta * zeta))
    const c = 1 / sqrt(1 + t * t)
    const s = c * t
    rotate(width, a, b, c, s)
    // What was taken from one square went to the other; a square that lost most of its digits is summed anew.
    const first = alpha - t * gamma
    const second = beta + t * gamma
    set(squares, i, first > 0.5 * alpha ? first : dot(length, a, a))
    set(squares, j, second > 0.5 * beta ? second : dot(length, b, b))
  }
}

/** out[i] ← Σ_j A[i, j] x[j] for columns from … length. Ranges are rows. */
export function matrixVector(begin: i32, end: i32, from: i32, length: i32, a: usize, lda: i32, x: usize, out: usize): void {
  for (let i = begin; i < end; i++) set(out, i, dot(length - from, at(a, lda, i, from), x + ((<usize>from) << 3)))
}

/** Row i ← row i − p[i] q − q[i] p for columns from … to, in one pass. Ranges are rows. */
export function rankTwo(begin: i32, end: i32, from: i32, to: i32, a: usize, lda: i32, p: usize, q: usize): void {
  const n = to - from
  for (let i = begin; i < end; i++) {
    let row = at(a, lda, i, from)
    let x = p + ((<usize>from) << 3)
    let y = q + ((<usize>from) << 3)
    const pi = get(p, i)
    const qi = get(q, i)
    const pp = f64x2.splat(pi)
    const qq = f64x2.splat(qi)
    let j = 0
    for (; j + 4 <= n; j += 4) {
      v128.store(row, f64x2.sub(f64x2.sub(v128.load(row), f64x2.mul(pp, v128.load(y))), f64x2.mul(qq, v128.load(x))))
      v128.store(row, f64x2.sub(f64x2.sub(v128.load(row, 16), f64x2.mul(pp, v128.load(y, 16))), f64x2.mul(qq, v128.load(x, 16))), 16)
      row += 32
      x += 32
      y += 32
    }
    for (; j < n; j++) {
      store<f64>(row, load<f64>(row) - pi * load<f64>(y) - qi * load<f64>(x))
      row += 8
      x += 8
      y += 8
    }
  }
}

/**
 * Columns begin … end of rows first … first + count: rotations between rows first + k and first + k + 1, the last k first. Strips of eight columns stay in registers from one rotation to the next, so every
 * row is read and written once.
 */
function rotateRows(begin: i32, end: i32, z: usize, ld: i32, first: i32, count: i32, cosines: usize, sines: usize): void {
  const step = (<usize>ld) << 3
  let j = begin
  for (; j + 8 <= end; j += 8) {
    let below = at(z, ld, first + count, j)
    let y0 = v128.load(below), y1 = v128.load(below, 16), y2 = v128.load(below, 32), y3 = v128.load(below, 48)
    for (let k = count - 1; k >= 0; k--) {
      const row = below - step
      const c = v128.load64_splat(cosines + ((<usize>k) << 3))
      const s = v128.load64_splat(sines + ((<usize>k) << 3))
      const x0 = v128.load(row), x1 = v128.load(row, 16), x2 = v128.load(row, 32), x3 = v128.load(row, 48)
      v128.store(below, f64x2.add(f64x2.mul(s, x0), f64x2.mul(c, y0)))
      v128.store(below, f64x2.add(f64x2.mul(s, x1), f64x2.mul(c, y1)), 16)
      v128.store(below, f64x2.add(f64x2.mul(s, x2), f64x2.mul(c, y2)), 32)
      v128.store(below, f64x2.add(f64x2.mul(s, x3), f64x2.mul(c, y3)), 48)
      y0 = f64x2.sub(f64x2.mul(c, x0), f64x2.mul(s, y0))
      y1 = f64x2.sub(f64x2.mul(c, x1), f64x2.mul(s, y1))
      y2 = f64x2.sub(f64x2.mul(c, x2), f64x2.mul(s, y2))
      y3 = f64x2.sub(f64x2.mul(c, x3), f64x2.mul(s, y3))
      below = row
    }
    v128.store(below, y0)
    v128.store(below, y1, 16)
    v128.store(below, y2, 32)
    v128.store(below, y3, 48)
  }
  for (; j < end; j++) {
    let below = at(z, ld, first + count, j)
    let y = load<f64>(below)
    for (let k = count - 1; k >= 0; k--) {
      const row = below - step
      const x = load<f64>(row)
      const c = get(cosines, k)
      const s = get(sines, k)
      store<f64>(below, s * x + c * y)
      y = c * x - s * y
      below = row
    }
    store<f64>(below, y)
  }
}

/**
 * Several sweeps of rotations, one after the other, on strips begin … end of 32 columns, which stay in the cache meanwhile. `table` lists first row, count and place in cosines and sines of every sweep, as
 * 32-bit numbers. See `rotateRows`.
 */
export function rotateSweeps(begin: i32, end: i32, columns: i32, z: usize, ld: i32, sweeps: i32, table: usize, cosines: usize, sines: usize): void {
  for (let strip = begin; strip < end; strip++) {
    const j0 = strip << 5
    const j1 = min<i32>(columns, j0 + 32)
    for (let sweep = 0; sweep < sweeps; sweep++) {
      const entry = table + (<usize>sweep) * 12
      const place = (<usize>load<i32>(entry, 8)) << 3
      rotateRows(j0, j1, z, ld, load<i32>(entry), load<i32>(entry, 4), cosines + place, sines + place)
    }
  }
}

/**
 * Upper triangle of C ← α A B, symmetric by construction, in blocks of 64 rows: C n × n, A n × inner, B inner × n. Ranges are pairs of blocks (u and the last but u), which cost the same.
 */
export function symmetricProduct(begin: i32, end: i32, n: i32, inner: i32, alpha: f64, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32): void {
  const blocks = (n + 63) >> 6
  for (let u = begin; u < end; u++) {
    blockRow(u, n, inner, alpha, a, lda, b, ldb, c, ldc)
    if (blocks - 1 - u != u) blockRow(blocks - 1 - u, n, inner, alpha, a, lda, b, ldb, c, ldc)
  }
}

function blockRow(block: i32, n: i32, inner: i32, alpha: f64, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32): void {
  const i0 = block << 6
  const i1 = min<i32>(n, i0 + 64)
  for (let i = i0; i < i1; i++) memory.fill(at(c, ldc, i, i0), 0, (<usize>(n - i0)) << 3)
  for (let k = 0; k < inner; k += 256) subtractProduct(i1 - i0, n - i0, min<i32>(256, inner - k), at(a, lda, i0, k), lda, at(b, ldb, k, i0), ldb, at(c, ldc, i0, i0), ldc)
  for (let i = i0; i < i1; i++) for (let j = i; j < n; j++) store<f64>(at(c, ldc, i, j), -alpha * load<f64>(at(c, ldc, i, j)))
}

/** The lower triangle of C from its upper. Ranges are rows. */
export function mirror(begin: i32, end: i32, c: usize, ldc: i32): void {
  for (let i = begin; i < end; i++) for (let j = 0; j < i; j++) store<f64>(at(c, ldc, i, j), load<f64>(at(c, ldc, j, i)))
}
