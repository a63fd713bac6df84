import { colourTable as figureTable } from '../../shared/figures/colour/maps'
import type { ValueKind } from './value-scale'

/** Colour maps on screen: the tables of the figures, so that a view and the figure made from it have the same colours. */
export interface ColourMap {
  readonly id: 'viridis' | 'cividis' | 'magma' | 'inferno' | 'diverging' | 'phase'
  readonly name: string
  readonly kind: 'sequential' | 'diverging' | 'cyclic'
}

export const colourMaps: readonly ColourMap[] = [
  { id: 'viridis', name: 'viridis', kind: 'sequential' },
  { id: 'cividis', name: 'cividis', kind: 'sequential' },
  { id: 'magma', name: 'magma', kind: 'sequential' },
  { id: 'inferno', name: 'inferno', kind: 'sequential' },
  { id: 'diverging', name: 'red–blue', kind: 'diverging' },
  { id: 'phase', name: 'phase', kind: 'cyclic' },
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

/** The table and the colours outside it: the ends of the map pushed toward black and white, so that clipped values stand out without a new hue. */
export function colourTable(map: ColourMap): ColourTable {
  const known = tables.get(map.id)
  if (known) return known
  const { size, rgb } = figureTable(map.id)
  const entries = new Uint8Array(4 * size).fill(255)
  const entry = (i: number): [number, number, number] => [rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]]
  for (let i = 0; i < size; i++) entries.set(entry(i), 4 * i)
  const [first, last] = [entry(0), entry(size - 1)]
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
