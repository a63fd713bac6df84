import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contourLines } from './contours'
import type { Plane, SliceAxis } from './slices'

const axis = (name: 'x' | 'y', coordinates: readonly number[]): SliceAxis => ({ name, lower: coordinates[0], upper: coordinates[coordinates.length - 1], coordinates: Float64Array.from(coordinates) })

function plane(xs: readonly number[], ys: readonly number[], f: (x: number, y: number) => number): Plane {
  return { horizontal: axis('x', xs), vertical: axis('y', ys), values: Float64Array.from({ length: xs.length * ys.length }, (_, k) => f(xs[k % xs.length], ys[Math.floor(k / xs.length)])) }
}

const range = (n: number, lower: number, upper: number): number[] => Array.from({ length: n }, (_, i) => lower + ((upper - lower) * i) / (n - 1))

describe('contour lines', () => {
  it('of an affine function are exactly its level line, from wall to wall, on uneven nodes', () => {
    const [first, ...others] = contourLines(plane([0, 0.1, 0.35, 0.4, 1], [0, 0.5, 0.6, 1], (x, y) => x + 2 * y), 1.3)
    expect(others).toEqual([])
    for (const [x, y] of first) expect(x + 2 * y).toBeCloseTo(1.3, 12)
    const ends = [first[0], first[first.length - 1]].sort((a, b) => a[0] - b[0])
    expect(ends[0][0]).toBe(0)
    expect(ends[0][1]).toBeCloseTo(0.65, 12)
    expect(ends[1]).toEqual([1, expect.closeTo(0.15, 12)])
  })

  it('of x² + y² are one closed circle, in error by h² and not by half a cell', () => {
    const radius = 0.6
    const worst = [17, 33, 65].map(n => {
      const lines = contourLines(plane(range(n, -1, 1), range(n, -1, 1), (x, y) => x * x + y * y), radius * radius)
      expect(lines).toHaveLength(1)
      expect(lines[0][0]).toEqual(lines[0][lines[0].length - 1])
      return Math.max(...lines[0].map(([x, y]) => Math.abs(Math.sqrt(x * x + y * y) - radius)))
    })
    expect(worst[2]).toBeLessThan(1e-3)
    expect(worst[0] / worst[2]).toBeGreaterThan(10)
  })

  it('pass through a saddle on the side of its mean', () => {
    const saddle = contourLines(plane([0, 1], [0, 1], (x, y) => (x === y ? 1 : 0)), 0.4)
    expect(saddle).toHaveLength(2)
    // The mean 0.5 lies above: the high corners are joined, each line cuts off a low corner.
    expect(saddle.some(line => line.every(([x, y]) => x >= 0.5 && y <= 0.5))).toBe(true)
  })

  it('stop at cells that are not a number', () => {
    const points = contourLines(plane(range(11, 0, 1), range(11, 0, 1), (x, y) => (Math.abs(x - 0.5) < 0.01 ? NaN : y)), 0.42).flat()
    expect(points.every(([x]) => x <= 0.4 + 1e-12 || x >= 0.6 - 1e-12)).toBe(true)
    expect(points.length).toBeGreaterThan(8)
  })

  it('lie on the bilinear level for any data', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 20, maxLength: 20 }), fc.double({ min: -4.9, max: 4.9, noNaN: true }), (values, level) => {
        const p: Plane = { horizontal: axis('x', [0, 1, 2, 3, 4]), vertical: axis('y', [0, 1, 2, 3]), values: Float64Array.from(values) }
        for (const [x, y] of contourLines(p, level).flat()) {
          const [i, j] = [Math.min(3, Math.floor(x)), Math.min(2, Math.floor(y))]
          const [f, g] = [x - i, y - j]
          const v = (a: number, b: number): number => values[(j + b) * 5 + i + a]
          expect((1 - g) * ((1 - f) * v(0, 0) + f * v(1, 0)) + g * ((1 - f) * v(0, 1) + f * v(1, 1))).toBeCloseTo(level, 9)
        }
      }),
    )
  })
})
