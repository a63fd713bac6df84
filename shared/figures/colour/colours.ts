import type { ColourMapName, ColourScaleOptions } from '../specification'
import { decade, powerOfTen } from '../decimal'
import type { Scale } from '../scales'
import { createScale, defaultThreshold, extent } from '../scales'
import type { ColourTable } from './maps'
import { colourTable, parseColour } from './maps'

/** From values to colours. */
export interface Colours {
  readonly map: ColourMapName
  readonly scale: Scale
  /** Values at the ends of the table. */
  readonly range: readonly [number, number]
  /** Length of a full turn, when values are angles: then 3.1 and −3.1 are neighbours. */
  readonly turn?: number
  /** Writes three bytes. */
  paint(value: number, out: Uint8Array, offset: number): void
  /** Colour at 0 … 1 of the bar. */
  at(position: number, out: Uint8Array, offset: number): void
}

/** A field counts as signed when both signs reach a twentieth of its greatest magnitude: rounding below zero does not make it one. */
export function isSigned(least: number, greatest: number): boolean {
  return least < 0 && greatest > 0 && Math.min(-least, greatest) >= 0.05 * Math.max(-least, greatest)
}

/** Colours for values between `least` and `greatest` of the data (undefined: nothing finite there). */
export function makeColours(options: ColourScaleOptions, data: readonly [number, number] | undefined): Colours {
  const [least, greatest] = data ?? [0, 1]
  const scaleName = options.scale ?? 'linear'
  const signed = scaleName !== 'log' && isSigned(least, greatest)
  const map = options.map ?? (signed ? 'diverging' : 'viridis')
  const range = options.range ?? defaultRange(map, scaleName, least, greatest)
  const threshold = options.threshold ?? defaultThreshold(Math.max(Math.abs(range[0]), Math.abs(range[1])))
  const scale = createScale(scaleName, range[0], range[1], threshold)
  const table = colourTable(map)
  const missing = parseColour(options.missing)
  const below = options.below ? parseColour(options.below) : undefined
  const above = options.above ? parseColour(options.above) : undefined
  return {
    map, scale, range, ...(table.cyclic ? { turn: 2 * Math.PI } : {}),
    paint(value, out, offset) {
      if (!(value === value)) return void out.set(missing, offset)
      const p = scaleName === 'log' && value <= 0 ? -1 : scale.position(value)
      if (p < 0 && below) out.set(below, offset)
      else if (p > 1 && above) out.set(above, offset)
      else lookUp(table, p, out, offset)
    },
    at: (position, out, offset) => lookUp(table, position, out, offset),
  }
}

function defaultRange(map: ColourMapName, scale: string, least: number, greatest: number): readonly [number, number] {
  if (map === 'diverging') {
    if (scale === 'log') return [least, greatest]
    const greatestMagnitude = Math.max(Math.abs(least), Math.abs(greatest))
    const reach = greatestMagnitude > 0 ? roundEnd(greatestMagnitude, 2 * greatestMagnitude) : 1
    return [-reach, reach]
  }
  if (map === 'phase') return [-Math.PI, Math.PI]
  if (least < greatest) return scale === 'linear' ? [0 - roundEnd(-least, greatest - least), roundEnd(greatest, greatest - least)] : [least, greatest]
  // A constant field: an interval around it, so that it has a colour and an axis.
  const half = Math.abs(least) * 0.5 || 0.5
  return scale === 'log' ? [least / 2, least * 2] : [least - half, least + half]
}

/** The tenth of the span's decade next above, when that is within a hundredth of the span: 0.998 of 1 gets its tick at 1. */
function roundEnd(end: number, span: number): number {
  const k = decade(span) - 1
  const round = k < 0 ? Math.ceil(end * powerOfTen(-k) - 1e-9) / powerOfTen(-k) : Math.ceil(end / powerOfTen(k) - 1e-9) * powerOfTen(k)
  return round - end <= 0.01 * span ? round + 0 : end
}

/** Linear interpolation in the table. */
function lookUp({ size, rgb }: ColourTable, position: number, out: Uint8Array, offset: number): void {
  const u = Math.min(1, Math.max(0, position)) * (size - 1)
  const i = Math.min(size - 2, Math.floor(u))
  const f = u - i
  for (let c = 0; c < 3; c++) out[offset + c] = Math.round(rgb[3 * i + c] * (1 - f) + rgb[3 * i + 3 + c] * f)
}

/** Range of several sets of values, as the colour scale needs it (positive values only for a log scale). */
export function joinedExtent(sets: readonly Iterable<number>[], positiveOnly: boolean): readonly [number, number] | undefined {
  const ends = sets.map(set => extent(set, positiveOnly)).filter(e => e !== undefined)
  return ends.length === 0 ? undefined : [Math.min(...ends.map(e => e[0])), Math.max(...ends.map(e => e[1]))]
}
