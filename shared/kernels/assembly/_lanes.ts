/**
 * Shorthand for two doubles side by side, and the error-free transformations of Dekker (Numer. Math. 18, 1971) and Knuth (TAOCP 2, 4.2.2).
 * The scalar functions of libm run the same vector code on one value in both lanes: that is why a lane always has the bits of the scalar.
 */

// @ts-ignore: decorator
@inline export function K(value: f64): v128 { return f64x2.splat(value) }
// @ts-ignore: decorator
@inline export function add(a: v128, b: v128): v128 { return f64x2.add(a, b) }
// @ts-ignore: decorator
@inline export function sub(a: v128, b: v128): v128 { return f64x2.sub(a, b) }
// @ts-ignore: decorator
@inline export function mul(a: v128, b: v128): v128 { return f64x2.mul(a, b) }
// @ts-ignore: decorator
@inline export function div(a: v128, b: v128): v128 { return f64x2.div(a, b) }
/** p·z + c: one step of Horner's rule. */
// @ts-ignore: decorator
@inline export function step(p: v128, z: v128, c: f64): v128 { return f64x2.add(f64x2.mul(p, z), f64x2.splat(c)) }
/** Both lanes of the mask set? */
// @ts-ignore: decorator
@inline export function everywhere(mask: v128): bool { return i64x2.all_true(mask) }
// @ts-ignore: decorator
@inline export function first(v: v128): f64 { return f64x2.extract_lane(v, 0) }
// @ts-ignore: decorator
@inline export function second(v: v128): f64 { return f64x2.extract_lane(v, 1) }
// @ts-ignore: decorator
@inline export function pair(a: f64, b: f64): v128 { return f64x2.replace_lane(f64x2.splat(a), 1, b) }

/** 1.5·2⁵²: adding it rounds to an integer, which then stands in the low bits. */
export const MAGIC: f64 = 6755399441055744.0

/** 2ᵏ for an integer −1022 ≤ k ≤ 1023 held as a double. */
// @ts-ignore: decorator
@inline export function powerOfTwo(k: v128): v128 {
  return i64x2.shl(i64x2.add(f64x2.add(k, f64x2.splat(MAGIC)), i64x2.splat(1023)), 52)
}

/** v·2ᵏ in two factors: rounds once where the result is subnormal, overflows to infinity. |k| ≤ 2040. */
// @ts-ignore: decorator
@inline export function scaled(v: v128, k: v128): v128 {
  const half = f64x2.floor(mul(k, K(0.5)))
  return mul(mul(v, powerOfTwo(half)), powerOfTwo(sub(k, half)))
}

/** The sign of `sign` on the magnitude of `v` (v ≥ 0 or NaN). */
// @ts-ignore: decorator
@inline export function withSign(v: v128, sign: v128): v128 {
  return v128.or(v, v128.and(sign, i64x2.splat(0x8000000000000000)))
}

/** a + b − fl(a + b), where s = fl(a + b) and |a| ≥ |b| or a = 0. */
// @ts-ignore: decorator
@inline export function fastSumError(a: v128, b: v128, s: v128): v128 { return sub(b, sub(s, a)) }

/** a + b − fl(a + b) for any a, b. */
// @ts-ignore: decorator
@inline export function sumError(a: v128, b: v128, s: v128): v128 {
  const bb = sub(s, a)
  return add(sub(a, sub(s, bb)), sub(b, bb))
}

/** The upper 26 bits of the significand. */
// @ts-ignore: decorator
@inline export function upper(a: v128): v128 { return v128.and(a, i64x2.splat(0xfffffffff8000000)) }

/** a·b − fl(a·b), where p = fl(a·b). */
// @ts-ignore: decorator
@inline export function productError(a: v128, b: v128, p: v128): v128 {
  const ah = upper(a)
  const al = sub(a, ah)
  const bh = upper(b)
  const bl = sub(b, bh)
  return add(add(add(sub(mul(ah, bh), p), mul(ah, bl)), mul(al, bh)), mul(al, bl))
}
