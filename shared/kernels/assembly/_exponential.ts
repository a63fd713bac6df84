/**
 * exp, expm1, sinh, cosh, tanh. Arguments are reduced to |r| ≤ ½ ln 2 by x = k ln 2 + r with ln 2 in two pieces (W. J. Cody, W. Waite, "Software Manual for the
 * Elementary Functions", 1980), the reduced functions are Taylor sums, leading terms are added without rounding error. No lane needs a special path:
 * arguments are clamped where the results have overflowed, vanished or saturated, NaN passes through.
 */
import { add, div, fastSumError, K, MAGIC, mul, powerOfTwo, scaled, step, sub, withSign } from './_lanes'

/** k = round(x / ln 2). */
// @ts-ignore: decorator
@inline function octaves(x: v128): v128 {
  return sub(add(mul(x, K(1.4426950408889634)), K(MAGIC)), K(MAGIC))
}
// @ts-ignore: decorator
@inline function reducedUpper(x: v128, k: v128): v128 { return sub(x, mul(k, K(0.6931471804855391))) }
// @ts-ignore: decorator
@inline function reducedLower(k: v128): v128 { return mul(k, K(7.440617110012397e-11)) }

/** eʳ − 1 − r = r²/2 + r³ (1/6 + …) by the Taylor series to r¹⁴, even and odd terms apart. */
// @ts-ignore: decorator
@inline function exponentialTail(r: v128): v128 {
  const z = mul(r, r)
  let odd = K(1.1470745597729725e-11)
  odd = step(odd, z, 2.08767569878681e-9)
  odd = step(odd, z, 2.755731922398589e-7)
  odd = step(odd, z, 2.48015873015873e-5)
  odd = step(odd, z, 0.001388888888888889)
  odd = step(odd, z, 0.041666666666666664)
  let even = K(1.6059043836821613e-10)
  even = step(even, z, 2.505210838544172e-8)
  even = step(even, z, 2.7557319223985893e-6)
  even = step(even, z, 0.0001984126984126984)
  even = step(even, z, 0.008333333333333333)
  even = step(even, z, 0.16666666666666666)
  return add(mul(z, K(0.5)), mul(mul(z, r), add(even, mul(odd, r))))
}

/** 2ᵏ e^(r + c) for |r| ≤ 0.35 and a correction c. */
// @ts-ignore: decorator
@inline export function exponentialCore(k: v128, r: v128, c: v128): v128 {
  const h = add(K(1), r)
  const l = fastSumError(K(1), r, h)
  return scaled(add(h, add(l, add(exponentialTail(r), c))), k)
}

export function expCore(argument: v128): v128 {
  const x = f64x2.min(f64x2.max(argument, K(-746)), K(710))
  const k = octaves(x)
  const hi = reducedUpper(x, k)
  const lo = reducedLower(k)
  const r = sub(hi, lo)
  return exponentialCore(k, r, sub(sub(hi, r), lo))
}

/** eˣ − 1 = 2ᵏ ((1 − 2⁻ᵏ) + r + …). */
export function expm1Core(argument: v128): v128 {
  const x = f64x2.min(f64x2.max(argument, K(-50)), K(710))
  const k = octaves(x)
  const hi = reducedUpper(x, k)
  const lo = reducedLower(k)
  const r = sub(hi, lo)
  const c = sub(sub(hi, r), lo)
  const power = powerOfTwo(sub(K(0), f64x2.min(k, K(100))))
  const s = sub(K(1), power)
  const h = add(s, r)
  const l = add(fastSumError(s, r, h), sub(sub(K(1), s), power))
  const value = scaled(add(h, add(l, add(exponentialTail(r), c))), k)
  return v128.or(value, v128.and(argument, i64x2.splat(0x8000000000000000)))
}

/** cosh r − 1. */
// @ts-ignore: decorator
@inline function versedCosh(z: v128): v128 {
  let p = K(1.1470745597729725e-11)
  p = step(p, z, 2.08767569878681e-9)
  p = step(p, z, 2.755731922398589e-7)
  p = step(p, z, 2.48015873015873e-5)
  p = step(p, z, 0.001388888888888889)
  p = step(p, z, 0.041666666666666664)
  p = step(p, z, 0.5)
  return mul(p, z)
}

