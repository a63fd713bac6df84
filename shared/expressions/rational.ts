import { error, FaultError } from '../fault'

/** Exact fractions p/q in lowest terms, q > 0. A double enters as the shortest decimal that denotes it, so 0.1 + 0.2 is 0.3. */
export interface Rational {
  readonly p: bigint
  readonly q: bigint
}

export const ZERO: Rational = { p: 0n, q: 1n }
export const ONE: Rational = { p: 1n, q: 1n }
export const MINUS_ONE: Rational = { p: -1n, q: 1n }

/** Fractions with more bits than this are rounded to double precision: exactness must not cost more than it is worth. */
const MAXIMUM_BITS = 2200

export function rational(p: bigint, q: bigint): Rational {
  let a = p < 0n ? -p : p
  let b = q < 0n ? -q : q
  while (b !== 0n) [a, b] = [b, a % b]
  const divisor = q < 0n ? -a : a
  return bounded({ p: p / divisor, q: q / divisor })
}

function bounded(r: Rational): Rational {
  const bits = bitLength(r.p) + bitLength(r.q)
  if (bits <= MAXIMUM_BITS) return r
  const value = numberFromRational(r)
  if (Number.isFinite(value) && value !== 0) return rationalFromNumber(value)
  if (bits <= 20 * MAXIMUM_BITS) return r
  throw new FaultError(error('number-out-of-range', 'A constant of the expression is far outside the range of double precision.', { tip: 'Scale the quantities.' }))
}

const bitLength = (n: bigint) => n.toString(16).length * 4

/** The fraction of a finite double's shortest decimal. */
export function rationalFromNumber(value: number): Rational {
  if (Number.isSafeInteger(value)) return { p: BigInt(value), q: 1n }
  const [, sign, whole, part = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!
  const digits = BigInt(sign + whole + part)
  const shift = Number(exponent) - part.length
  return shift >= 0 ? { p: digits * 10n ** BigInt(shift), q: 1n } : rational(digits, 10n ** BigInt(-shift))
}

/** The nearest double (±Infinity or 0 outside the range). */
export function numberFromRational({ p, q }: Rational): number {
  if (q === 1n) return Number(p)
  const negative = p < 0n
  const size = negative ? -p : p
  const shift = 40 - (size.toString().length - q.toString().length)
  const digits = shift >= 0 ? (size * 10n ** BigInt(shift)) / q : size / (q * 10n ** BigInt(-shift))
  const value = Number(`${digits}e${-shift}`)
  return negative ? -value : value
}

/** The double whose shortest decimal is exactly this fraction; undefined when there is none. */
export function decimalFromRational(r: Rational): number | undefined {
  const value = numberFromRational(r)
  if (!Number.isFinite(value)) return undefined
  const back = rationalFromNumber(value)
  return back.p === r.p && back.q === r.q ? value : undefined
}

export const isZero = (r: Rational) => r.p === 0n
export const isOne = (r: Rational) => r.p === 1n && r.q === 1n
export const isNegative = (r: Rational) => r.p < 0n
export const negated = (r: Rational): Rational => ({ p: -r.p, q: r.q })
export const plus = (a: Rational, b: Rational) => (a.q === 1n && b.q === 1n ? bounded({ p: a.p + b.p, q: 1n }) : rational(a.p * b.q + b.p * a.q, a.q * b.q))
export const times = (a: Rational, b: Rational) => (a.q === 1n && b.q === 1n ? bounded({ p: a.p * b.p, q: 1n }) : rational(a.p * b.p, a.q * b.q))
/** 1/r; r must not be zero. */
export const inverted = (r: Rational): Rational => (r.p < 0n ? { p: -r.q, q: -r.p } : { p: r.q, q: r.p })
export const compareRationals = (a: Rational, b: Rational) => Number(a.p * b.q > b.p * a.q) - Number(a.p * b.q < b.p * a.q)
export const floored = (r: Rational): Rational => ({ p: r.p >= 0n ? r.p / r.q : -((-r.p + r.q - 1n) / r.q), q: 1n })

/** rⁿ for an integer n; undefined for 0 to a negative power and where the result would have very many digits. */
export function integerPower(r: Rational, n: number): Rational | undefined {
  if (n === 0) return ONE
  if (isZero(r)) return n > 0 ? ZERO : undefined
  if ((bitLength(r.p) + bitLength(r.q)) * Math.abs(n) > MAXIMUM_BITS && !(r.q === 1n && (r.p === 1n || r.p === -1n))) return undefined
  const size = BigInt(Math.abs(n))
  const signOrPower = r.p === 1n || r.p === -1n ? r.p ** (size % 2n || 2n) : r.p ** size
  const raised = { p: signOrPower, q: r.q === 1n ? 1n : r.q ** size }
  return n > 0 ? raised : inverted(raised)
}

/** √r where it is rational. */
export function rationalRoot(r: Rational): Rational | undefined {
  if (isNegative(r)) return undefined
  const p = integerRoot(r.p)
  const q = integerRoot(r.q)
  return p !== undefined && q !== undefined ? { p, q } : undefined
}

function integerRoot(n: bigint): bigint | undefined {
  if (n < 2n) return n
  let x = 1n << BigInt((bitLength(n) + 1) >> 1)
  for (;;) {
    const next = (x + n / x) >> 1n
    if (next >= x) break
    x = next
  }
  return x * x === n ? x : undefined
}
