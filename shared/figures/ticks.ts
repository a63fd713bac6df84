import { decade, fixed, integerText, minus, powerOfTen } from './decimal'
import type { Scale } from './scales'
import type { Segment } from './text/label'

export interface Tick {
  readonly value: number
  /** 0 … 1 along the axis. */
  readonly position: number
  readonly label: readonly Segment[]
}

export interface TickSet {
  readonly ticks: readonly Tick[]
  /** Positions of unlabelled ticks. */
  readonly minor: readonly number[]
  /** Common factor at the axis's end, "×10³". */
  readonly factor?: readonly Segment[]
}

/** A little beyond the ends, so that rounding does not lose an end tick. */
const slack = 1e-9

/** About `wanted` ticks, or exactly the given values (those inside the axis). */
export function makeTicks(scale: Scale, wanted: number | readonly number[]): TickSet {
  if (typeof wanted !== 'number') return labelled(scale, [...wanted].sort((a, b) => a - b), [])
  if (scale.name === 'linear') return labelled(scale, linearTicks(scale.from, scale.to, wanted), [])
  return scale.name === 'log' ? logTicks(scale, wanted) : symlogTicks(scale, wanted)
}

/** Contour levels strictly between the ends, their number as near to `wanted` as steps of 1, 2 and 5 allow. */
export function contourLevels(lower: number, upper: number, wanted: number): number[] {
  const k = decade((upper - lower) / (wanted + 1))
  let best: number[] = []
  for (const exponent of [k - 1, k, k + 1]) {
    for (const m of [1, 2, 5]) {
      const step = exponent < 0 ? m / powerOfTen(-exponent) : m * powerOfTen(exponent)
      const levels = multiples(lower, upper, step).filter(level => level > lower + slack * step && level < upper - slack * step)
      if (best.length === 0 || Math.abs(levels.length - wanted) < Math.abs(best.length - wanted)) best = levels
    }
  }
  return best
}

/** Multiples of 1, 2 or 5 times a power of ten: the step whose count is nearest to `wanted`, never above it by more than two. */
export function linearTicks(lower: number, upper: number, wanted: number): number[] {
  return multiples(lower, upper, niceStep(lower, upper, wanted))
}

function multiples(lower: number, upper: number, step: number): number[] {
  const first = Math.ceil(lower / step - slack)
  const last = Math.floor(upper / step + slack)
  const k = decade(step)
  const mantissa = Math.round(step / powerOfTen(k))
  // Multiples are formed as whole numbers times a power of ten: 0.3 is 3/10, not 3·0.1.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const whole = (first + i) * mantissa
    return k < 0 ? whole / powerOfTen(-k) : whole * powerOfTen(k)
  })
}

export function niceStep(lower: number, upper: number, wanted: number): number {
  const span = upper - lower
  const k = decade(span / Math.max(1, wanted))
  let best = 0
  let bestScore = Infinity
  for (const exponent of [k - 1, k, k + 1]) {
    for (const m of [1, 2, 5]) {
      const step = exponent < 0 ? m / powerOfTen(-exponent) : m * powerOfTen(exponent)
      const count = Math.floor(upper / step + slack) - Math.ceil(lower / step - slack) + 1
      const score = Math.abs(count - wanted) + (count > wanted ? 0.5 * (count - wanted) : 0) + (count < 2 ? 10 : count < 3 ? 1 : 0)
      if (score < bestScore) {
        best = step
        bestScore = score
      }
    }
  }
  return best
}

function labelled(scale: Scale, values: readonly number[], minor: readonly number[]): TickSet {
  const inside = values.filter(v => scale.position(v) >= -slack && scale.position(v) <= 1 + slack)
  const greatest = Math.max(...inside.map(Math.abs), 0)
  if (greatest === 0) return { ticks: inside.map(value => tick(scale, value, [{ text: '0' }])), minor }
  const k = decade(greatest)
  const power = k >= 4 || k <= -3 ? k : 0
  const shifted = inside.map(v => (power < 0 ? v * powerOfTen(-power) : v / powerOfTen(power)))
  const decimals = Math.max(...shifted.map(decimalsOf))
  return {
    ticks: inside.map((value, i) => tick(scale, value, [{ text: fixed(shifted[i], decimals) }])),
    minor,
    ...(power === 0 ? {} : { factor: [{ text: '×10' }, { text: integerText(power), script: 'super' as const }] }),
  }
}

