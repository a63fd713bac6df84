/**
 * pow, cbrt, hypot. pow is e^(y log x) with log x as a double-double of about 68 bits: 2 atanh s of s = (m − 1)/(m + 1), the first three terms of the series
 * in double-double arithmetic (T. J. Dekker 1971), so that even y log x = 700 is known to a small part of a unit in the last place of the result.
 */
import { exponentialCore } from './_exponential'
import { add, div, everywhere, fastSumError, first, K, MAGIC, mul, productError, step, sub, sumError } from './_lanes'
import { exponentOf, isOrdinary, mantissaBelowOne } from './_logarithmic'

const LARGEST_EXPONENT: f64 = 18446744073709551616.0

/** Lanes with ordinary x and moderate y. */
// @ts-ignore: decorator
@inline export function isOrdinaryPower(x: v128, y: v128): bool {
  return isOrdinary(x) && everywhere(f64x2.le(f64x2.abs(y), K(LARGEST_EXPONENT)))
}

/** (2^offset x)^y. */
export function powCore(x: v128, y: v128, offset: v128): v128 {
  const k = add(exponentOf(x), offset)
  const f = mantissaBelowOne(x)
  // s = f/(2 + f), the denominator being 1 + m with its rounding error
  const m = add(K(1), f)
  const d = add(K(1), m)
  const dl = fastSumError(K(1), m, d)
  const s = div(f, d)
  const sd = mul(s, d)
  const sl = div(sub(sub(sub(f, sd), productError(s, d, sd)), mul(s, dl)), d)
  const z = mul(s, s)
  const zl = add(productError(s, s, z), mul(mul(K(2), s), sl))
  // Σ zⁿ/(2n + 1) from n = 3 on
  let q = K(0.037037037037037035)
  q = step(q, z, 0.04)
  q = step(q, z, 0.043478260869565216)
  q = step(q, z, 0.047619047619047616)
  q = step(q, z, 0.05263157894736842)
  q = step(q, z, 0.058823529411764705)
  q = step(q, z, 0.06666666666666667)
  q = step(q, z, 0.07692307692307693)
  q = step(q, z, 0.09090909090909091)
  q = step(q, z, 0.1111111111111111)
  q = step(q, z, 0.14285714285714285)
  // 1/5 + z q
  const zq = mul(z, q)
  const a = add(K(0.2), zq)
  const al = add(fastSumError(K(0.2), zq, a), K(-1.1102230246251566e-17))
  // 1/3 + z (…)
  const za = mul(z, a)
  const zal = add(productError(z, a, za), add(mul(a, zl), mul(al, z)))
  const b = add(K(0.3333333333333333), za)
  const bl = add(fastSumError(K(0.3333333333333333), za, b), add(K(1.850371707708594e-17), zal))
  // s + s z (…), doubled
  const c = mul(z, b)
  const cl = add(productError(z, b, c), add(mul(b, zl), mul(bl, z)))
  const u = mul(s, c)
  const ul = add(productError(s, c, u), add(mul(s, cl), mul(sl, c)))
  const h = add(s, u)
  const hl = add(fastSumError(s, u, h), add(sl, ul))
  const logm = mul(K(2), h)
  // + k log 2
  const steps = mul(k, K(0.6931471804855391))
  const top = add(steps, logm)
  const rest = add(fastSumError(steps, logm, top), add(mul(K(2), hl), mul(k, K(7.440617110012397e-11))))
  const l = add(top, rest)
  const ll = fastSumError(top, rest, l)
  // times y; far outside the range the size alone counts
  const p = mul(y, l)
  const far = f64x2.gt(f64x2.abs(p), K(800))
  const pl = v128.andnot(add(productError(y, l, p), mul(y, ll)), far)
  const clamped = f64x2.min(f64x2.max(p, K(-800)), K(800))
  const n = sub(add(mul(clamped, K(1.4426950408889634)), K(MAGIC)), K(MAGIC))
  const r = sub(clamped, mul(n, K(0.6931471804855391)))
  const rl = sub(pl, mul(n, K(7.440617110012397e-11)))
  const t = add(r, rl)
  return exponentialCore(n, t, sumError(r, rl, t))
}

/** The special cases of IEEE 754 (and C), then powCore on |x|. */
export function powScalar(x: f64, y: f64): f64 {
  if (y == 0 || x == 1) return 1
  if (x != x || y != y) return NaN
  const size = abs<f64>(x)
  const isInteger = abs<f64>(y) >= 9007199254740992.0 || floor<f64>(y) == y
  const isOdd = isInteger && abs<f64>(y) < 9007199254740992.0 && (<i64>y & 1) != 0
  if (size == 0 || size == Infinity) {
    const value = (size == 0) == (y > 0) ? 0 : Infinity
    return isOdd ? copysign<f64>(value, x) : value
  }
  if (abs<f64>(y) > LARGEST_EXPONENT) return size == 1 ? 1 : (size > 1) == (y > 0) ? Infinity : 0
  if (x < 0 && !isInteger) return NaN
  const tiny = size < 2.2250738585072014e-308
  const value = first(powCore(K(tiny ? size * 18014398509481984.0 : size), K(y), K(tiny ? -54 : 0)))
  return x < 0 && isOdd ? -value : value
}

/** ∛x: a third of the exponent bits as the first guess, two steps of Halley, a last step of Newton from a guess of 26 bits, whose square is exact. */
export function cbrtScalar(x: f64): f64 {
  const size = abs<f64>(x)
  if (!(size < Infinity) || x == 0) return x + x
  // 2^±54 out of the range of subnormals, and of sums that overflow
  const up = size < 2.2250738585072014e-308
  const down = size > 1e300
  const a = up ? size * 18014398509481984.0 : down ? size * 5.551115123125783e-17 : size
  let t = reinterpret<f64>(reinterpret<u64>(a) / 3 + 0x2a9f789300000000)
  for (let i = 0; i < 2; i++) {
    const cube = t * t * t
    t = t * ((cube + a + a) / (cube + cube + a))
  }
  t = reinterpret<f64>((reinterpret<u64>(t) + 0x4000000) & 0xfffffffff8000000)
  const quotient = a / (t * t)
  t += t * ((quotient - t) / (t + t + quotient))
  return copysign<f64>(up ? t * 0.000003814697265625 : down ? t * 262144 : t, x)
}

/** √(x² + y²), the squares as double-doubles, scaled out of overflow and underflow. */
export function hypotScalar(x: f64, y: f64): f64 {
  if (abs<f64>(x) == Infinity || abs<f64>(y) == Infinity) return Infinity
  let a = max<f64>(abs<f64>(x), abs<f64>(y))
  let b = min<f64>(abs<f64>(x), abs<f64>(y))
  if (!(b > a * 1e-17)) return a + b
  let unit: f64 = 1
  if (a > 1e150) {
    // 2⁻⁷⁰⁰
    a *= 1.90109156629516e-211
    b *= 1.90109156629516e-211
    unit = 5.260135901548374e210
  } else if (b < 1e-130) {
    // 2⁸⁰⁰
    a *= 6.668014432879854e240
    b *= 6.668014432879854e240
    unit = 1.499696813895631e-241
  }
  const aa = a * a
  const bb = b * b
  const errors = first(productError(K(a), K(a), K(aa))) + first(productError(K(b), K(b), K(bb)))
  return unit * sqrt<f64>(errors + bb + aa)
}
