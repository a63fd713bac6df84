import { expect, test } from 'vitest'
import { LiveCurve, LiveCurves } from './live-curves'

test('a short curve keeps every point', () => {
  const curve = new LiveCurve()
  const values = [1, 0.1, 0.3, 0.01, 0.001]
  values.forEach((v, i) => curve.append(i, v))
  expect([...curve.points().x]).toEqual([0, 1, 2, 3, 4])
  expect([...curve.points().values]).toEqual(values)
})

test('a long curve keeps its ends, its peaks and its order in bounded memory, evenly spread', () => {
  const curve = new LiveCurve()
  const count = 1_000_003
  for (let i = 0; i < count; i++) curve.append(i, i === 77_777 ? 1e6 : i === 500_001 ? -5 : 1 + ((i * 7919) % 101) / 101)
  const { x, values } = curve.points()
  expect(x.length).toBeGreaterThan(2000)
  expect(x.length).toBeLessThanOrEqual(8195)
  expect(x.every((at, i) => i === 0 || at > x[i - 1])).toBe(true)
  expect(x[x.length - 1]).toBe(count - 1)
  expect(values[x.indexOf(77_777)]).toBe(1e6)
  expect(values[x.indexOf(500_001)]).toBe(-5)
  const inFirstHalf = x.filter(at => at < count / 2).length
  expect(inFirstHalf / x.length).toBeGreaterThan(0.4)
  expect(inFirstHalf / x.length).toBeLessThan(0.6)
})

test('a step back in x starts the curve anew', () => {
  const curve = new LiveCurve()
  for (const x of [0, 1, 2, 0, 1]) curve.append(x, 10 * x)
  expect([...curve.points().x]).toEqual([0, 1])
})

test('a value that is no number stays in sight', () => {
  const curve = new LiveCurve()
  for (let i = 0; i < 50_000; i++) curve.append(i, i === 20_000 ? NaN : 1)
  expect(curve.points().values.some(Number.isNaN)).toBe(true)
})

test('pieces of several curves go where they belong', () => {
  const curves = new LiveCurves()
  curves.append([{ name: 'loss', x: Float64Array.of(0, 1), values: Float64Array.of(4, 2) }])
  curves.append([{ name: 'error', x: Float64Array.of(1), values: Float64Array.of(0.5) }, { name: 'loss', x: Float64Array.of(2), values: Float64Array.of(1) }])
  expect(curves.pieces().map(({ name, values }) => [name, [...values]])).toEqual([['loss', [4, 2, 1]], ['error', [0.5]]])
})
