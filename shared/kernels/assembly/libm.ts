/**
 * Our own elementary functions, at most 2 units in the last place from the true value, with the same bits on every machine: WebAssembly's + − × ÷ √ are IEEE 754
 * and nothing is fused. `name(x: f64): f64` and `namex2(v: v128): v128` on two values; a lane of the second has the bits of the first.
 * NaN gives NaN, ±0 and ±∞ as in C (IEEE 754-2019 §9.2). No memory, no globals, no static data: coefficients are literals.
 */
import { coshCore, expCore, expm1Core, sinhCore, tanhCore } from './_exponential'
import { erfScalar } from './_error-function'
import { acosScalar, asinScalar, atan2Scalar, atanScalar } from './_inverse-trigonometric'
import { first, K, pair, second } from './_lanes'
import { isOrdinary, log10Core, log1pScalar, log2Core, logarithmAtEdge, logCore } from './_logarithmic'
import { cbrtScalar, hypotScalar, isOrdinaryPower, powCore, powScalar } from './_power'
import { cosCore, isDirect, LARGEST_DIRECT, sinCore, tanCore, tanRemotely, turnedRemotely } from './_trigonometric'

export function sin(x: f64): f64 { return abs<f64>(x) <= LARGEST_DIRECT ? first(sinCore(K(x))) : turnedRemotely(x, 0) }
export function sinx2(v: v128): v128 { return isDirect(v) ? sinCore(v) : pair(sin(first(v)), sin(second(v))) }

export function cos(x: f64): f64 { return abs<f64>(x) <= LARGEST_DIRECT ? first(cosCore(K(x))) : turnedRemotely(x, 1) }
export function cosx2(v: v128): v128 { return isDirect(v) ? cosCore(v) : pair(cos(first(v)), cos(second(v))) }

export function tan(x: f64): f64 { return abs<f64>(x) <= LARGEST_DIRECT ? first(tanCore(K(x))) : tanRemotely(x) }
export function tanx2(v: v128): v128 { return isDirect(v) ? tanCore(v) : pair(tan(first(v)), tan(second(v))) }

export function asin(x: f64): f64 { return asinScalar(x) }
export function asinx2(v: v128): v128 { return pair(asinScalar(first(v)), asinScalar(second(v))) }

export function acos(x: f64): f64 { return acosScalar(x) }
export function acosx2(v: v128): v128 { return pair(acosScalar(first(v)), acosScalar(second(v))) }

export function atan(x: f64): f64 { return atanScalar(x) }
export function atanx2(v: v128): v128 { return pair(atanScalar(first(v)), atanScalar(second(v))) }

export function atan2(y: f64, x: f64): f64 { return atan2Scalar(y, x) }
export function atan2x2(y: v128, x: v128): v128 { return pair(atan2Scalar(first(y), first(x)), atan2Scalar(second(y), second(x))) }

export function exp(x: f64): f64 { return first(expCore(K(x))) }
export function expx2(v: v128): v128 { return expCore(v) }

export function expm1(x: f64): f64 { return first(expm1Core(K(x))) }
export function expm1x2(v: v128): v128 { return expm1Core(v) }

export function sinh(x: f64): f64 { return first(sinhCore(K(x))) }
export function sinhx2(v: v128): v128 { return sinhCore(v) }

export function cosh(x: f64): f64 { return first(coshCore(K(x))) }
export function coshx2(v: v128): v128 { return coshCore(v) }

export function tanh(x: f64): f64 { return first(tanhCore(K(x))) }
export function tanhx2(v: v128): v128 { return tanhCore(v) }

/** Subnormal numbers enter the cores as 2⁵⁴ x. */
const SUBNORMAL_SCALE: f64 = 18014398509481984.0

export function log(x: f64): f64 {
  if (isOrdinary(K(x))) return first(logCore(K(x), K(0)))
  return x > 0 && x < 1 ? first(logCore(K(x * SUBNORMAL_SCALE), K(-54))) : logarithmAtEdge(x)
}
export function logx2(v: v128): v128 { return isOrdinary(v) ? logCore(v, K(0)) : pair(log(first(v)), log(second(v))) }

export function log2(x: f64): f64 {
  if (isOrdinary(K(x))) return first(log2Core(K(x), K(0)))
  return x > 0 && x < 1 ? first(log2Core(K(x * SUBNORMAL_SCALE), K(-54))) : logarithmAtEdge(x)
}
export function log2x2(v: v128): v128 { return isOrdinary(v) ? log2Core(v, K(0)) : pair(log2(first(v)), log2(second(v))) }

export function log10(x: f64): f64 {
  if (isOrdinary(K(x))) return first(log10Core(K(x), K(0)))
  return x > 0 && x < 1 ? first(log10Core(K(x * SUBNORMAL_SCALE), K(-54))) : logarithmAtEdge(x)
}
export function log10x2(v: v128): v128 { return isOrdinary(v) ? log10Core(v, K(0)) : pair(log10(first(v)), log10(second(v))) }

export function log1p(x: f64): f64 { return log1pScalar(x) }
export function log1px2(v: v128): v128 { return pair(log1pScalar(first(v)), log1pScalar(second(v))) }

export function pow(x: f64, y: f64): f64 { return isOrdinaryPower(K(x), K(y)) ? first(powCore(K(x), K(y), K(0))) : powScalar(x, y) }
export function powx2(x: v128, y: v128): v128 { return isOrdinaryPower(x, y) ? powCore(x, y, K(0)) : pair(pow(first(x), first(y)), pow(second(x), second(y))) }

export function cbrt(x: f64): f64 { return cbrtScalar(x) }
export function cbrtx2(v: v128): v128 { return pair(cbrtScalar(first(v)), cbrtScalar(second(v))) }

export function erf(x: f64): f64 { return erfScalar(x) }
export function erfx2(v: v128): v128 { return pair(erfScalar(first(v)), erfScalar(second(v))) }

export function hypot(x: f64, y: f64): f64 { return hypotScalar(x, y) }
export function hypotx2(x: v128, y: v128): v128 { return pair(hypotScalar(first(x), first(y)), hypotScalar(second(x), second(y))) }
