import { describe, expect, it } from 'vitest'
import { domainSchema } from '../../../shared/experiment/document'
import { coordinatesFrom, dimensionOf, hasSides, outlineOf, pointsFrom, pointsText, reshaped, shapes } from './shape'
import type { Domain } from './shape'

const box: Domain = { shape: 'box', bounds: [[0, 2], ['0', 'h']], periodic: [true, false], holes: [{ disk: { center: [0.5, 0.5], radius: 0.1 } }] }

describe('domain shapes', () => {
  it('change into each other as valid domains', () => {
    for (const { id } of shapes) expect(domainSchema.safeParse(reshaped(box, id)).success, id).toBe(true)
    expect(reshaped(box, 'disk')).toMatchObject({ holes: box.holes })
    expect(reshaped(box, 'ball')).not.toHaveProperty('holes')
  })
  it('know their coordinates and sides', () => {
    expect([box, { shape: 'ball' } as Domain, { shape: 'box', bounds: [[0, 1]] } as Domain].map(dimensionOf)).toEqual([2, 3, 1])
    expect([box, { shape: 'disk' } as Domain].map(hasSides)).toEqual([true, false])
  })
  it('are drawn once every number is known', () => {
    expect(outlineOf(box, {})).toBeUndefined()
    expect(outlineOf(box, { h: 1 })).toMatchObject({ box: [0, 2, 0, 1], periodic: [true, false], holes: [{ radius: 0.1 }] })
    expect(outlineOf({ shape: 'l-shape' }, {})!.outer).toEqual({ points: [[-1, -1], [0, -1], [0, 0], [1, 0], [1, 1], [-1, 1]] })
  })
  it('read points as they are typed', () => {
    expect(pointsFrom('0,0; 1,0; pi, 1')).toEqual([[0, 0], [1, 0], ['pi', 1]])
    expect(pointsFrom('0,0; 1,0')).toBeUndefined()
    expect(pointsText([[0, 0], ['a', 1]])).toBe('0, 0; a, 1')
    expect(coordinatesFrom('0.5, b', 2)).toEqual([0.5, 'b'])
    expect(coordinatesFrom('0.5', 2)).toBeUndefined()
  })
})
