/* eslint-disable no-restricted-properties -- the platform only gives the first guesses, of which no bit remains */
import type { Libm } from './libm'

/**
 * Elementary functions in integer fixed point with at least 190 significant bits: what libm is measured against. Shares no code and no method with it:
 * Taylor sums of reduced arguments in BigInt, inverse functions by one Newton or Halley step from the platform's value (whose 50 bits become 100 or more).
 */
/** integer · 2^exponent */
export interface Exact { readonly integer: bigint; readonly exponent: number }

const float = new Float64Array(1)
const word = new BigUint64Array(float.buffer)

export function exactFromNumber(x: number): Exact {
  float[0] = x
  const bits = word[0]
  const field = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const size = field === 0 ? fraction : fraction | 0x10000000000000n
  return { integer: bits >> 63n ? -size : size, exponent: Math.max(field, 1) - 1075 }
}

const size = (n: bigint) => (n < 0n ? -n : n)
const bitLength = (n: bigint) => { const text = size(n).toString(16); return 4 * text.length - Math.clz32(parseInt(text[0], 16)) + 28 }
const shift = (n: bigint, by: number) => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by))
/** The value as an integer number of 2^−w. */
const fixed = ({ integer, exponent }: Exact, w: number) => shift(integer, exponent + w)

/** |got − exact| in units of the last place of the exact value. */
export function ulpError(got: number, exact: Exact): number {
  const top = bitLength(exact.integer) + exact.exponent
  if (exact.integer === 0n) return got === 0 ? 0 : Infinity
  if (!Number.isFinite(got)) return top > 1024 || (top === 1024 && shift(size(exact.integer), 54 - bitLength(exact.integer)) === (1n << 54n) - 1n) ? 0 : Infinity
  const ulp = Math.max(top - 53, -1074)
  const mine = exactFromNumber(got)
  const low = Math.min(mine.exponent, exact.exponent)
  const difference = size(shift(mine.integer, mine.exponent - low) - shift(exact.integer, exact.exponent - low))
  // as a fixed number of 2^−40 ulp
  return Number(shift(difference, low - ulp + 40)) / 2 ** 40
}

const PRECISION = 2600
const big = 1n << BigInt(PRECISION)
/** π by Machin's formula, ln 2 = 18 atanh 1/26 − 2 atanh 1/4801 + 8 atanh 1/8749. */
const series = (n: bigint, sign: bigint) => {
  let sum = 0n
  let power = big / n
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k
    power = (sign * power) / (n * n)
  }
  return sum
}
const PI = 4n * (4n * series(5n, -1n) - series(239n, -1n))
const LN2 = 18n * series(26n, 1n) - 2n * series(4801n, 1n) + 8n * series(8749n, 1n)
const constant = (value: bigint, w: number) => value >> BigInt(PRECISION - w)

const divideRound = (a: bigint, b: bigint) => { const q = (2n * a + b) / (2n * b); return 2n * a + b < 0n && q * 2n * b !== 2n * a + b ? q - 1n : q }

/** eˣ = m · 2ᵏ. */
function exponential(x: bigint, w: number): readonly [bigint, number] {
  const ln2 = constant(LN2, w)
  const k = divideRound(x, ln2)
  const r = (x - k * ln2) >> 8n
  const W = BigInt(w)
  let term = 1n << W
  let sum = term
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * r) >> W) / n
    sum += term
  }
  for (let i = 0; i < 8; i++) sum = (sum * sum) >> W
  return [sum, Number(k)]
}

/** sin and cos of n quarter turns + r. */
function circular(x: Exact, w: number): readonly [bigint, bigint] {
  const wide = w + Math.max(0, x.exponent + 53)
  const half = constant(PI, wide) >> 1n
  const whole = fixed(x, wide)
  const n = divideRound(whole, half)
  const r = shift(whole - n * half, w - wide)
  const W = BigInt(w)
  const square = (r * r) >> W
  let sine = r
  let cosine = 1n << W
  let s = r
  let c = cosine
  for (let k = 1n; s !== 0n || c !== 0n; k++) {
    c = -(((c * square) >> W) / ((2n * k - 1n) * 2n * k))
    s = -(((s * square) >> W) / (2n * k * (2n * k + 1n)))
    sine += s
    cosine += c
    if (size(s) < 2n && size(c) < 2n) break
  }
  const quadrant = Number(((n % 4n) + 4n) % 4n)
  return quadrant === 0 ? [sine, cosine] : quadrant === 1 ? [cosine, -sine] : quadrant === 2 ? [-sine, -cosine] : [-cosine, sine]
}

function squareRoot(n: bigint): bigint {
  if (n < 2n) return n
  let x = 1n << BigInt((bitLength(n) >> 1) + 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) return x
    x = next
  }
}

/** log of m/2^w for m near any size, from a guess. */
function logarithm(m: bigint, w: number, guess: number): bigint {
  const y = fixed(exactFromNumber(guess), w)
  const [e, k] = exponential(y, w)
  const value = shift(e, k)
  return y + (2n * (m - value) << BigInt(w)) / (m + value)
}

/** The angle of (x, y) from a guess; y and x in any common unit. */
function angle(y: bigint, x: bigint, guess: number, w: number): bigint {
  const [s, c] = circular(exactFromNumber(guess), w)
  const delta = ((y * c - x * s) << BigInt(w)) / (x * c + y * s)
  return fixed(exactFromNumber(guess), w) + delta - ((delta * delta * delta) >> BigInt(2 * w)) / 3n
}

const widthFor = (x: number) => 200 + Math.max(0, Math.ceil(-Math.log2(Math.abs(x) || 1)) * 2)
const made = (integer: bigint, exponent: number): Exact => ({ integer, exponent })

