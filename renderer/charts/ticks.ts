/** Tick positions on linear, logarithmic and symmetric-log axes, and their labels. */

const superscripts = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']
/** A true minus sign: U+2212, as wide as the plus sign. */
const minus = '−'

export const superscript = (exponent: number): string =>
  (exponent < 0 ? '⁻' : '') + [...String(Math.abs(exponent))].map(digit => superscripts[Number(digit)]).join('')

const signed = (text: string): string => (text.startsWith('-') ? minus + text.slice(1) : text)

/** The step of the form {1, 2, 5}·10ᵏ that divides `span` into about `count` intervals: the nearest by ratio. */
export function niceStep(span: number, count: number): number {
  const raw = span / Math.max(1, count)
  if (!(raw > 0) || !Number.isFinite(raw)) return 1
  const power = 10 ** Math.floor(Math.log10(raw))
  const mantissa = raw / power
  const nice = mantissa <= Math.SQRT2 ? 1 : mantissa <= Math.sqrt(10) ? 2 : mantissa <= Math.sqrt(50) ? 5 : 10
  return nice * power
}

/** Multiples of a 1–2–5 step within [lower, upper]; either order of the ends. */
export function linearTicks(lower: number, upper: number, count: number): number[] {
  const [from, to] = lower <= upper ? [lower, upper] : [upper, lower]
  if (!Number.isFinite(from) || !Number.isFinite(to)) return []
  if (from === to) return [from]
  const step = niceStep(to - from, count)
  const first = Math.ceil(from / step - 1e-6)
  const last = Math.floor(to / step + 1e-6)
  const ticks: number[] = []
  // Past 2⁵³ steps from zero neighbouring multiples are the same number.
  if (!Number.isSafeInteger(first) || last - first > 1000) return [from, to]
  const power = Math.round(-Math.log10(step) + 0.5)
  for (let k = first; k <= last; k++) {
    // Dividing by a whole power of ten gives 0.3 where k·0.1 gives 0.30000000000000004.
    const value = power > 0 && power < 300 ? Math.round(k * step * 10 ** power) / 10 ** power : k * step
    ticks.push(value === 0 ? 0 : value)
  }
  return ticks
}

/** Powers of ten within [lower, upper] (both positive), thinned to about `count`; 1–2–5 multiples where fewer than two powers fit. */
export function logTicks(lower: number, upper: number, count: number): number[] {
  if (!(lower > 0) || !(upper > lower)) return lower > 0 ? [lower] : []
  const first = Math.ceil(Math.log10(lower) - 1e-9)
  const last = Math.floor(Math.log10(upper) + 1e-9)
  const decades = last - first + 1
  if (decades < 2) {
    const multiples: number[] = []
    for (let k = first - 1; k <= last + 1; k++) for (const m of [1, 2, 5]) multiples.push(m * 10 ** k)
    const inside = multiples.filter(v => v >= lower * (1 - 1e-9) && v <= upper * (1 + 1e-9))
    return inside.length >= 2 ? inside : linearTicks(lower, upper, count)
  }
  const stride = Math.max(1, Math.ceil(decades / Math.max(2, count)))
  const ticks: number[] = []
  for (let k = last; k >= first; k -= stride) ticks.unshift(10 ** k)
  return ticks
}

/** Zero and ± powers of ten outside the linear zone |v| ≤ threshold. */
export function symmetricLogTicks(lower: number, upper: number, threshold: number, count: number): number[] {
  const half = Math.max(2, Math.floor(count / 2))
  const positive = upper > threshold ? logTicks(threshold, upper, half) : []
  const negative = -lower > threshold ? logTicks(threshold, -lower, half).map(v => -v).reverse() : []
  const ticks = lower <= 0 && upper >= 0 ? [...negative, 0, ...positive] : [...negative, ...positive]
  return ticks.filter(v => v >= lower * (1 - Math.sign(lower) * 1e-9) - 1e-300 && v <= upper * (1 + Math.sign(upper) * 1e-9) + 1e-300)
}

