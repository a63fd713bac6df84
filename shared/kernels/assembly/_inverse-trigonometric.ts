/**
 * asin, acos, atan, atan2, with fdlibm's reductions (K. C. Ng, Sun Microsystems 1993): asin x = π/2 − 2 asin √((1 − x)/2) above ½, atan x = atan c + atan((x − c)/(1 + c x))
 * for c = ½, 1, 3/2, ∞. The polynomials are interpolated at Chebyshev nodes, relative error below 2⁻⁵⁹.
 */
import { first, K, productError } from './_lanes'

const HALF_PI: f64 = 1.5707963267948966
const HALF_PI_LOW: f64 = 6.123233995736766e-17
const PI: f64 = 3.141592653589793
const PI_LOW: f64 = 1.2246467991473532e-16

/** (asin √z)/√z − 1 for 0 ≤ z ≤ ¼. */
function arc(z: f64): f64 {
  let p: f64 = 0.02961201126495512
  p = p * z - 0.019241671746743044
  p = p * z + 0.01955451333612338
  p = p * z + 0.0030448799094556765
  p = p * z + 0.009319560794767447
  p = p * z + 0.009621842970100282
  p = p * z + 0.011566459612121669
  p = p * z + 0.01396378001220357
  p = p * z + 0.017352816540325496
  p = p * z + 0.02237215744350722
  p = p * z + 0.03038194447553234
  p = p * z + 0.044642857142551895
  p = p * z + 0.07500000000000118
  return z * (p * z + 0.16666666666666666)
}

// @ts-ignore: decorator
@inline function truncated(x: f64): f64 { return reinterpret<f64>(reinterpret<u64>(x) & 0xffffffff00000000) }

export function asinScalar(x: f64): f64 {
  const size = abs<f64>(x)
  if (!(size <= 1)) return NaN
  if (size < 0.5) return x + x * arc(x * x)
  const z = (1 - size) * 0.5
  const s = sqrt<f64>(z)
  const r = arc(z)
  const f = truncated(s)
  const c = s == 0 ? 0 : (z - f * f) / (s + f)
  // π/4 − ((2 s r − (low − 2c)) − (π/4 − 2f))
  const value = size > 0.975 ? HALF_PI - (2 * (s + s * r) - HALF_PI_LOW) : 0.7853981633974483 - (2 * s * r - (HALF_PI_LOW - 2 * c) - (0.7853981633974483 - 2 * f))
  return copysign<f64>(value, x)
}

export function acosScalar(x: f64): f64 {
  const size = abs<f64>(x)
  if (!(size <= 1)) return NaN
  if (size < 0.5) return HALF_PI - (x - (HALF_PI_LOW - x * arc(x * x)))
  const z = (1 - size) * 0.5
  const s = sqrt<f64>(z)
  const r = arc(z)
  if (x < 0) return PI - 2 * (s + (r * s - HALF_PI_LOW))
  const f = truncated(s)
  const c = s == 0 ? 0 : (z - f * f) / (s + f)
  return 2 * (f + (r * s + c))
}

/** atan(t + e) for t ≥ 0 and a small correction e; minus `from` (from + fromLow) when `mirrored`, plus it otherwise. */
function arcTangent(t: f64, e: f64, from: f64, fromLow: f64): f64 {
  let c: f64
  let high: f64
  let low: f64
  if (t < 0.4375) {
    c = t
    high = 0
    low = 0
  } else if (t < 0.6875) {
    c = (2 * t - 1) / (2 + t)
    high = 0.4636476090008061
    low = 2.2698777452961687e-17
  } else if (t < 1.1875) {
    c = (t - 1) / (t + 1)
    high = 0.7853981633974483
    low = 3.061616997868383e-17
  } else if (t < 2.4375) {
    c = (t - 1.5) / (1 + 1.5 * t)
    high = 0.982793723247329
    low = 1.3903311031230998e-17
  } else {
    c = -1 / t
    high = HALF_PI
    low = HALF_PI_LOW
  }
  const z = c * c
  let p: f64 = -0.012516453095688527
  p = p * z + 0.029171962357654853
  p = p * z - 0.04037615888958563
  p = p * z + 0.04701887666736345
  p = p * z - 0.05255135806213889
  p = p * z + 0.05881607126271881
  p = p * z - 0.06666618822057546
  p = p * z + 0.07692305624498978
  p = p * z - 0.09090909033322568
  p = p * z + 0.11111111110153861
  p = p * z - 0.14285714285705997
  p = p * z + 0.1999999999999997
  const rest = c * z * (p * z - 0.3333333333333333) + (low + e / (1 + t * t))
  if (from == 0) return high + (c + rest)
  // from − (high + c + rest), the constants first
  const start = from - high
  return start - (c + (rest - (from - start - high + fromLow)))
}

export function atanScalar(x: f64): f64 {
  if (x != x) return x
  const size = abs<f64>(x)
  if (size < 1e-9) return x
  return copysign<f64>(size > 1e300 ? HALF_PI : arcTangent(size, 0, 0, 0), x)
}

/** The angle of (x, y): the quotient's rounding error is carried into the arc. */
export function atan2Scalar(y: f64, x: f64): f64 {
  if (x != x || y != y) return NaN
  const ax = abs<f64>(x)
  const ay = abs<f64>(y)
  const left = reinterpret<i64>(x) < 0
  if (ay == 0) return copysign<f64>(left ? PI : 0, y)
  if (ax == 0) return copysign<f64>(HALF_PI, y)
  if (ax == Infinity) return copysign<f64>(ay == Infinity ? (left ? 2.356194490192345 : 0.7853981633974483) : left ? PI : 0, y)
  if (ay == Infinity) return copysign<f64>(HALF_PI, y)
  const t = ay / ax
  if (t > 1e18) return copysign<f64>(HALF_PI, y)
  if (t < 1e-18) return copysign<f64>(left ? PI : t, y)
  const p = t * ax
  // where the products leave the range the correction is left out: it is below the last place of a constant or of a tiny quotient
  const safe = ax > 1e-270 && ay > 1e-270 && ax < 1e290 && ay < 1e290
  const e = safe ? (ay - p - first(productError(K(t), K(ax), K(p)))) / ax : 0
  return copysign<f64>(arcTangent(t, e, left ? PI : 0, left ? PI_LOW : 0), y)
}
