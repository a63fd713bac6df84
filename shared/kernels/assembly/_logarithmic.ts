/**
 * log, log2, log10, log1p. x = 2ᵏ m with √½ ≤ m < √2, f = m − 1, s = f/(2 + f): log m = f − (f²/2 − s (f²/2 + R(s²))), which keeps f exact
 * (K. C. Ng, fdlibm e_log.c, Sun Microsystems 1993; R interpolated at Chebyshev nodes). log2 and log10 multiply log m in two pieces.
 */
import { add, div, everywhere, fastSumError, first, K, MAGIC, mul, step, sub } from './_lanes'

/** Positive, normal, finite: what the vector code takes. */
// @ts-ignore: decorator
@inline export function isOrdinary(x: v128): bool {
  return everywhere(v128.and(f64x2.ge(x, K(2.2250738585072014e-308)), f64x2.le(x, K(1.7976931348623157e308))))
}

// bits of 1 − bits of √½: added, they carry into the exponent exactly when m would be ≥ √2
// @ts-ignore: decorator
@inline function shiftedBits(x: v128): v128 { return i64x2.add(x, i64x2.splat(0x00095f619980c433)) }

/** k as a double. */
// @ts-ignore: decorator
@inline export function exponentOf(x: v128): v128 {
  const k = i64x2.sub(i64x2.shr_u(shiftedBits(x), 52), i64x2.splat(1023))
  return sub(i64x2.add(k, K(MAGIC)), K(MAGIC))
}

/** m − 1, exact. */
// @ts-ignore: decorator
@inline export function mantissaBelowOne(x: v128): v128 {
  const m = i64x2.add(v128.and(shiftedBits(x), i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe6a09e667f3bcd))
  return sub(m, K(1))
}

/** s (f²/2 + R(s²)). */
// @ts-ignore: decorator
@inline function curved(f: v128, halfSquare: v128): v128 {
  const s = div(f, add(K(2), f))
  const z = mul(s, s)
  let p = K(0.13086626147840102)
  p = step(p, z, 0.13268773138656886)
  p = step(p, z, 0.15386239702814658)
  p = step(p, z, 0.18181795640132906)
  p = step(p, z, 0.22222222391713917)
  p = step(p, z, 0.28571428570803614)
  p = step(p, z, 0.4000000000000088)
  p = step(p, z, 0.6666666666666666)
  return mul(s, add(halfSquare, mul(p, z)))
}

// @ts-ignore: decorator
@inline function logarithm(k: v128, f: v128, correction: v128): v128 {
  const halfSquare = mul(K(0.5), mul(f, f))
  const low = add(mul(k, K(7.440617110012397e-11)), correction)
  return sub(mul(k, K(0.6931471804855391)), sub(sub(halfSquare, add(curved(f, halfSquare), low)), f))
}

/** log x + offset·log 2 for ordinary x. */
export function logCore(x: v128, offset: v128): v128 {
  return logarithm(add(exponentOf(x), offset), mantissaBelowOne(x), K(0))
}

/** (k + log m) in another base: 1/log(base) and log_base(2) in an upper piece, whose products are exact, and a lower one. */
// @ts-ignore: decorator
@inline function rebased(x: v128, offset: v128, inverseUpper: f64, inverseLower: f64, twoUpper: f64, twoLower: f64): v128 {
  const k = add(exponentOf(x), offset)
  const f = mantissaBelowOne(x)
  const halfSquare = mul(K(0.5), mul(f, f))
  const hi = v128.and(sub(f, halfSquare), i64x2.splat(0xffffffff00000000))
  const lo = add(sub(sub(f, hi), halfSquare), curved(f, halfSquare))
  const large = mul(hi, K(inverseUpper))
  const small = add(add(mul(add(lo, hi), K(inverseLower)), mul(lo, K(inverseUpper))), mul(k, K(twoLower)))
  const y = mul(k, K(twoUpper))
  const w = add(y, large)
  return add(w, add(small, fastSumError(y, large, w)))
}

export function log2Core(x: v128, offset: v128): v128 {
  return rebased(x, offset, 1.4426950216293335, 1.9259629911266175e-8, 1, 0)
}

export function log10Core(x: v128, offset: v128): v128 {
  return rebased(x, offset, 0.4342944771051407, 4.798111141615973e-9, 0.30102999560767785, 5.630334806675098e-11)
}

/** The value of any logarithm at 0, ∞, NaN and below 0; 0 for other x. */
export function logarithmAtEdge(x: f64): f64 {
  if (x == 0) return -Infinity
  if (!(x > 0)) return NaN
  return x == Infinity ? x : 0
}

/** log(1 + x): what 1 + x loses is added to the first order. */
export function log1pScalar(x: f64): f64 {
  if (!(x > -1)) return x == -1 ? -Infinity : NaN
  if (x == Infinity) return x
  if (abs<f64>(x) < 1.1102230246251565e-16) return x
  if (x > -0.2928 && x < 0.4142) return first(logarithm(K(0), K(x), K(0)))
  const u = 1 + x
  const lost = (x > 1 ? 1 - (u - x) : x - (u - 1)) / u
  return first(logarithm(exponentOf(K(u)), mantissaBelowOne(K(u)), K(lost)))
}
