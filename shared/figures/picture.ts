import type { Colours } from './colour/colours'
import type { Plane, SliceAxis } from './slices'
import { locate } from './slices'

/**
 * Colours a slice on a picture of columns × rows pixels that covers the domain exactly, edge to edge: pixel i looks at the coordinate of its centre,
 * lower + (i + ½)/columns · (upper − lower). Values, not colours, are interpolated; `cells` gives every node the flat cell up to half-way to its neighbours.
 * Returns rows·columns·3 bytes, the row of the greatest vertical coordinate first.
 */
export function paintPlane({ horizontal, vertical, values }: Plane, columns: number, rows: number, colours: Colours, cells: boolean): Uint8Array {
  const rgb = new Uint8Array(3 * columns * rows)
  const across = pixelPlaces(horizontal, columns, cells)
  const up = pixelPlaces(vertical, rows, cells)
  const n = horizontal.coordinates.length
  const blend = colours.turn === undefined ? mix : turnedMix(colours.turn)
  for (let row = 0; row < rows; row++) {
    const j = rows - 1 - row
    const lower = up.index[j] * n
    const upper = lower + (up.fraction[j] === 0 ? 0 : n)
    const g = up.fraction[j]
    for (let i = 0; i < columns; i++) {
      const left = across.index[i]
      const f = across.fraction[i]
      const right = f === 0 ? left : left + 1
      const below = blend(values[lower + left], values[lower + right], f)
      const above = blend(values[upper + left], values[upper + right], f)
      colours.paint(blend(below, above, g), rgb, 3 * (row * columns + i))
    }
  }
  return rgb
}

/** Exact at the ends, so that a cell that is not a number does not spread to where its weight is zero. */
const mix = (a: number, b: number, f: number): number => (f === 0 ? a : f === 1 ? b : a + (b - a) * f)

/** Along the shorter way around. */
const turnedMix = (turn: number) => (a: number, b: number, f: number): number => {
  const value = mix(a, b - turn * Math.round((b - a) / turn), f)
  return value - turn * Math.round(value / turn)
}

interface Places {
  readonly index: Int32Array
  readonly fraction: Float64Array
}

function pixelPlaces({ lower, upper, coordinates }: SliceAxis, pixels: number, cells: boolean): Places {
  const index = new Int32Array(pixels)
  const fraction = new Float64Array(pixels)
  for (let i = 0; i < pixels; i++) {
    const place = locate(coordinates, lower + ((i + 0.5) / pixels) * (upper - lower))
    const nearest = place.fraction < 0.5 ? 0 : 1
    index[i] = cells ? place.index + nearest : place.index
    fraction[i] = cells ? 0 : place.fraction
  }
  return { index, fraction }
}
