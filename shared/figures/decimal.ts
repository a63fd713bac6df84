/**
 * Decimal arithmetic of axes. The platform's logarithms and powers differ between versions, so figures use these: plain arithmetic, the same bits everywhere.
 */

/** 10^k, correctly rounded, for whole k. */
export const powerOfTen = (k: number): number => Number(`1e${k}`)

/** ⌊log₁₀ x⌋, exact for every positive x. */
export function decade(x: number): number {
  const text = x.toExponential()
  return Number(text.slice(text.indexOf('e') + 1))
}

const ln10 = 2.302585092994046

/** log₁₀ x to 2 ulp: x = m·10^k with m in [1, 10); ln m = 2 artanh((m−1)/(m+1)) after halving by square roots. */
export function log10(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN
  if (x === Infinity) return Infinity
  const k = decade(x)
  const text = x.toExponential()
  const m = Number(text.slice(0, text.indexOf('e')))
  const r = Math.sqrt(Math.sqrt(m))
  const s = (r - 1) / (r + 1)
  const s2 = s * s
  let term = s
  let sum = s
  for (let n = 3; n < 60 && Math.abs(term) > 1e-18; n += 2) {
    term *= s2
    sum += term / n
  }
  return k + (8 * sum) / ln10
}

/** The minus sign of typography. */
export const minus = '\u2212'

/** A number with fixed decimals and a real minus sign; never "−0". */
export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? minus + text : text
}

export const integerText = (value: number): string => fixed(value, 0)

/** Shortest text with at most `digits` significant digits, plain decimals; for values such as times in a legend. */
export function shortNumber(value: number, digits = 4): string {
  const number = Number(value.toPrecision(digits))
  if (number === 0) return '0'
  const k = decade(Math.abs(number))
  if (k < -4 || k > 6) {
    const [mantissa, exponent] = Math.abs(number).toExponential().split('e')
    return `${number < 0 ? minus : ''}${mantissa === '1' ? '' : `${mantissa}×`}10^${integerText(Number(exponent))}`
  }
  return `${number < 0 ? minus : ''}${Math.abs(number)}`
}
