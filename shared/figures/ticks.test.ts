import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decade, fixed, log10, minus } from './decimal'
import { createScale, scaleBetween } from './scales'
import { labelText } from './text/label'
import { contourLevels, linearTicks, makeTicks } from './ticks'

const texts = (set: ReturnType<typeof makeTicks>): string[] => set.ticks.map(t => t.label.map(s => ('script' in s && s.script ? `^${labelText([s])}` : labelText([s]))).join(''))

describe('decimal arithmetic', () => {
  it('agrees with the platform logarithm and is exact at powers of ten', () => {
    fc.assert(fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), x => Math.abs(log10(x) - Math.log10(x)) <= 4e-15 * Math.max(1, Math.abs(Math.log10(x)))))
    for (let k = -300; k <= 300; k += 25) {
      expect(log10(Number(`1e${k}`))).toBe(k)
      expect(decade(Number(`1e${k}`))).toBe(k)
    }
    expect(log10(0)).toBe(-Infinity)
    expect(log10(-1)).toBeNaN()
  })
  it('writes a real minus sign and never minus zero', () => {
    expect(fixed(-1.5, 1)).toBe(`${minus}1.5`)
    expect(fixed(-0.0001, 2)).toBe('0.00')
  })
})

describe('linear ticks', () => {
  it('are multiples of 1, 2 or 5, inside the axis, evenly spaced', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 3, max: 8 }), (lower, span, wanted) => {
        const ticks = linearTicks(lower, lower + span, wanted)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(wanted + 3)
        const step = ticks[1] - ticks[0]
        const mantissa = step / Number(`1e${decade(step * (1 + 1e-6))}`)
        expect([1, 2, 5].some(m => Math.abs(mantissa - m) < 1e-4)).toBe(true)
        ticks.forEach(t => expect(t >= lower - 1e-9 * span && t <= lower + span * (1 + 1e-9)).toBe(true))
      }),
    )
  })
  it('are the decimals that they say', () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(linearTicks(-1, 1, 5)).toEqual([-1, -0.5, 0, 0.5, 1])
    expect(texts(makeTicks(createScale('linear', -1, 1), 5))).toEqual(['−1.0', '−0.5', '0.0', '0.5', '1.0'])
  })
  it('take large and small magnitudes into a common factor', () => {
    const small = makeTicks(createScale('linear', -2e-4, 2e-4), 5)
    expect(texts(small)).toEqual(['−2', '−1', '0', '1', '2'])
    expect(labelText(small.factor!)).toBe('×10−4')
    expect(makeTicks(createScale('linear', 0, 1), 5).factor).toBeUndefined()
  })
})

describe('logarithmic ticks', () => {
  it('are decades as powers of ten, thinned when there are many', () => {
    expect(texts(makeTicks(createScale('log', 1e-3, 1e1), 6))).toEqual(['10^−3', '10^−2', '10^−1', '10^0', '10^1'])
    expect(texts(makeTicks(createScale('log', 1e-12, 1), 5))).toEqual(['10^−12', '10^−9', '10^−6', '10^−3', '10^0'])
  })
  it('are 1–2–5 multiples where hardly a decade fits', () => {
    expect(texts(makeTicks(createScale('log', 0.02, 0.3), 5))).toEqual(['0.02', '0.05', '0.1', '0.2'])
    expect(texts(makeTicks(createScale('log', 0.002, 0.03), 5))).toEqual(['2×10^−3', '5×10^−3', '10^−2', '2×10^−2'])
  })
  it('always label at least two places', () => {
    fc.assert(fc.property(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: 0.02, max: 12, noNaN: true }), (from, width) => makeTicks(scaleBetween('log', from, from + width), 5).ticks.length >= 2))
  })
  it('have no place for zero and below', () => {
    const scale = createScale('log', 0.1, 10)
    expect(scale.position(0)).toBeNaN()
    expect(scale.position(-1)).toBeNaN()
  })
})

it('symlog is odd, continuous at its threshold, and labels both signs', () => {
  const scale = createScale('symlog', -100, 100, 1)
  expect(scale.position(0)).toBe(0.5)
  expect(scale.position(-37)).toBeCloseTo(1 - scale.position(37), 12)
  expect(scale.position(1 + 1e-9)).toBeCloseTo(scale.position(1), 8)
  expect(texts(makeTicks(scale, 7))).toEqual(['0', '−10^2', '10^2', '−10^1', '10^1', '−10^0', '10^0'])
})

it('contour levels lie strictly inside and are about as many as wanted', () => {
  expect(contourLevels(0, 1, 8)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  expect(contourLevels(-1, 1, 3)).toEqual([-0.5, 0, 0.5])
})
