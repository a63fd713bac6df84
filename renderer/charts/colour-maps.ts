import { interpolateCividis, interpolateInferno, interpolateMagma, interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic'
import type { ValueKind } from './value-scale'

/**
 * Colour maps for fields. All sequential maps are perceptually uniform and readable without colour vision; the diverging map is white at zero.
 * viridis, magma, inferno: van der Walt and Smith (2015); cividis: Nuñez, Anderton and Renslow (2018, doi:10.1371/journal.pone.0199239);
 * red–blue: ColorBrewer; phase: the circle of constant lightness and chroma in Oklab (Ottosson 2020).
 */
export interface ColourMap {
  readonly id: string
  readonly name: string
  readonly kind: 'sequential' | 'diverging' | 'cyclic'
  /** sRGB components 0 … 255 at t in [0, 1]. */
  sample(t: number): readonly [number, number, number]
}

const fromCss = (interpolate: (t: number) => string) => (t: number): [number, number, number] => {
  const text = interpolate(t)
  if (text.startsWith('#')) return [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16)) as [number, number, number]
  return text.match(/\d+(\.\d+)?/g)!.slice(0, 3).map(Number) as [number, number, number]
}

/** Oklab (L = 0.72, C = 0.12, hue 2πt) to sRGB; inside the sRGB gamut for every hue. */
function phaseColour(t: number): [number, number, number] {
  const hue = 2 * Math.PI * t
  const a = 0.12 * Math.cos(hue)
  const b = 0.12 * Math.sin(hue)
  const l = (0.72 + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (0.72 - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (0.72 - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s]
  return linear.map(c => {
    const clamped = Math.min(1, Math.max(0, c))
    return Math.round(255 * (clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055))
  }) as [number, number, number]
}

export const colourMaps: readonly ColourMap[] = [
  { id: 'viridis', name: 'viridis', kind: 'sequential', sample: fromCss(interpolateViridis) },
  { id: 'cividis', name: 'cividis', kind: 'sequential', sample: fromCss(interpolateCividis) },
  { id: 'magma', name: 'magma', kind: 'sequential', sample: fromCss(interpolateMagma) },
  { id: 'inferno', name: 'inferno', kind: 'sequential', sample: fromCss(interpolateInferno) },
  { id: 'diverging', name: 'red–blue', kind: 'diverging', sample: t => fromCss(interpolateRdBu)(1 - t) },
  { id: 'phase', name: 'phase', kind: 'cyclic', sample: phaseColour },
]

export const colourMapOf = (id: string): ColourMap => colourMaps.find(map => map.id === id) ?? colourMaps[0]

/** viridis for magnitudes, red–blue for signed fields, magma for errors, phase for angles. */
export function defaultColourMap(kind: ValueKind): string {
  return { magnitude: 'viridis', signed: 'diverging', error: 'magma', phase: 'phase' }[kind]
}

/** A typed choice of map fits a field unless it is sequential on a signed field or diverging on a magnitude. */
export function suits(map: ColourMap, kind: ValueKind): boolean {
  if (kind === 'signed') return map.kind === 'diverging'
  if (kind === 'phase') return map.kind === 'cyclic'
  return map.kind === 'sequential'
}

export interface ColourTable {
  /** RGBA, `size` entries. */
  readonly entries: Uint8Array
  readonly size: number
  readonly below: readonly [number, number, number]
  readonly above: readonly [number, number, number]
  /** What cannot be drawn: neutral grey, in no map. */
  readonly missing: readonly [number, number, number]
}

const tables = new Map<string, ColourTable>()

/** 256 entries and the colours outside: the ends of the map pushed toward black and white, so that clipped values stand out without a new hue. */
export function colourTable(map: ColourMap): ColourTable {
  const known = tables.get(map.id)
  if (known) return known
  const size = 256
  const entries = new Uint8Array(4 * size)
  for (let i = 0; i < size; i++) entries.set([...map.sample(i / (size - 1)), 255], 4 * i)
  const [first, last] = [map.sample(0), map.sample(1)]
  const luminance = (c: readonly number[]): number => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
  const push = (c: readonly [number, number, number], toward: number, weight: number) => c.map(v => Math.round(v + (toward - v) * weight)) as [number, number, number]
  const diverging = map.kind === 'diverging'
  const below = map.kind === 'cyclic' ? first : push(first, diverging || luminance(first) < luminance(last) ? 0 : 255, diverging ? 0.45 : 0.6)
  const above = map.kind === 'cyclic' ? last : push(last, diverging || luminance(last) < luminance(first) ? 0 : 255, diverging ? 0.45 : 0.6)
  const table: ColourTable = { entries, size, below, above, missing: [138, 140, 145] }
  tables.set(map.id, table)
  return table
}

/** RGB at a position of the table: below 0 and above 1 the outside colours, NaN the missing colour. */
export function colourAt(table: ColourTable, position: number): readonly [number, number, number] {
  if (Number.isNaN(position)) return table.missing
  if (position < -1e-6) return table.below
  if (position > 1 + 1e-6) return table.above
  const i = 4 * Math.round(Math.min(1, Math.max(0, position)) * (table.size - 1))
  return [table.entries[i], table.entries[i + 1], table.entries[i + 2]]
}
