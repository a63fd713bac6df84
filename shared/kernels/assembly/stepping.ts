/** What time steppers do with whole states: float64 arrays, half-open element ranges, two lanes at a time with the same bits as one by one. */

/** out ← c u */
export function scale(begin: i32, end: i32, c: f64, u: usize, out: usize): void {
  const factor = f64x2.splat(c)
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(out + at, f64x2.mul(factor, v128.load(u + at)))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(out + at, c * load<f64>(u + at))
  }
}

/** out ← u + c k */
export function addScaled(begin: i32, end: i32, u: usize, c: f64, k: usize, out: usize): void {
  const factor = f64x2.splat(c)
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(out + at, f64x2.add(v128.load(u + at), f64x2.mul(factor, v128.load(k + at))))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(out + at, load<f64>(u + at) + c * load<f64>(k + at))
  }
}

/** out ← u + a k + b l */
export function addTwoScaled(begin: i32, end: i32, u: usize, a: f64, k: usize, b: f64, l: usize, out: usize): void {
  const va = f64x2.splat(a)
  const vb = f64x2.splat(b)
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    v128.store(out + at, f64x2.add(f64x2.add(v128.load(u + at), f64x2.mul(va, v128.load(k + at))), f64x2.mul(vb, v128.load(l + at))))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    store<f64>(out + at, load<f64>(u + at) + a * load<f64>(k + at) + b * load<f64>(l + at))
  }
}

/** out ← u + dt/6 (k₁ + 2k₂ + 2k₃ + k₄) */
export function rungeKutta4(begin: i32, end: i32, u: usize, k1: usize, k2: usize, k3: usize, k4: usize, dt: f64, out: usize): void {
  const sixth = dt / 6
  const factor = f64x2.splat(sixth)
  const two = f64x2.splat(2)
  let i = begin
  for (; i + 2 <= end; i += 2) {
    const at = (<usize>i) << 3
    const outer = f64x2.add(v128.load(k1 + at), v128.load(k4 + at))
    const inner = f64x2.add(v128.load(k2 + at), v128.load(k3 + at))
    v128.store(out + at, f64x2.add(v128.load(u + at), f64x2.mul(factor, f64x2.add(outer, f64x2.mul(two, inner)))))
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 3
    const outer = load<f64>(k1 + at) + load<f64>(k4 + at)
    const inner = load<f64>(k2 + at) + load<f64>(k3 + at)
    store<f64>(out + at, load<f64>(u + at) + sixth * (outer + 2 * inner))
  }
}

/** Σ (a − b)² over the piece. */
export function differenceSquared(begin: i32, end: i32, a: usize, b: usize): f64 {
  let sum: f64 = 0
  for (let i = begin; i < end; i++) {
    const at = (<usize>i) << 3
    const d = load<f64>(a + at) - load<f64>(b + at)
    sum += d * d
  }
  return sum
}

/** Number of entries of the piece that are not finite. */
export function nonFinite(begin: i32, end: i32, a: usize): f64 {
  let count: f64 = 0
  for (let i = begin; i < end; i++) {
    const v = load<f64>(a + ((<usize>i) << 3))
    if (v - v != 0) count += 1
  }
  return count
}

/** Least entry of the piece, negated (for a maximum over pieces); a NaN wins. */
export function negatedMinimum(begin: i32, end: i32, a: usize): f64 {
  let least = Infinity
  for (let i = begin; i < end; i++) {
    const v = load<f64>(a + ((<usize>i) << 3))
    if (v < least || v != v) least = v
    if (v != v) return v
  }
  return -least
}

/** y[indices[i]] ← values[i]; indices are int32. */
export function scatter(begin: i32, end: i32, indices: usize, values: usize, y: usize): void {
  for (let i = begin; i < end; i++) {
    store<f64>(y + ((<usize>load<i32>(indices + ((<usize>i) << 2))) << 3), load<f64>(values + ((<usize>i) << 3)))
  }
}

/** Elements that stay in the fastest cache while the terms of a sum go over them. */
const strip = 512

/**
 * out ← factor u + Σ cⱼ kⱼ over `count` terms; `terms` holds 32-bit byte offsets of the arrays kⱼ, `factors` the cⱼ (float64). The sum is taken from the left, so the bits
 * depend neither on the cut of [begin, end) nor on lanes. `out` may be `u`, but none of the kⱼ. With u = 0 the sum starts from zero.
 */
export function combine(begin: i32, end: i32, factor: f64, u: usize, count: i32, terms: usize, factors: usize, out: usize): void {
  for (let from = begin; from < end; from += strip) {
    const to = min(end, from + strip)
    if (u != 0) {
      if (factor == 1) {
        if (u != out) memory.copy(out + ((<usize>from) << 3), u + ((<usize>from) << 3), (<usize>(to - from)) << 3)
      } else scale(from, to, factor, u, out)
    } else memory.fill(out + ((<usize>from) << 3), 0, (<usize>(to - from)) << 3)
    let j = 0
    for (; j + 2 <= count; j += 2) {
      const at = terms + ((<usize>j) << 2)
      const c = factors + ((<usize>j) << 3)
      addTwoScaled(from, to, out, load<f64>(c), load<u32>(at), load<f64>(c, 8), load<u32>(at, 4), out)
    }
    if (j < count) addScaled(from, to, out, load<f64>(factors + ((<usize>j) << 3)), load<u32>(terms + ((<usize>j) << 2)), out)
  }
}
