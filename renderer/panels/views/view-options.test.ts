import { describe, expect, it } from 'vitest'
import { colouringOf, defaultColours, kindOf, readOptions } from './view-options'

const field = (minimum: number, maximum: number) => ({ minimum, maximum, minimumOverall: 2 * minimum, maximumOverall: 2 * maximum })

describe('view options', () => {
  it('keep what has the right type and drop the rest', () => {
    expect(readOptions({ grid: true, contours: 'many', other: 1 }, { grid: false, contours: 8 })).toEqual({ grid: true, contours: 8 })
    expect(readOptions(undefined, { grid: false })).toEqual({ grid: false })
    expect(readOptions([1], { pins: [] as number[] })).toEqual({ pins: [] })
  })
  it('choose map and range by what the field is', () => {
    const signed = colouringOf(field(-0.5, 1), 'u', defaultColours)
    expect(signed.map.id).toBe('diverging')
    expect([signed.scale.lower, signed.scale.upper]).toEqual([-2, 2])
    const magnitude = colouringOf(field(0, 1), 'u', { ...defaultColours, range: 'time' })
    expect(magnitude.map.id).toBe('viridis')
    expect([magnitude.scale.lower, magnitude.scale.upper]).toEqual([0, 1])
    expect(colouringOf(field(0, 1), 'error', defaultColours)).toMatchObject({ kind: 'error', map: { id: 'magma' }, scale: { transform: 'log' } })
  })
  it('centre on zero whenever the map diverges, and on nothing else', () => {
    expect(colouringOf(field(0, 1), 'u', { ...defaultColours, map: 'diverging' }).scale.lower).toBe(-2)
    expect(colouringOf(field(-0.5, 1), 'u', { ...defaultColours, map: 'viridis' }).scale.lower).toBe(-1)
  })
  it('follow the linked map only where it suits', () => {
    expect(colouringOf(field(0, 1), 'u', defaultColours, { colourMap: 'cividis' }).map.id).toBe('cividis')
    expect(colouringOf(field(-1, 1), 'u', defaultColours, { colourMap: 'cividis' }).map.id).toBe('diverging')
  })
  it('let a typed range win', () => {
    expect(colouringOf(field(0, 1), 'u', { ...defaultColours, range: 'typed', lower: 0.2, upper: 0.3 }, { range: [5, 6] }).scale).toMatchObject({ lower: 0.2, upper: 0.3 })
  })
  it('tell errors by name', () => {
    expect(kindOf('error', 0, 1)).toBe('error')
    expect(kindOf('difference', -1, 1)).toBe('signed')
  })
})
