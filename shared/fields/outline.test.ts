import { expect, test } from 'vitest'
import { continued, depthWithin, fitsOutline, isWithin, outlinePath } from './outline'
import type { DomainOutline } from './outline'

const plate: DomainOutline = {
  box: [-1, 1, -1, 1], outer: { points: [[-1, -1], [1, -1], [1, 1], [-1, 1]] },
  holes: [{ center: [0, 0], radius: 0.4 }, { points: [[0.6, 0.6], [0.6, 0.9], [0.9, 0.9]] }],
}

test('points lie in the domain or in a hole of it', () => {
  expect([[0.9, -0.9], [0, 0.39], [0, 0.41], [0.65, 0.85], [1.1, 0]].map(([x, y]) => isWithin(plate, x, y))).toEqual([true, false, true, false, false])
  expect(fitsOutline(plate, [-1, 1], [-1, 1 + 1e-9])).toBe(true)
  expect(fitsOutline(plate, [-1, 1], [-1, 0.9])).toBe(false)
})

test('the depth is the distance to the nearest rim, negative outside', () => {
  expect(depthWithin(plate, 0, 0.5)).toBeCloseTo(0.1, 12)
  expect(depthWithin(plate, 0, 0.1)).toBeCloseTo(-0.3, 12)
  expect(depthWithin(plate, -0.95, -0.5)).toBeCloseTo(0.05, 12)
  expect(depthWithin(plate, 1.3, 1.4)).toBeCloseTo(-0.5, 12)
  expect(depthWithin(plate, 0.62, 0.7)).toBeCloseTo(-0.02, 12)
})

test('a linear function goes on as itself where nodes are missing', () => {
  const n = 21
  const f = (i: number, j: number): number => 0.3 * i - 0.7 * j + 2
  const hole = (i: number, j: number): boolean => Math.hypot(i - 10, j - 10) < 4
  const values = Float64Array.from({ length: n * n }, (_, k) => (hole(k % n, Math.floor(k / n)) ? NaN : f(k % n, Math.floor(k / n))))
  const filled = continued(values, n, n)!
  let layer = 0
  for (let k = 0; k < n * n; k++) {
    if (!Number.isNaN(values[k])) expect(filled[k]).toBe(values[k])
    else if (!Number.isNaN(filled[k])) {
      layer++
      expect(filled[k]).toBeCloseTo(f(k % n, Math.floor(k / n)), 10)
    }
  }
  // Every cell that the circle cuts has its corners now, and the middle of the hole stays empty.
  expect(layer).toBeGreaterThan(30)
  expect(filled[10 * n + 10]).toBeNaN()
  expect(continued(Float64Array.of(1, 2, 3, 4), 2, 2)).toBeUndefined()
})

test('holes run against the outer rim, whatever way their corners were given', () => {
  const area = (path: string): number => {
    const points = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)(?=[LZC])/g)].map(m => [Number(m[1]), Number(m[2])])
    return points.reduce((sum, [x, y], i) => sum + x * points[(i + 1) % points.length][1] - y * points[(i + 1) % points.length][0], 0)
  }
  const [outer, round, corners] = outlinePath(plate, (x, y) => [x, y]).split(/(?<=Z)/)
  expect(Math.sign(area(outer))).toBe(1)
  expect(Math.sign(area(round))).toBe(-1)
  expect(Math.sign(area(corners))).toBe(-1)
})
