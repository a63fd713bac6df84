import { describe, expect, it } from 'vitest'
import { colourAt, colourMapOf, colourMaps, colourTable, defaultColourMap, suits } from './colour-maps'

/** CIE lightness L* of an sRGB colour. */
function lightness(rgb: readonly number[]): number {
  const linear = rgb.map(v => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4))
  const y = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  return y > 0.008856 ? 116 * y ** (1 / 3) - 16 : 903.3 * y
}

const sample = (id: string, t: number) => colourAt(colourTable(colourMapOf(id)), t)

describe('colour maps', () => {
  it('start and end where the published tables do', () => {
    expect(sample('viridis', 0)).toEqual([68, 1, 84])
    expect(sample('viridis', 1)).toEqual([253, 231, 37])
    expect(sample('magma', 0)).toEqual([0, 0, 4])
    expect(sample('inferno', 1)).toEqual([252, 255, 164])
  })
  it('sequential maps grow lighter all the way', () => {
    for (const map of colourMaps.filter(m => m.kind === 'sequential')) {
      const values = Array.from({ length: 65 }, (_, i) => lightness(sample(map.id, i / 64)))
      for (let i = 1; i < values.length; i++) expect(values[i], `${map.id} at ${i}`).toBeGreaterThan(values[i - 1] - 0.6)
      expect(values.at(-1)! - values[0]).toBeGreaterThan(60)
    }
  })
  it('the diverging map is lightest in the middle, blue below and red above', () => {
    const colour = (t: number) => sample('diverging', t)
    for (const t of [0, 0.2, 0.4, 0.45, 0.55, 0.6, 0.8, 1]) expect(lightness(colour(0.5))).toBeGreaterThan(lightness(colour(t)))
    expect(lightness(colour(0.5))).toBeGreaterThan(90)
    expect(colour(0.1)[2]).toBeGreaterThan(colour(0.1)[0])
    expect(colour(0.9)[0]).toBeGreaterThan(colour(0.9)[2])
  })
  it('the cyclic map closes', () => {
    sample('phase', 0).forEach((c, k) => expect(Math.abs(c - sample('phase', 1)[k])).toBeLessThanOrEqual(3))
  })
  it('every kind of value has a map that suits it', () => {
    for (const kind of ['magnitude', 'signed', 'error', 'phase'] as const) expect(suits(colourMapOf(defaultColourMap(kind)), kind)).toBe(true)
  })
  it('tells values outside the range and missing ones from those inside', () => {
    for (const map of colourMaps) {
      const table = colourTable(map)
      expect(colourAt(table, NaN)).toEqual(table.missing)
      if (map.kind === 'cyclic') continue
      expect(colourAt(table, -0.1)).not.toEqual(colourAt(table, 0))
      expect(colourAt(table, 1.1)).not.toEqual(colourAt(table, 1))
    }
  })
})
