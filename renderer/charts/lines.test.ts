import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fittedOrder, slopeTriangle } from './convergence'
import { inkOf, seriesStyle } from './ink'
import { homeWindow, nearestIndex, valueAt } from './line-painter'
import type { Series } from './line-painter'

const series = (x: number[], y: number[], rest: Partial<Series> = {}): Series => ({ id: 's', label: 's', x: Float64Array.from(x), y: Float64Array.from(y), style: seriesStyle(0, inkOf('light')), ...rest })

describe('curves', () => {
  it('show all of their data, gaps left out', () => {
    const home = homeWindow([series([0, 1, 2], [1, NaN, 3])], 'linear', 'linear')
    expect(home.x).toEqual([0, 2])
    expect(home.y[0]).toBeLessThan(1)
    expect(home.y[1]).toBeGreaterThan(3)
  })
  it('on a logarithmic axis show what is positive', () => {
    const home = homeWindow([series([1, 2, 3], [0, 1e-6, 1])], 'linear', 'log')
    expect(home.x).toEqual([2, 3])
    expect(home.y[0]).toBeGreaterThan(0)
    expect(home.y[0]).toBeLessThan(1e-6)
  })
  it('that are constant or empty still have a window', () => {
    expect(homeWindow([series([0, 1], [2, 2])], 'linear', 'linear').y).toEqual([1, 3])
    expect(homeWindow([], 'linear', 'log').y).toEqual([0.1, 10])
  })
  it('have values between their nodes and none outside', () => {
    const line = series([0, 1, 3], [0, 2, 6])
    fc.assert(fc.property(fc.double({ min: 0, max: 3, noNaN: true }), x => {
      expect(valueAt(line, x)).toBeCloseTo(2 * x, 9)
    }))
    expect(valueAt(line, -1)).toBeNaN()
    expect(valueAt(line, 4)).toBeNaN()
    expect(nearestIndex(Float64Array.of(0, 1, 3), 2.2)).toBe(2)
    expect(nearestIndex(Float64Array.of(1, 10, 100), 40, 'log')).toBe(2)
  })
})

describe('orders of convergence', () => {
  const h = [1 / 8, 1 / 16, 1 / 32, 1 / 64, 1 / 128]
  it('are fitted where the asymptotic range is nearest', () => {
    const fit = fittedOrder(h, h.map(v => 3 * v * v * (1 + 5 * v * v)))!
    expect(fit.order).toBeCloseTo(2, 2)
    expect(fit.points).toBe(3)
    expect(fittedOrder(h, h.map(v => 0.7 * v ** 4))).toMatchObject({ order: expect.closeTo(4, 9) })
  })
  it('need two usable points', () => {
    expect(fittedOrder([0.1, 0.05], [0, 1e-3])).toBeUndefined()
    expect(fittedOrder([0.1, 0.05], [4e-3, 1e-3])!.order).toBeCloseTo(2, 9)
  })
  it('are drawn as a triangle of that slope below the curve', () => {
    const errors = h.map(v => 3 * v * v)
    const { left, right } = slopeTriangle(h, errors, 2)!
    expect(Math.log(right[1] / left[1]) / Math.log(right[0] / left[0])).toBeCloseTo(2, 9)
    for (const [x, y] of [left, right]) expect(y).toBeLessThan(3 * x * x)
  })
})

describe('series styles', () => {
  it('differ in colour and in dash', () => {
    for (const theme of ['light', 'dark'] as const) {
      const styles = Array.from({ length: 8 }, (_, i) => seriesStyle(i, inkOf(theme)))
      expect(new Set(styles.map(s => s.colour)).size).toBe(8)
      expect(new Set(styles.map(s => s.dash.join())).size).toBe(8)
    }
  })
})
