/**
 * sin, cos, tan. Up to |x| = 2²⁰ the multiple k of π/2 is subtracted in pieces of 33 bits, each product exact (Cody & Waite 1980); beyond it the bits of 2/π
 * that matter are multiplied in integers (M. H. Payne, R. N. Hanek, SIGNUM Newsletter 18, 1983). Either way the remainder is a double-double hi + lo, and
 * |hi| ≤ π/4 goes into Taylor sums with the correction lo (as in fdlibm's kernels: K. C. Ng, Sun Microsystems, 1993).
 */
import { add, div, everywhere, fastSumError, first, K, MAGIC, mul, pair, productError, second, step, sub, sumError } from './_lanes'

export const LARGEST_DIRECT: f64 = 1048576

/** round(x·2/π), still with MAGIC added: the low bits are the quadrant. */
// @ts-ignore: decorator
@inline function quadrants(x: v128): v128 { return add(mul(x, K(0.6366197723675814)), K(MAGIC)) }

// @ts-ignore: decorator
@inline function remainderUpper(x: v128, k: v128): v128 {
  const a = sub(x, mul(k, K(1.5707963267341256)))
  const b = mul(k, K(-6.077100506303966e-11))
  const s = add(a, b)
  const c = mul(k, K(-2.0222662487111665e-21))
  const t = add(s, c)
  return add(t, sub(add(sumError(a, b, s), sumError(s, c, t)), mul(k, K(8.4784276603689e-32))))
}

// @ts-ignore: decorator
@inline function remainderLower(x: v128, k: v128, hi: v128): v128 {
  const a = sub(x, mul(k, K(1.5707963267341256)))
  const b = mul(k, K(-6.077100506303966e-11))
  const s = add(a, b)
  const c = mul(k, K(-2.0222662487111665e-21))
  const t = add(s, c)
  return sub(sub(add(sumError(a, b, s), sumError(s, c, t)), mul(k, K(8.4784276603689e-32))), sub(hi, t))
}

/** sin(r + y) − r for |r| ≤ π/4. */
// @ts-ignore: decorator
@inline function sineRest(r: v128, y: v128): v128 {
  const z = mul(r, r)
  let p = K(2.8114572543455206e-15)
  p = step(p, z, -7.647163731819816e-13)
  p = step(p, z, 1.6059043836821613e-10)
  p = step(p, z, -2.505210838544172e-8)
  p = step(p, z, 2.7557319223985893e-6)
  p = step(p, z, -0.0001984126984126984)
  p = step(p, z, 0.008333333333333333)
  p = step(p, z, -0.16666666666666666)
  return add(mul(mul(r, z), p), sub(y, mul(mul(z, K(0.5)), y)))
}

/** cos(r + y) − (1 − r²/2), the subtraction's own rounding error included. */
// @ts-ignore: decorator
@inline function cosineRest(r: v128, y: v128): v128 {
  const z = mul(r, r)
  let p = K(-1.5619206968586225e-16)
  p = step(p, z, 4.779477332387385e-14)
  p = step(p, z, -1.1470745597729725e-11)
  p = step(p, z, 2.08767569878681e-9)
  p = step(p, z, -2.755731922398589e-7)
  p = step(p, z, 2.48015873015873e-5)
  p = step(p, z, -0.001388888888888889)
  p = step(p, z, 0.041666666666666664)
  const half = mul(z, K(0.5))
  const w = sub(K(1), half)
  return add(sub(sub(K(1), w), half), sub(mul(mul(z, z), p), mul(r, y)))
}

// @ts-ignore: decorator
@inline function cosineStart(r: v128): v128 { return sub(K(1), mul(mul(r, r), K(0.5))) }

/** All ones where bit 0 of the integer is set. */
// @ts-ignore: decorator
@inline function oddMask(n: v128): v128 { return i64x2.shr_s(i64x2.shl(n, 63), 63) }