/** (sinh r − r)/r³. */
// @ts-ignore: decorator
@inline function sinhTail(z: v128): v128 {
  let p = K(1.6059043836821613e-10)
  p = step(p, z, 2.505210838544172e-8)
  p = step(p, z, 2.7557319223985893e-6)
  p = step(p, z, 0.0001984126984126984)
  p = step(p, z, 0.008333333333333333)
  return step(p, z, 0.16666666666666666)
}

/** With w = ±4⁻ᵏ: 2^(k−1) ((1 + w) cosh r + (1 − w) sinh r) is (e^x ± e^−x)/2 for x = k ln 2 + r. */
// @ts-ignore: decorator
@inline function hyperbolic(x: v128, sign: f64): v128 {
  const k = octaves(x)
  const hi = reducedUpper(x, k)
  const lo = reducedLower(k)
  const r = sub(hi, lo)
  const c = sub(sub(hi, r), lo)
  const z = mul(r, r)
  const w = mul(K(sign), powerOfTwo(mul(K(-2), f64x2.min(k, K(100)))))
  const base = add(K(1), w)
  const lost = fastSumError(K(1), w, base)
  const slope = sub(K(1), w)
  const p = mul(slope, r)
  const h = add(base, p)
  const l = add(fastSumError(base, p, h), lost)
  const tail = add(add(mul(base, versedCosh(z)), mul(mul(slope, mul(z, r)), sinhTail(z))), mul(c, add(slope, mul(base, r))))
  return scaled(add(h, add(l, tail)), sub(k, K(1)))
}

export function coshCore(argument: v128): v128 {
  return hyperbolic(f64x2.min(f64x2.abs(argument), K(711)), 1)
}

/** Below 1 the Taylor series to x¹⁹, above by exponentials. */
export function sinhCore(argument: v128): v128 {
  const x = f64x2.min(f64x2.abs(argument), K(711))
  const z = mul(x, x)
  let p = K(8.22063524662433e-18)
  p = step(p, z, 2.8114572543455206e-15)
  p = step(p, z, 7.647163731819816e-13)
  p = step(p, z, 1.6059043836821613e-10)
  p = step(p, z, 2.505210838544172e-8)
  p = step(p, z, 2.7557319223985893e-6)
  p = step(p, z, 0.0001984126984126984)
  p = step(p, z, 0.008333333333333333)
  p = step(p, z, 0.16666666666666666)
  const small = add(x, mul(mul(x, z), p))
  return withSign(v128.bitselect(small, hyperbolic(x, -1), f64x2.lt(x, K(1))), argument)
}

/** Below 0.55 a polynomial in x² (interpolated at Chebyshev nodes), above 1 − 2/(e²ˣ + 1) with the rounding error of the denominator carried along. */
export function tanhCore(argument: v128): v128 {
  const x = f64x2.min(f64x2.abs(argument), K(22))
  const z = mul(x, x)
  let p = K(7.874274345344419e-6)
  p = step(p, z, -3.372080112046316e-5)
  p = step(p, z, 9.455133052924858e-5)
  p = step(p, z, -0.0002384727248015252)
  p = step(p, z, 0.0005899052969492733)
  p = step(p, z, -0.001455819097151351)
  p = step(p, z, 0.0035921267699626346)
  p = step(p, z, -0.0088632354631468)
  p = step(p, z, 0.021869488534073906)
  p = step(p, z, -0.05396825396822037)
  p = step(p, z, 0.1333333333333331)
  p = step(p, z, -0.3333333333333333)
  const small = add(x, mul(mul(x, z), p))

  const y = add(x, x)
  const k = octaves(y)
  const hi = reducedUpper(y, k)
  const lo = reducedLower(k)
  const r = sub(hi, lo)
  const c = sub(sub(hi, r), lo)
  const t = powerOfTwo(k)
  const base = add(t, K(1))
  const v = mul(t, r)
  const h = add(base, v)
  const rest = add(fastSumError(base, v, h), mul(t, add(exponentialTail(r), c)))
  const d = add(h, rest)
  const dl = fastSumError(h, rest, d)
  const q = div(K(2), d)
  const large = sub(K(1), sub(q, mul(mul(mul(q, q), K(0.5)), dl)))
  return withSign(v128.bitselect(small, large, f64x2.lt(x, K(0.55))), argument)
}
