/**
 * Fifth-order WENO fluxes with the weights WENO-Z (Borges, Carmona, Costa & Don 2008, doi:10.1016/j.jcp.2007.11.038, eqs. 25–28 with exponent 2) on a global Lax–Friedrichs splitting
 * f± = (F ± α u)/2. Arrays have three ghost layers along the axis of the fluxes; `stride` is the distance of neighbours along it. Two lanes at a time with the same bits as one.
 */

// @ts-ignore: decorator
@inline
function smoothness(a: v128, b: v128, c: v128, x: v128, y: v128): v128 {
  // 13/12 (a − 2b + c)² + 1/4 (x combination)², the combination given ready.
  const second = f64x2.add(f64x2.sub(a, f64x2.add(b, b)), c)
  const first = f64x2.add(x, y)
  return f64x2.add(f64x2.mul(f64x2.splat(13.0 / 12.0), f64x2.mul(second, second)), f64x2.mul(f64x2.splat(0.25), f64x2.mul(first, first)))
}

/** The value at the right end of the middle cell from the point values of five cells, upwind from the left. */
// @ts-ignore: decorator
@inline
function reconstruct(a: v128, b: v128, c: v128, d: v128, e: v128, tiny: v128): v128 {
  const three = f64x2.splat(3)
  const four = f64x2.splat(4)
  const b0 = smoothness(a, b, c, f64x2.sub(a, f64x2.mul(four, b)), f64x2.mul(three, c))
  const b1 = smoothness(b, c, d, b, f64x2.neg(d))
  const b2 = smoothness(c, d, e, f64x2.mul(three, c), f64x2.sub(e, f64x2.mul(four, d)))
  const tau = f64x2.abs(f64x2.sub(b0, b2))
  const one = f64x2.splat(1)
  const r0 = f64x2.div(tau, f64x2.add(b0, tiny))
  const r1 = f64x2.div(tau, f64x2.add(b1, tiny))
  const r2 = f64x2.div(tau, f64x2.add(b2, tiny))
  const w0 = f64x2.mul(f64x2.splat(0.1), f64x2.add(one, f64x2.mul(r0, r0)))
  const w1 = f64x2.mul(f64x2.splat(0.6), f64x2.add(one, f64x2.mul(r1, r1)))
  const w2 = f64x2.mul(f64x2.splat(0.3), f64x2.add(one, f64x2.mul(r2, r2)))
  const two = f64x2.splat(2)
  const five = f64x2.splat(5)
  const q0 = f64x2.add(f64x2.sub(f64x2.mul(two, a), f64x2.mul(f64x2.splat(7), b)), f64x2.mul(f64x2.splat(11), c))
  const q1 = f64x2.add(f64x2.sub(f64x2.mul(five, c), b), f64x2.mul(two, d))
  const q2 = f64x2.sub(f64x2.add(f64x2.mul(two, c), f64x2.mul(five, d)), e)
  const sum = f64x2.add(f64x2.add(f64x2.mul(w0, q0), f64x2.mul(w1, q1)), f64x2.mul(w2, q2))
  return f64x2.div(sum, f64x2.mul(f64x2.splat(6), f64x2.add(f64x2.add(w0, w1), w2)))
}

// @ts-ignore: decorator
@inline
function plus(u: v128, f: v128, alpha: v128): v128 {
  return f64x2.mul(f64x2.splat(0.5), f64x2.add(f, f64x2.mul(alpha, u)))
}

// @ts-ignore: decorator
@inline
function minus(u: v128, f: v128, alpha: v128): v128 {
  return f64x2.mul(f64x2.splat(0.5), f64x2.sub(f, f64x2.mul(alpha, u)))
}

// @ts-ignore: decorator
@inline
function interface_(u: usize, f: usize, at: usize, s: usize, alpha: v128, tiny: v128, splat: bool): v128 {
  const p = u + at
  const q = f + at
  const u0 = splat ? v128.load64_splat(p - 2 * s) : v128.load(p - 2 * s)
  const u1 = splat ? v128.load64_splat(p - s) : v128.load(p - s)
  const u2 = splat ? v128.load64_splat(p) : v128.load(p)
  const u3 = splat ? v128.load64_splat(p + s) : v128.load(p + s)
  const u4 = splat ? v128.load64_splat(p + 2 * s) : v128.load(p + 2 * s)
  const u5 = splat ? v128.load64_splat(p + 3 * s) : v128.load(p + 3 * s)
  const f0 = splat ? v128.load64_splat(q - 2 * s) : v128.load(q - 2 * s)
  const f1 = splat ? v128.load64_splat(q - s) : v128.load(q - s)
  const f2 = splat ? v128.load64_splat(q) : v128.load(q)
  const f3 = splat ? v128.load64_splat(q + s) : v128.load(q + s)
  const f4 = splat ? v128.load64_splat(q + 2 * s) : v128.load(q + 2 * s)
  const f5 = splat ? v128.load64_splat(q + 3 * s) : v128.load(q + 3 * s)
  const left = reconstruct(plus(u0, f0, alpha), plus(u1, f1, alpha), plus(u2, f2, alpha), plus(u3, f3, alpha), plus(u4, f4, alpha), tiny)
  const right = reconstruct(minus(u5, f5, alpha), minus(u4, f4, alpha), minus(u3, f3, alpha), minus(u2, f2, alpha), minus(u1, f1, alpha), tiny)
  return f64x2.add(left, right)
}

/** out[p] ← the numerical flux between p and p + stride, begin ≤ p < end (padded places). `tiny` is the ε of the weights: what counts as no variation of the fluxes, squared. */
export function flux(begin: i32, end: i32, u: usize, f: usize, stride: i32, alpha: f64, tiny: f64, out: usize): void {
  const s = <usize>stride << 3
  const a = f64x2.splat(alpha)
  const t = f64x2.splat(tiny)
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = <usize>i << 3
    v128.store(out + at, interface_(u, f, at, s, a, t, false))
  }
  for (; i < end; i++) {
    const at = <usize>i << 3
    store<f64>(out + at, f64x2.extract_lane(interface_(u, f, at, s, a, t, true), 0))
  }
}

/** rate ← rate − factor (h[p] − h[p − stride]) on rows begin … end − 1 of `width` nodes; a row starts at padded place `first + (row / rows) · outer + (row % rows) · inner` of h. */
export function difference(begin: i32, end: i32, width: i32, rows: i32, first: i32, inner: i32, outer: i32, h: usize, stride: i32, factor: f64, rate: usize): void {
  const s = <usize>stride << 3
  const c = f64x2.splat(factor)
  for (let row = begin; row < end; row++) {
    const from = h + (<usize>(first + (row / rows) * outer + (row % rows) * inner) << 3)
    const to = rate + (<usize>row * <usize>width << 3)
    let i = 0
    for (; i + 2 <= width; i += 2) {
      const at = <usize>i << 3
      const change = f64x2.sub(v128.load(from + at), v128.load(from + at - s))
      v128.store(to + at, f64x2.sub(v128.load(to + at), f64x2.mul(c, change)))
    }
    for (; i < width; i++) {
      const at = <usize>i << 3
      store<f64>(to + at, load<f64>(to + at) - factor * (load<f64>(from + at) - load<f64>(from + at - s)))
    }
  }
}