/** sin of (n quarter turns + r + y). */
// @ts-ignore: decorator
@inline function turned(n: v128, r: v128, y: v128): v128 {
  const sine = add(r, sineRest(r, y))
  const cosine = add(cosineStart(r), cosineRest(r, y))
  const sign = i64x2.shl(i64x2.shr_u(n, 1), 63)
  return v128.xor(v128.bitselect(cosine, sine, oddMask(n)), sign)
}

/** tan of (n quarter turns + r + y). */
// @ts-ignore: decorator
@inline function slope(n: v128, r: v128, y: v128): v128 {
  const sr = sineRest(r, y)
  const sine = add(r, sr)
  const sl = fastSumError(r, sr, sine)
  const start = cosineStart(r)
  const cr = cosineRest(r, y)
  const cosine = add(start, cr)
  const cl = fastSumError(start, cr, cosine)
  const odd = oddMask(n)
  const top = v128.bitselect(cosine, sine, odd)
  const bottom = v128.bitselect(sine, cosine, odd)
  const q = div(top, bottom)
  const p = mul(q, bottom)
  const residual = sub(sub(sub(top, p), productError(q, bottom, p)), sub(mul(q, v128.bitselect(sl, cl, odd)), v128.bitselect(cl, sl, odd)))
  return v128.xor(add(q, div(residual, bottom)), v128.and(odd, i64x2.splat(0x8000000000000000)))
}

// @ts-ignore: decorator
@inline export function isDirect(x: v128): bool { return everywhere(f64x2.le(f64x2.abs(x), K(LARGEST_DIRECT))) }

/** sin(x + shift·π/2) for |x| ≤ 2²⁰. */
// @ts-ignore: decorator
@inline function direct(x: v128, shift: i64): v128 {
  const n = quadrants(x)
  const k = sub(n, K(MAGIC))
  const hi = remainderUpper(x, k)
  return turned(i64x2.add(n, i64x2.splat(shift)), hi, remainderLower(x, k, hi))
}

export function sinCore(x: v128): v128 {
  // the reduction loses the sign of zero
  return v128.bitselect(x, direct(x, 0), f64x2.eq(x, K(0)))
}

export function cosCore(x: v128): v128 {
  return direct(x, 1)
}

export function tanCore(x: v128): v128 {
  const n = quadrants(x)
  const k = sub(n, K(MAGIC))
  const hi = remainderUpper(x, k)
  return v128.bitselect(x, slope(n, hi, remainderLower(x, k, hi)), f64x2.eq(x, K(0)))
}

/** sin (shift 0) or cos (shift 1) of a huge, infinite or missing argument. */
export function turnedRemotely(x: f64, shift: i64): f64 {
  if (!(abs<f64>(x) < Infinity)) return NaN
  const reduced = remoteRemainder(abs<f64>(x))
  const n = (reinterpret<i64>(second(reduced)) & 3) + (x < 0 && shift == 0 ? 2 : 0)
  return first(turned(i64x2.splat(n + shift), K(first(reduced)), K(second(reduced))))
}

export function tanRemotely(x: f64): f64 {
  if (!(abs<f64>(x) < Infinity)) return NaN
  const reduced = remoteRemainder(abs<f64>(x))
  const value = first(slope(i64x2.splat(reinterpret<i64>(second(reduced))), K(first(reduced)), K(second(reduced))))
  return x < 0 ? -value : value
}