const scientific = (value: number, digits: number): string => {
  const [mantissa, exponent] = value.toExponential(digits).split('e')
  const power = Number(exponent)
  if (power === 0) return signed(mantissa)
  const bare = mantissa.replace(/^-/, '')
  const sign = mantissa.startsWith('-') ? minus : ''
  return sign + (/^1(\.0*)?$/.test(bare) ? '' : `${bare}×`) + `10${superscript(power)}`
}

/** Labels that all carry the same number of decimals, plain between 0.001 and 99999, with a power of ten outside. */
export function tickLabels(values: readonly number[]): string[] {
  const largest = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  if (largest === 0) return values.map(() => '0')
  let gap = Infinity
  for (let i = 1; i < values.length; i++) gap = Math.min(gap, Math.abs(values[i] - values[i - 1]))
  if (!(gap > 0) || !Number.isFinite(gap)) gap = largest
  const exponent = Math.floor(Math.log10(largest) + 1e-9)
  const decimalsOf = (unit: number): number => Math.min(12, Math.max(0, Math.ceil(-Math.log10(gap / unit) - 1e-6)))
  // A gap of 0.25 needs two decimals although its leading digit stands at the first.
  const exactDecimals = (unit: number): number => {
    let decimals = decimalsOf(unit)
    while (decimals < 12 && values.some(v => Math.abs(v / unit - Number((v / unit).toFixed(decimals))) > (gap / unit) * 1e-3)) decimals++
    return decimals
  }
  if (largest >= 1e5 || largest < 1e-3) {
    // 2, 4, … 10 rather than 0.2, 0.4, … 1.0 where the largest is a power of ten itself.
    const shift = Math.abs(largest / 10 ** exponent - 1) < 1e-9 && gap < 0.99 * largest ? 1 : 0
    const unit = 10 ** (exponent - shift)
    const decimals = exactDecimals(unit)
    return values.map(v => {
      if (Math.abs(v) < gap * 1e-6) return '0'
      const mantissa = (v / unit).toFixed(decimals)
      const bare = mantissa.replace(/^-/, '')
      return (mantissa.startsWith('-') ? minus : '') + (bare === '1' ? '' : `${bare}×`) + `10${superscript(exponent - shift)}`
    })
  }
  const decimals = exactDecimals(1)
  return values.map(v => (Math.abs(v) < gap * 1e-6 ? '0' : signed(v.toFixed(decimals))))
}

/** Labels of a logarithmic axis: powers of ten as powers, other numbers plainly. */
export function logTickLabels(values: readonly number[]): string[] {
  if (values.every(v => v !== 0 && Math.abs(v) >= 1e-3 && Math.abs(v) < 1e5) && values.length < 2) return values.map(v => formatValue(v, 3))
  return values.map(v => {
    if (v === 0) return '0'
    const exponent = Math.round(Math.log10(Math.abs(v)))
    const isPower = Math.abs(Math.abs(v) / 10 ** exponent - 1) < 1e-9
    if (!isPower) return formatValue(v, 3)
    if (exponent >= -2 && exponent <= 2) return signed(String(Math.sign(v) * 10 ** exponent))
    return `${v < 0 ? minus : ''}10${superscript(exponent)}`
  })
}

/** One value to read off: `digits` significant digits, trailing zeros dropped. */
export function formatValue(value: number, digits = 5): string {
  if (Number.isNaN(value)) return 'no value'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${minus}∞`
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e5 || magnitude < 1e-3) {
    const [mantissa] = value.toExponential(digits - 1).split('e')
    return scientific(value, Math.max(0, (mantissa.replace(/0+$/, '').split('.')[1] ?? '').length))
  }
  const text = value.toPrecision(digits)
  return signed(text.includes('.') ? text.replace(/\.?0+$/, '') : text)
}
