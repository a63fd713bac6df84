import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clippedCut, cutAbscissa, snapped } from './line-cut'
import { fromPixelX, fromPixelY, plotFrame, toPixelX, toPixelY } from './plot-frame'

describe('line cut', () => {
  it('snaps to the axes and diagonals of the screen', () => {
    expect(snapped([0, 0], [1, 0.1], [1, 1])).toEqual([1, 0])
    expect(snapped([0, 0], [0.1, -2], [1, 1])).toEqual([0, -2])
    const [x, y] = snapped([0, 0], [1, 0.9], [100, 200])
    expect(100 * x).toBeCloseTo(200 * y, 9)
  })
  it('is clipped to the domain', () => {
    expect(clippedCut({ from: [-1, 0.5], to: [2, 0.5] }, [0, 1], [0, 1])).toEqual({ from: [0, 0.5], to: [1, 0.5] })
    expect(clippedCut({ from: [-1, 2], to: [2, 2] }, [0, 1], [0, 1])).toBeUndefined()
    expect(clippedCut({ from: [0.5, 0.5], to: [0.5, 0.5] }, [0, 1], [0, 1])).toBeUndefined()
  })
  it('stays inside the box and on the segment', () => {
    const coordinate = fc.double({ min: -3, max: 3, noNaN: true })
    fc.assert(fc.property(coordinate, coordinate, coordinate, coordinate, (a, b, c, d) => {
      const cut = clippedCut({ from: [a, b], to: [c, d] }, [0, 1], [0, 2])
      if (!cut) return
      for (const [x, y] of [cut.from, cut.to]) {
        expect(x >= 0 && x <= 1 && y >= 0 && y <= 2).toBe(true)
        expect(Math.abs((x - a) * (d - b) - (y - b) * (c - a))).toBeLessThan(1e-9)
      }
    }))
  })
  it('names its abscissa', () => {
    expect(cutAbscissa({ from: [0, 1], to: [2, 1] })).toBe('first')
    expect(cutAbscissa({ from: [0, 1], to: [0, 2] })).toBe('second')
    expect(cutAbscissa({ from: [0, 1], to: [1, 2] })).toBe('distance')
  })
})

describe('plot frame', () => {
  it('maps there and back, linear and logarithmic', () => {
    const frame = plotFrame(400, 300, { left: 50, right: 10, top: 10, bottom: 30 }, { x: [1, 1000], y: [-2, 2] }, { xScale: 'log' })
    expect(fromPixelX(frame, toPixelX(frame, 37))).toBeCloseTo(37, 9)
    expect(fromPixelY(frame, toPixelY(frame, -1.5))).toBeCloseTo(-1.5, 9)
    expect(toPixelX(frame, 1)).toBe(50)
    expect(toPixelY(frame, 2)).toBe(10)
  })
  it('gives both axes the same unit where asked', () => {
    const { area } = plotFrame(500, 300, { left: 40, right: 20, top: 10, bottom: 30 }, { x: [0, 2], y: [0, 1] }, { equalAspect: true })
    expect(area.width / area.height).toBeCloseTo(2, 1)
    expect(area.left).toBeGreaterThanOrEqual(40)
    expect(area.left + area.width).toBeLessThanOrEqual(480)
  })
})
