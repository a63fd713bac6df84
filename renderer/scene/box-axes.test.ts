import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxAxes } from './box-axes'
import type { AxisTicks } from './box-axes'
import { defaultCamera, fromDirection, projectorOf } from './camera'
import type { Box } from './camera'

const box: Box = [0.5, 0.5, 0.21]
const ticks = (symbol: string, count = 6): AxisTicks => ({ symbol, positions: Array.from({ length: count }, (_, i) => i / (count - 1)), labels: Array.from({ length: count }, (_, i) => (i / (count - 1)).toFixed(1)) })
const all = [ticks('x'), ticks('y'), ticks('u', 5)] as const
const measure = (text: string): number => 6.5 * text.length

describe('axes of the box', () => {
  it('never let two texts touch, from wherever one looks', () => {
    fc.assert(fc.property(fc.double({ min: -7, max: 7, noNaN: true }), fc.double({ min: -1.57, max: 1.57, noNaN: true }), fc.constantFrom('perspective' as const, 'parallel' as const), (azimuth, elevation, projection) => {
      const { labels } = boxAxes(box, projectorOf({ ...defaultCamera, azimuth, elevation, projection }, box, 640, 480), [...all], measure, 14)
      const rectangles = labels.map(l => {
        const left = l.align === 'center' ? l.x - measure(l.text) / 2 : l.align === 'left' ? l.x : l.x - measure(l.text)
        return { left, right: left + measure(l.text), top: l.y - 7, bottom: l.y + 7 }
      })
      rectangles.forEach((a, i) => rectangles.slice(i + 1).forEach(b => expect(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).toBe(false)))
    }))
  })
  it('name all three axes in the usual view', () => {
    const { labels } = boxAxes(box, projectorOf(defaultCamera, box, 640, 480), [...all], measure, 14)
    expect(labels.filter(l => l.kind === 'symbol').map(l => l.text)).toEqual(['x', 'y', 'u'])
    expect(labels.filter(l => l.kind === 'value').length).toBeGreaterThan(12)
  })
  it('drop the axis that is seen end on', () => {
    const { labels } = boxAxes(box, projectorOf({ ...fromDirection(defaultCamera, '+z'), projection: 'parallel' }, box, 640, 480), [...all], measure, 14)
    expect(labels.some(l => l.text === 'u')).toBe(false)
    expect(labels.some(l => l.text === 'x')).toBe(true)
  })
  it('put the floor under the surface, and above it for a look from below', () => {
    const heights = (elevation: number) => boxAxes(box, projectorOf({ ...defaultCamera, elevation }, box, 640, 480), [...all], measure, 14).edges.slice(0, 8).map(v => v[2])
    expect(new Set(heights(0.5))).toEqual(new Set([-0.21]))
    expect(new Set(heights(-0.5))).toEqual(new Set([0.21]))
  })
})