function hyperbolic(x: number): readonly [sinh: bigint, cosh: bigint, exponent: number] {
  const w = widthFor(x)
  const [m, k] = exponential(fixed(exactFromNumber(x), w), w)
  const up = k >= 0 ? m : shift(m, 2 * k)
  const down = k >= 0 ? shift((1n << BigInt(2 * w)) / m, -2 * k) : (1n << BigInt(2 * w)) / m
  return [up - down, up + down, Math.abs(k) - w - 1]
}

function naturalLogarithm(x: number): readonly [bigint, number] {
  const { integer, exponent } = exactFromNumber(x)
  const length = bitLength(integer)
  const w = 260
  // m in [½, 1), or in [1, 2) just above 1
  const up = x >= 1 && x < 2 ? 1 : 0
  const m = shift(integer, w - length + up)
  return [BigInt(exponent + length - up) * constant(LN2, w) + logarithm(m, w, Math.log(Number(shift(integer, 53 - length)) / 2 ** (53 - up))), w]
}

/** The exact value of a libm function at finite arguments inside its domain. */
export const exactLibm: { readonly [name in keyof Libm]: (x: number, y: number) => Exact } = {
  sin: x => { const w = widthFor(x); return made(circular(exactFromNumber(x), w)[0], -w) },
  cos: x => { const w = 260; return made(circular(exactFromNumber(x), w)[1], -w) },
  tan: x => { const w = widthFor(x); const [s, c] = circular(exactFromNumber(x), w); return made((s << BigInt(w)) / c, -w) },
  atan: x => { const w = widthFor(x); return Math.abs(x) > 1e300 ? made(constant(PI, w) * (x > 0 ? 1n : -1n), -w - 1) : made(angle(fixed(exactFromNumber(x), w), 1n << BigInt(w), Math.atan(x), w), -w) },
  atan2: (y, x) => {
    const guess = Math.atan2(y, x)
    const w = widthFor(guess)
    const low = Math.min(exactFromNumber(x).exponent, exactFromNumber(y).exponent)
    return made(angle(fixed(exactFromNumber(y), -low), fixed(exactFromNumber(x), -low), guess, w), -w)
  },
  asin: x => { const w = widthFor(x); const X = fixed(exactFromNumber(x), w); return made(angle(X, squareRoot((1n << BigInt(2 * w)) - X * X), Math.asin(x), w), -w) },
  acos: x => { const w = 320; const X = fixed(exactFromNumber(x), w); return made(angle(squareRoot((1n << BigInt(2 * w)) - X * X), X, Math.acos(x), w), -w) },
  sinh: x => { const [s, , e] = hyperbolic(x); return made(s, e) },
  cosh: x => { const [, c, e] = hyperbolic(Math.abs(x) < 1e-30 ? 1e-30 : x); return made(c, e) },
  tanh: x => { const w = widthFor(x); const [s, c] = hyperbolic(x); return made((s << BigInt(w)) / c, -w) },
  exp: x => { const w = 260; const [m, k] = exponential(fixed(exactFromNumber(x), w), w); return made(m, k - w) },
  expm1: x => { const w = widthFor(x); const [m, k] = exponential(fixed(exactFromNumber(x), w), w); return k < -2000 ? made(-1n, 0) : k > 100 ? made(m, k - w) : made(shift(m, k) - (1n << BigInt(w)), -w) },
  log: x => { const [l, w] = naturalLogarithm(x); return made(l, -w) },
  log2: x => { const [l, w] = naturalLogarithm(x); return made((l << BigInt(w)) / constant(LN2, w), -w) },
  log10: x => {
    const [l, w] = naturalLogarithm(x)
    const ln10 = 3n * constant(LN2, w) + logarithm((5n << BigInt(w)) / 4n, w, Math.log(1.25))
    return made((l << BigInt(w)) / ln10, -w)
  },
  log1p: x => {
    const w = widthFor(x)
    const m = (1n << BigInt(w)) + fixed(exactFromNumber(x), w)
    const extra = Math.max(0, bitLength(m) - w - 1)
    const scaled = m >> BigInt(extra)
    const scaledGuess = extra > 0 ? Math.log(Number(scaled >> BigInt(w - 52)) / 2 ** 52) : Math.log1p(x)
    return made(logarithm(scaled, w, scaledGuess) + BigInt(extra) * constant(LN2, w), -w)
  },
  pow: (x, y) => {
    const [l, w] = naturalLogarithm(Math.abs(x))
    const { integer, exponent } = exactFromNumber(y)
    const [m, k] = exponential(shift(l * integer, exponent), w)
    return made(x < 0 && Math.abs(y % 2) === 1 ? -m : m, k - w)
  },
  cbrt: x => {
    const { integer, exponent } = exactFromNumber(x)
    const third = Math.floor(exponent / 3) - 120
    const target = shift(integer, exponent - 3 * third)
    let y = fixed(exactFromNumber(Math.cbrt(x)), -third)
    for (let i = 0; i < 2; i++) y -= (y * y * y - target) / (3n * y * y)
    return made(y, third)
  },
  erf: x => {
    const w = widthFor(x) + 120
    const W = BigInt(w)
    const X = fixed(exactFromNumber(x), w)
    const square = (X * X) >> W
    let term = X
    let sum = X
    for (let n = 1n; size(term) > 1n; n++) {
      term = -((term * square) >> W) / n
      sum += term / (2n * n + 1n)
    }
    return made((2n * sum << W) / squareRoot(constant(PI, w) << W), -w)
  },
  hypot: (x, y) => {
    const [a, b] = [exactFromNumber(x), exactFromNumber(y)]
    const low = Math.min(a.exponent, b.exponent) - 100
    return made(squareRoot(fixed(a, -low) ** 2n + fixed(b, -low) ** 2n), low)
  },
}
