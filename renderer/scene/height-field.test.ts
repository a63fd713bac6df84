import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fittedScale } from '../charts/value-scale'
import { defaultCamera, project, projectorOf, rayOf } from './camera'
import { boxOf, boxPoint, heightOf, missingNode, pickSurface, surfaceIndices, surfaceNodes } from './height-field'
import type { HeightField } from './height-field'

const n = 65
const axis = Float64Array.from({ length: n }, (_, i) => i / (n - 1))
const hill = (x: number, y: number): number => Math.sin(Math.PI * x) * Math.sin(Math.PI * y)
const field: HeightField = {
  picture: { x: axis, y: axis, values: Float32Array.from({ length: n * n }, (_, k) => hill(axis[k % n], axis[Math.floor(k / n)])) },
  scale: fittedScale(0, 1, 'magnitude'), domain: { x: [0, 1], y: [0, 1] },
}

describe('height field', () => {
  it('has a floor with the proportions of its domain, within reason', () => {
    expect(boxOf({ domain: { x: [0, 2], y: [0, 1] } }, true, 1).slice(0, 2)).toEqual([0.5, 0.25])
    expect(boxOf({ domain: { x: [0, 1], y: [0, 50] } }, true, 1)[0]).toBeCloseTo(0.5 / 3)
    expect(boxOf(field, true, 2)[2]).toBeCloseTo(2 * boxOf(field, true, 1)[2])
  })
  it('is picked where it is seen', () => {
    const box = boxOf(field, true, 1)
    const p = projectorOf(defaultCamera, box, 640, 480)
    fc.assert(fc.property(fc.double({ min: 0.3, max: 0.6, noNaN: true }), fc.double({ min: 0.05, max: 0.4, noNaN: true }), (x, y) => {
      // The near slope of the hill hides nothing of itself.
      const [px, py] = project(p, boxPoint(field, box, x, y, hill(x, y)))
      const { origin, direction } = rayOf(p, px, py)
      const picked = pickSurface(field, box, origin, direction)!
      expect(picked.x).toBeCloseTo(x, 2)
      expect(picked.y).toBeCloseTo(y, 2)
      expect(picked.value).toBeCloseTo(hill(x, y), 2)
    }))
  })
  it('is not picked beside', () => {
    const box = boxOf(field, true, 1)
    const { origin, direction } = rayOf(projectorOf(defaultCamera, box, 640, 480), 2, 2)
    expect(pickSurface(field, box, origin, direction)).toBeUndefined()
  })
  it('cuts values outside the range off', () => {
    expect(heightOf(field.scale, 7)).toBe(1)
    expect(heightOf(field.scale, -7)).toBe(0)
  })
  it('has two triangles per cell', () => {
    expect([...surfaceIndices(2, 2)]).toEqual([0, 1, 3, 0, 3, 2])
    const indices = surfaceIndices(15, 4)
    const corners = new Set(Array.from({ length: indices.length / 6 }, (_, k) => indices[6 * k]))
    expect(corners.size).toBe(14 * 3)
    expect(Math.max(...indices)).toBe(59)
    expect([...new Set(surfaceIndices(6, 2, 3))].sort((a, b) => a - b)).toEqual([0, 3, 5, 6, 9, 11])
  })
  it('gives the renderer heights and slopes, and says where there is no value', () => {
    const nodes = surfaceNodes(field)
    const at = (i: number, j: number) => nodes.subarray(4 * (j * n + i), 4 * (j * n + i) + 4)
    expect(at(16, 32)[0]).toBeCloseTo(hill(0.25, 0.5), 6)
    expect(at(16, 32)[1]).toBeCloseTo(Math.PI * Math.cos(Math.PI / 4), 2)
    expect(at(16, 32)[2]).toBeCloseTo(0, 6)
    const holed = { ...field, picture: { ...field.picture, values: field.picture.values.map((v, k) => (k === 70 ? NaN : v)) } }
    expect(surfaceNodes(holed)[280]).toBe(missingNode)
    const stretched = surfaceNodes({ ...field, scale: fittedScale(0, 0.1, 'magnitude') })
    expect(stretched[4 * (32 * n + 32)]).toBe(2)
    expect(stretched[4 * (32 * n + 32) + 1]).toBe(0)
  })
})