/** Decimals that a value needs, up to 6 significant digits. */
function decimalsOf(value: number): number {
  const text = Number(value.toPrecision(6)).toString()
  if (text.includes('e')) return Math.min(12, Math.max(0, -Number(text.slice(text.indexOf('e') + 1))))
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0
}

const tick = (scale: Scale, value: number, label: readonly Segment[]): Tick => ({ value, position: Math.min(1, Math.max(0, scale.position(value))), label })

function powerLabel(k: number, negative = false): Segment[] {
  const sign = negative ? minus : ''
  return [{ text: `${sign}10` }, { text: integerText(k), script: 'super' }]
}

/** Decades, thinned to about `wanted`; where fewer than two decades fit, 1–2–5 multiples as well. */
function logTicks(scale: Scale, wanted: number): TickSet {
  const first = Math.ceil(scale.from - slack)
  const last = Math.floor(scale.to + slack)
  const decades = last - first + 1
  if (decades < 2) {
    const multiples = decades === 1 && scale.to - scale.from > 0.9 ? [1, 2, 5] : scale.to - scale.from > 0.6 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 8]
    const values = multiplesIn(scale, multiples)
    if (values.length < 2) return labelled(scale, linearTicks(tenTo(scale.from), tenTo(scale.to), wanted), [])
    const plain = values.every(v => v >= 0.01 - 1e-12 && v < 1e4)
    return {
      ticks: values.map(v => {
        const k = decade(v)
        const m = Math.round(v / powerOfTen(k))
        const label: Segment[] = plain ? [{ text: fixed(v, Math.max(0, -k)) }] : m === 1 ? powerLabel(k) : [{ text: `${m}×10` }, { text: integerText(k), script: 'super' }]
        return tick(scale, v, label)
      }),
      minor: multiplesIn(scale, [1, 2, 3, 4, 5, 6, 7, 8, 9]).filter(v => !values.includes(v)).map(v => scale.position(v)),
    }
  }
  const stride = Math.max(1, Math.ceil(decades / Math.max(2, wanted)))
  const ticks: Tick[] = []
  for (let k = Math.ceil(first / stride) * stride; k <= last; k += stride) ticks.push(tick(scale, powerOfTen(k), powerLabel(k)))
  const minor = stride === 1 && decades <= 8 ? multiplesIn(scale, [2, 3, 4, 5, 6, 7, 8, 9]).map(v => scale.position(v)) : []
  if (stride > 1 && decades <= 24) for (let k = first; k <= last; k++) if (k % stride !== 0) minor.push(scale.position(powerOfTen(k)))
  return { ticks, minor }
}

function multiplesIn(scale: Scale, multiples: readonly number[]): number[] {
  const values: number[] = []
  for (let k = Math.floor(scale.from - slack); k <= Math.ceil(scale.to); k++) {
    for (const m of multiples) {
      const value = k < 0 ? m / powerOfTen(-k) : m * powerOfTen(k)
      const p = scale.position(value)
      if (p >= -slack && p <= 1 + slack) values.push(value)
    }
  }
  return values
}

/** 10^u for the ends of a narrow axis, the fraction's binary digits through repeated square roots of ten. */
function tenTo(u: number): number {
  let value = powerOfTen(Math.floor(u))
  let rest = u - Math.floor(u)
  let root = 10
  for (let j = 0; j < 50 && rest > 0; j++) {
    root = Math.sqrt(root)
    rest *= 2
    if (rest >= 1) {
      value *= root
      rest -= 1
    }
  }
  return value
}

/** Zero, ± the threshold and the decades beyond. */
function symlogTicks(scale: Scale, wanted: number): TickSet {
  const k0 = Math.round(decade(scale.threshold))
  const reach = Math.ceil(Math.max(Math.abs(scale.from), Math.abs(scale.to)))
  const stride = Math.max(1, Math.ceil((2 * reach + 1) / Math.max(3, wanted)))
  const ticks: Tick[] = []
  const add = (value: number, label: Segment[]): void => {
    const p = scale.position(value)
    if (p >= -slack && p <= 1 + slack) ticks.push(tick(scale, value, label))
  }
  // Zero first, then from the ends inwards: where numbers would touch, the first ones stay.
  add(0, [{ text: '0' }])
  for (let j = Math.floor(reach / stride) * stride; j >= 0; j -= stride) {
    add(-powerOfTen(k0 + j), powerLabel(k0 + j, true))
    add(powerOfTen(k0 + j), powerLabel(k0 + j))
  }
  return { ticks, minor: [] }
}
