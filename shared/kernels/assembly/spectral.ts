/** Pointwise operations on spectra: interleaved complex numbers, one v128 each; ranges count complex numbers or rows of them. */

// @ts-ignore: decorator
@inline
function product(a: v128, b: v128): v128 {
  const re = v128.shuffle<f64>(b, b, 0, 0)
  const im = v128.mul<f64>(v128.shuffle<f64>(b, b, 1, 1), f64x2(-1, 1))
  return f64x2.add(f64x2.mul(a, re), f64x2.mul(v128.shuffle<f64>(a, a, 1, 0), im))
}

/**
 * Rows of ∂ˣᵅ∂ʸᵝ∂ᶻᵞ: out = i^turns · px[kx] py[ky] pz[kz] · û, where px, py, pz are the wavenumbers' powers. Row r is (ky, kz) = (r mod rows, r / rows), `width` modes along x.
 */
export function differentiate(begin: i32, end: i32, spectrum: usize, out: usize, width: i32, rows: i32, px: usize, py: usize, pz: usize, turns: i32): void {
  for (let r = begin; r < end; r++) {
    const ky = r % rows
    const kz = r / rows
    const factor = load<f64>(py + ((<usize>ky) << 3)) * load<f64>(pz + ((<usize>kz) << 3))
    let at = (<usize>(r * width)) << 4
    for (let k = 0; k < width; k++) {
      let f = factor * load<f64>(px + ((<usize>k) << 3))
      if (turns >= 2) f = -f
      let value = f64x2.mul(f64x2.splat(f), v128.load(spectrum + at))
      if (turns & 1) value = f64x2.mul(v128.shuffle<f64>(value, value, 1, 0), f64x2(-1, 1))
      v128.store(out + at, value)
      at += 16
    }
  }
}

/** out ← a b */
export function multiply(begin: i32, end: i32, a: usize, b: usize, out: usize): void {
  for (let i = begin; i < end; i++) {
    const at = (<usize>i) << 4
    v128.store(out + at, product(v128.load(a + at), v128.load(b + at)))
  }
}

/** out ← e u + q n: the first two stages of ETDRK4 (Cox & Matthews 2002, eq. 26, 27). */
export function stage(begin: i32, end: i32, e: usize, u: usize, q: usize, n: usize, out: usize): void {
  for (let i = begin; i < end; i++) {
    const at = (<usize>i) << 4
    v128.store(out + at, f64x2.add(product(v128.load(u + at), v128.load(e + at)), product(v128.load(n + at), v128.load(q + at))))
  }
}

/** out ← e a + q (2 n_b − n_u): the third stage (eq. 28). */
export function lastStage(begin: i32, end: i32, e: usize, a: usize, q: usize, nb: usize, nu: usize, out: usize): void {
  const two = f64x2.splat(2)
  for (let i = begin; i < end; i++) {
    const at = (<usize>i) << 4
    const n = f64x2.sub(f64x2.mul(two, v128.load(nb + at)), v128.load(nu + at))
    v128.store(out + at, f64x2.add(product(v128.load(a + at), v128.load(e + at)), product(n, v128.load(q + at))))
  }
}

/** out ← e u + f₁ n_u + 2 f₂ (n_a + n_b) + f₃ n_c (eq. 29). */
export function combine(begin: i32, end: i32, e: usize, u: usize, f1: usize, nu: usize, f2: usize, na: usize, nb: usize, f3: usize, nc: usize, out: usize): void {
  const two = f64x2.splat(2)
  for (let i = begin; i < end; i++) {
    const at = (<usize>i) << 4
    const middle = f64x2.mul(two, f64x2.add(v128.load(na + at), v128.load(nb + at)))
    const sum = f64x2.add(product(v128.load(u + at), v128.load(e + at)), product(v128.load(nu + at), v128.load(f1 + at)))
    v128.store(out + at, f64x2.add(f64x2.add(sum, product(middle, v128.load(f2 + at))), product(v128.load(nc + at), v128.load(f3 + at))))
  }
}

/** out ← base + Σ_t a_t b_t over `terms` pairs of complex arrays whose pointers (32 bits each) stand in `table`; base 0: nothing is added. */
export function sumProducts(begin: i32, end: i32, terms: i32, table: usize, base: usize, out: usize): void {
  for (let i = begin; i < end; i++) {
    const at = (<usize>i) << 4
    let sum = base == 0 ? f64x2.splat(0) : v128.load(base + at)
    for (let t = 0; t < terms; t++) {
      const pair = table + ((<usize>t) << 3)
      sum = f64x2.add(sum, product(v128.load(<usize>load<u32>(pair, 4) + at), v128.load(<usize>load<u32>(pair) + at)))
    }
    v128.store(out + at, sum)
  }
}
