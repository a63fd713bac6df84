import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contourLevels, contourLines } from './contours'
import type { Picture } from './picture'
import { fittedScale } from './value-scale'

function picture(n: number, f: (x: number, y: number) => number, [lower, upper] = [-1, 1]): Picture {
  const axis = Float64Array.from({ length: n }, (_, i) => lower + ((upper - lower) * i) / (n - 1))
  return { x: axis, y: axis, values: Float32Array.from({ length: n * n }, (_, k) => f(axis[k % n], axis[Math.floor(k / n)])) }
}

describe('contour lines', () => {
  it('of x² + y² are one closed circle whose radius is second-order accurate', () => {
    const errors = [41, 81].map(n => {
      const lines = contourLines(picture(n, (x, y) => x * x + y * y), 0.5)
      expect(lines).toHaveLength(1)
      const { points } = lines[0]
      expect([points[0], points[1]]).toEqual([points.at(-2), points.at(-1)])
      let error = 0
      for (let k = 0; k < points.length; k += 2) error = Math.max(error, Math.abs(Math.hypot(points[k], points[k + 1]) - Math.SQRT1_2))
      return error
    })
    expect(errors[0]).toBeLessThan(1e-3)
    expect(errors[0] / errors[1]).toBeGreaterThan(3)
  })
  it('of a plane are one straight line from side to side', () => {
    const lines = contourLines(picture(9, (x, y) => x + 0.1 * y), 0.03)
    expect(lines).toHaveLength(1)
    for (let k = 0; k < lines[0].points.length; k += 2) expect(lines[0].points[k] + 0.1 * lines[0].points[k + 1]).toBeCloseTo(0.03, 6)
    expect([lines[0].points[1], lines[0].points.at(-1)].sort()).toEqual([-1, 1])
  })
  it('leave out cells with a missing corner', () => {
    expect(contourLines(picture(3, (x, y) => (x === 0 && y === 0 ? NaN : x)), 0.5)).toHaveLength(0)
  })
  it('separate the two halves of a saddle', () => {
    expect(contourLines(picture(10, (x, y) => x * y), 0.2)).toHaveLength(2)
  })
  it('use every crossed edge exactly once, whatever the values', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 49, maxLength: 49 }), values => {
      const axis = Float64Array.from({ length: 7 }, (_, i) => i)
      const lines = contourLines({ x: axis, y: axis, values: Float32Array.from(values) }, 1.5)
      let crossed = 0
      for (let j = 0; j < 7; j++) for (let i = 0; i < 7; i++) {
        const v = values[7 * j + i] >= 1.5
        if (i < 6 && v !== values[7 * j + i + 1] >= 1.5) crossed++
        if (j < 6 && v !== values[7 * j + 7 + i] >= 1.5) crossed++
      }
      const visited = lines.reduce((sum, { points }) => sum + points.length / 2 - (points.length > 2 && points[0] === points.at(-2) && points[1] === points.at(-1) ? 1 : 0), 0)
      expect(visited).toBe(crossed)
    }))
  })
  it('are taken at round levels inside the range', () => {
    expect(contourLevels(fittedScale(0, 1, 'magnitude'), 4)).toEqual([0.2, 0.4, 0.6, 0.8])
    expect(contourLevels(fittedScale(-1, 1, 'signed'), 10)).toContain(0)
    expect(contourLevels(fittedScale(0, 1, 'magnitude'), 0)).toEqual([])
  })
})