/** 64 bits of 2/π, counted from the binary point; word 0 is in front of it. */
function twoOverPi(word: i32): u64 {
  switch (word) {
    case 1: return 0xa2f9836e4e441529
    case 2: return 0xfc2757d1f534ddc0
    case 3: return 0xdb6295993c439041
    case 4: return 0xfe5163abdebbc561
    case 5: return 0xb7246e3a424dd2e0
    case 6: return 0x06492eea09d1921c
    case 7: return 0xfe1deb1cb129a73e
    case 8: return 0xe88235f52ebb4484
    case 9: return 0xe99c7026b45f7e41
    case 10: return 0x3991d639835339f4
    case 11: return 0x9c845f8bbdf9283b
    case 12: return 0x1ff897ffde05980f
    case 13: return 0xef2f118b5a0a6d1f
    case 14: return 0x6d367ecf27cb09b7
    case 15: return 0x4f463f669e5fea2d
    case 16: return 0x7527bac7ebe5f17b
    case 17: return 0x3d0739f78a5292ea
    case 18: return 0x6bfb5fb11f8d5d08
    case 19: return 0x56033046fc7b6bab
    case 20: return 0xf0cfbc209af4361d
    default: return 0
  }
}

// @ts-ignore: decorator
@inline function upperProduct(a: u64, b: u64): u64 {
  const al = a & 0xffffffff
  const ah = a >> 32
  const bl = b & 0xffffffff
  const bh = b >> 32
  const middle = ah * bl + ((al * bl) >> 32)
  const other = al * bh + (middle & 0xffffffff)
  return ah * bh + (middle >> 32) + (other >> 32)
}

function window(word: i32, shift: i32): u64 {
  const left = twoOverPi(word) << shift
  return shift == 0 ? left : left | (twoOverPi(word + 1) >> (64 - shift))
}

/**
 * Payne–Hanek: x mod π/2 for x > 2²⁰ as hi (lane 0) and lo (lane 1), the quadrant in the two lowest bits of lo. With x = m·2ᵉ the product of m and 192 bits of
 * 2/π, taken modulo 4, has 190 fraction bits; at most 62 of the leading ones are equal for any double, so 128 are kept.
 */
function remoteRemainder(x: f64): v128 {
  const bits = reinterpret<u64>(x)
  const m = (bits & 0xfffffffffffff) | 0x10000000000000
  const e = <i32>(bits >> 52) - 1075
  const position = e + 62
  const word = position >> 6
  const shift = position & 63
  const w0 = window(word, shift)
  const w1 = window(word + 1, shift)
  const w2 = window(word + 2, shift)
  const p2 = m * w2
  const c2 = upperProduct(m, w2)
  const p1 = m * w1 + c2
  const c1 = upperProduct(m, w1) + <u64>(p1 < c2)
  const p0 = m * w0 + c1
  let n = p0 >> 62
  let f0 = (p0 << 2) | (p1 >> 62)
  let f1 = (p1 << 2) | (p2 >> 62)
  const negative = f0 >> 63 != 0
  if (negative) {
    n++
    f0 = ~f0 + <u64>(f1 == 0)
    f1 = -f1
  }
  // normalise, then hi: 53 bits, lo: the next 64
  const zeros = f0 != 0 ? <i32>clz<u64>(f0) : 64 + <i32>clz<u64>(f1)
  if (zeros >= 64) {
    f0 = zeros < 128 ? f1 << (zeros - 64) : 0
    f1 = 0
  } else if (zeros > 0) {
    f0 = (f0 << zeros) | (f1 >> (64 - zeros))
    f1 <<= zeros
  }
  const unit = reinterpret<f64>((<u64>(1023 - zeros)) << 52)
  const fh = <f64>(f0 >> 11) * 1.1102230246251565e-16 * unit
  const fl = <f64>((f0 << 53) | (f1 >> 11)) * 6.018531076210112e-36 * unit
  const p = fh * 1.5707963267948966
  const error = first(productError(K(fh), K(1.5707963267948966), K(p)))
  const rest = error + (fh * 6.123233995736766e-17 + fl * 1.5707963267948966)
  const hi = p + rest
  const lo = rest - (hi - p)
  const tagged = (reinterpret<u64>(negative ? -lo : lo) & 0xfffffffffffffffc) | (n & 3)
  return pair(negative ? -hi : hi, reinterpret<f64>(tagged))
}
