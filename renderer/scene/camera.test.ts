import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { basisOf, cornersOf, defaultCamera, dot, fromDirection, pannedCamera, project, projectorOf, rayOf, rotated, zoomed } from './camera'
import type { Box, OrbitCamera, Vector } from './camera'

const box: Box = [0.5, 0.4, 0.22]
const angle = fc.double({ min: -7, max: 7, noNaN: true })
const cameras = fc.record({ azimuth: angle, elevation: fc.double({ min: -Math.PI / 2, max: Math.PI / 2, noNaN: true }), projection: fc.constantFrom('perspective' as const, 'parallel' as const) })
  .map((c): OrbitCamera => ({ ...defaultCamera, ...c }))

describe('camera', () => {
  it('has an orthonormal right-handed basis everywhere, straight from above too', () => {
    fc.assert(fc.property(cameras, camera => {
      const { right, up, forward } = basisOf(camera)
      for (const [a, b, value] of [[right, right, 1], [up, up, 1], [forward, forward, 1], [right, up, 0], [up, forward, 0], [right, forward, 0]] as const) expect(dot(a, b)).toBeCloseTo(value, 12)
      const cross: Vector = [right[1] * up[2] - right[2] * up[1], right[2] * up[0] - right[0] * up[2], right[0] * up[1] - right[1] * up[0]]
      expect(dot(cross, forward)).toBeCloseTo(-1, 12)
    }))
  })
  it('shows the whole box at zoom 1 from every azimuth at the usual elevation, for wide and tall panels', () => {
    fc.assert(fc.property(angle, fc.constantFrom([800, 300], [300, 800], [600, 600]), fc.constantFrom('perspective' as const, 'parallel' as const), (azimuth, [width, height], projection) => {
      const p = projectorOf({ ...defaultCamera, azimuth, projection }, box, width, height)
      for (const corner of cornersOf(box)) {
        const [x, y, depth] = project(p, corner)
        expect(depth).toBeGreaterThan(0)
        expect(x > 0 && x < width && y > 0 && y < height).toBe(true)
      }
    }))
  })
  it('sends a ray through a pixel back to the point seen there', () => {
    fc.assert(fc.property(cameras, fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: -0.2, max: 0.2, noNaN: true }), (camera, a, b) => {
      const p = projectorOf(camera, box, 640, 480)
      const [x, y, depth] = project(p, [a, b, b])
      const { origin, direction } = rayOf(p, x, y)
      const s = depth / dot(direction, p.forward)
      expect(origin[0] + s * direction[0]).toBeCloseTo(a, 9)
      expect(origin[2] + s * direction[2]).toBeCloseTo(b, 9)
    }))
  })
  it('moves the target with the pointer', () => {
    const p = projectorOf(defaultCamera, box, 640, 480)
    const panned = pannedCamera(defaultCamera, p, 40, -25)
    const [before, after] = [p, projectorOf(panned, box, 640, 480)].map(view => project(view, [0, 0, 0]))
    expect(after[0] - before[0]).toBeCloseTo(40, 0)
    expect(after[1] - before[1]).toBeCloseTo(-25, 0)
  })
  it('stays above and below its limits', () => {
    expect(rotated(defaultCamera, 0, 1e4, 500).elevation).toBeCloseTo(Math.PI / 2)
    expect(zoomed(defaultCamera, 1e9).zoom).toBe(60)
  })
  it('from above has x to the right and y upward', () => {
    const { right, up } = basisOf(fromDirection(defaultCamera, '+z'))
    expect(right.map(v => Math.round(v) + 0)).toEqual([1, 0, 0])
    expect(up.map(v => Math.round(v) + 0)).toEqual([0, 1, 0])
  })
})
