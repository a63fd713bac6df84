/** The product that blocked dense algebra is made of, on row-major matrices in registers of four rows by four columns. Terms are added in the order of k for every element, however the matrix is cut. */

// @ts-ignore: decorator
@inline function lanes(address: usize): v128 {
  return v128.load(address)
}

/** C ← C − A B for rows of C: C is rows × columns, A rows × inner, B inner × columns; leading dimensions in elements. */
export function subtractProduct(rows: i32, columns: i32, inner: i32, a: usize, lda: i32, b: usize, ldb: i32, c: usize, ldc: i32): void {
  const stepA = (<usize>lda) << 3
  const stepB = (<usize>ldb) << 3
  const stepC = (<usize>ldc) << 3
  // A strip of columns whose part of B stays in the cache while all rows pass.
  for (let strip = 0; strip < columns; strip += 128) {
    const stripEnd = min<i32>(columns, strip + 128)
    let i = 0
    for (; i + 4 <= rows; i += 4) {
      const a0 = a + <usize>i * stepA
      const a1 = a0 + stepA
      const a2 = a1 + stepA
      const a3 = a2 + stepA
      const c0 = c + <usize>i * stepC
      const c1 = c0 + stepC
      const c2 = c1 + stepC
      const c3 = c2 + stepC
      let j = strip
      for (; j + 4 <= stripEnd; j += 4) {
        const at = (<usize>j) << 3
        let s00 = f64x2.splat(0), s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00
        let row = b + at
        for (let k: usize = 0; k < (<usize>inner) << 3; k += 8) {
          const b0 = lanes(row)
          const b1 = v128.load(row, 16)
          const x0 = v128.load64_splat(a0 + k)
          s00 = f64x2.add(s00, f64x2.mul(x0, b0))
          s01 = f64x2.add(s01, f64x2.mul(x0, b1))
          const x1 = v128.load64_splat(a1 + k)
          s10 = f64x2.add(s10, f64x2.mul(x1, b0))
          s11 = f64x2.add(s11, f64x2.mul(x1, b1))
          const x2 = v128.load64_splat(a2 + k)
          s20 = f64x2.add(s20, f64x2.mul(x2, b0))
          s21 = f64x2.add(s21, f64x2.mul(x2, b1))
          const x3 = v128.load64_splat(a3 + k)
          s30 = f64x2.add(s30, f64x2.mul(x3, b0))
          s31 = f64x2.add(s31, f64x2.mul(x3, b1))
          row += stepB
        }
        v128.store(c0 + at, f64x2.sub(lanes(c0 + at), s00))
        v128.store(c0 + at, f64x2.sub(v128.load(c0 + at, 16), s01), 16)
        v128.store(c1 + at, f64x2.sub(lanes(c1 + at), s10))
        v128.store(c1 + at, f64x2.sub(v128.load(c1 + at, 16), s11), 16)
        v128.store(c2 + at, f64x2.sub(lanes(c2 + at), s20))
        v128.store(c2 + at, f64x2.sub(v128.load(c2 + at, 16), s21), 16)
        v128.store(c3 + at, f64x2.sub(lanes(c3 + at), s30))
        v128.store(c3 + at, f64x2.sub(v128.load(c3 + at, 16), s31), 16)
      }
      for (; j < stripEnd; j++) {
        const at = (<usize>j) << 3
        let s0: f64 = 0, s1: f64 = 0, s2: f64 = 0, s3: f64 = 0
        let row = b + at
        for (let k: usize = 0; k < (<usize>inner) << 3; k += 8) {
          const value = load<f64>(row)
          s0 += load<f64>(a0 + k) * value
          s1 += load<f64>(a1 + k) * value
          s2 += load<f64>(a2 + k) * value
          s3 += load<f64>(a3 + k) * value
          row += stepB
        }
        store<f64>(c0 + at, load<f64>(c0 + at) - s0)
        store<f64>(c1 + at, load<f64>(c1 + at) - s1)
        store<f64>(c2 + at, load<f64>(c2 + at) - s2)
        store<f64>(c3 + at, load<f64>(c3 + at) - s3)
      }
    }
    for (; i < rows; i++) {
      const a0 = a + <usize>i * stepA
      const c0 = c + <usize>i * stepC
      let j = strip
      for (; j + 4 <= stripEnd; j += 4) {
        const at = (<usize>j) << 3
        let s0 = f64x2.splat(0), s1 = s0
        let row = b + at
        for (let k: usize = 0; k < (<usize>inner) << 3; k += 8) {
          const x = v128.load64_splat(a0 + k)
          s0 = f64x2.add(s0, f64x2.mul(x, lanes(row)))
          s1 = f64x2.add(s1, f64x2.mul(x, v128.load(row, 16)))
          row += stepB
        }
        v128.store(c0 + at, f64x2.sub(lanes(c0 + at), s0))
        v128.store(c0 + at, f64x2.sub(v128.load(c0 + at, 16), s1), 16)
      }
      for (; j < stripEnd; j++) {
        const at = (<usize>j) << 3
        let s: f64 = 0
        let row = b + at
        for (let k: usize = 0; k < (<usize>inner) << 3; k += 8) {
          s += load<f64>(a0 + k) * load<f64>(row)
          row += stepB
        }
        store<f64>(c0 + at, load<f64>(c0 + at) - s)
      }
    }
  }
}

/** y ← y − α x, n elements. */
// @ts-ignore: decorator
@inline export function subtractScaled(n: i32, alpha: f64, x: usize, y: usize): void {
  const factor = f64x2.splat(alpha)
  let i = 0
  for (; i + 2 <= n; i += 2) {
    const at = (<usize>i) << 3
    v128.store(y + at, f64x2.sub(v128.load(y + at), f64x2.mul(factor, v128.load(x + at))))
  }
  if (i < n) {
    const at = (<usize>i) << 3
    store<f64>(y + at, load<f64>(y + at) - alpha * load<f64>(x + at))
  }
}

/** Σ x y, n elements. */
// @ts-ignore: decorator
@inline export function dotProduct(n: i32, x: usize, y: usize): f64 {
  let sum = f64x2.splat(0)
  let i = 0
  for (; i + 2 <= n; i += 2) {
    const at = (<usize>i) << 3
    sum = f64x2.add(sum, f64x2.mul(v128.load(x + at), v128.load(y + at)))
  }
  let total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
  if (i < n) total += load<f64>(x + ((<usize>i) << 3)) * load<f64>(y + ((<usize>i) << 3))
  return total
}
