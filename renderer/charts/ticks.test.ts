import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatValue, linearTicks, logTickLabels, logTicks, niceStep, symmetricLogTicks, tickLabels } from './ticks'

describe('linear ticks', () => {
  it('are multiples of a 1–2–5 step, inside the range, as decimal literals', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(linearTicks(-1, 1, 4)).toEqual([-1, -0.5, 0, 0.5, 1])
    expect(linearTicks(0, 0.012, 6)).toEqual([0, 0.002, 0.004, 0.006, 0.008, 0.01, 0.012])
    expect(linearTicks(0.1, 0.7, 6)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
  })
  it('never leave the range and stay near the count', () => {
    fc.assert(fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: 1e-6, max: 1e9, noNaN: true }), fc.integer({ min: 2, max: 12 }), (lower, span, count) => {
      const upper = lower + span
      fc.pre(upper > lower && span > 1e-9 * Math.abs(lower))
      const ticks = linearTicks(lower, upper, count)
      expect(ticks.length).toBeLessThanOrEqual(1.6 * count + 1)
      expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(0.6 * count))
      for (const tick of ticks) {
        expect(tick).toBeGreaterThanOrEqual(lower - 1e-5 * span)
        expect(tick).toBeLessThanOrEqual(upper + 1e-5 * span)
      }
    }))
  })
  it('survive empty and infinite ranges', () => {
    expect(linearTicks(2, 2, 5)).toEqual([2])
    expect(linearTicks(NaN, 1, 5)).toEqual([])
    expect(niceStep(0, 5)).toBe(1)
  })
})

describe('logarithmic ticks', () => {
  it('are powers of ten, thinned', () => {
    expect(logTicks(1e-3, 1, 5)).toEqual([1e-3, 1e-2, 1e-1, 1])
    expect(logTicks(1e-12, 1, 5).length).toBeLessThanOrEqual(5)
  })
  it('fall back to 1–2–5 within one decade', () => {
    expect(logTicks(1.5, 8, 5)).toEqual([2, 5])
  })
  it('mirror about zero on a symmetric-log axis', () => {
    const ticks = symmetricLogTicks(-100, 100, 1, 8)
    expect(ticks).toContain(0)
    expect(ticks.map(v => -v).reverse().map(v => v + 0)).toEqual(ticks)
  })
})

describe('labels', () => {
  it('share their decimals and use a true minus sign', () => {
    expect(tickLabels([-1, -0.5, 0, 0.5, 1])).toEqual(['−1.0', '−0.5', '0', '0.5', '1.0'])
    expect(tickLabels([0, 0.25, 0.5])).toEqual(['0', '0.25', '0.50'])
  })
  it('turn scientific outside 0.001 … 99999', () => {
    expect(tickLabels([0, 2e-4, 4e-4])).toEqual(['0', '2×10⁻⁴', '4×10⁻⁴'])
    expect(tickLabels([0, 5e-6, 1e-5])).toEqual(['0', '5×10⁻⁶', '10×10⁻⁶'])
    expect(tickLabels([-1e6, 0, 1e6])).toEqual(['−10⁶', '0', '10⁶'])
  })
  it('write powers on logarithmic axes', () => {
    expect(logTickLabels([1e-4, 1e-2, 1, 100])).toEqual(['10⁻⁴', '0.01', '1', '100'])
  })
  it('give values to read', () => {
    expect(formatValue(-0.123456)).toBe('−0.12346')
    expect(formatValue(1.5e-7)).toBe('1.5×10⁻⁷')
    expect(formatValue(-1e-9)).toBe('−10⁻⁹')
    expect(formatValue(100)).toBe('100')
    expect(formatValue(NaN)).toBe('no value')
  })
})
