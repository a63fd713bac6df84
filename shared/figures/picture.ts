import type { Colours } from './colour/colours'
import { applySampling, sampleGrid } from '../fields/mesh-raster'
import type { Plane, SliceAxis } from './slices'
import { locate } from './slices'

/**
 * Colours a slice on a picture of columns × rows pixels that covers the domain exactly, edge to edge: pixel i looks at the coordinate of its centre,
 * lower + (i + ½)/columns · (upper − lower). Values, not colours, are interpolated; `cells` gives every node the flat cell up to half-way to its neighbours.
 * Returns rows·columns·3 bytes, the row of the greatest vertical coordinate first.
 */
export function paintPlane({ horizontal, vertical, values, exact }: Plane, columns: number, rows: number, colours: Colours, cells: boolean): Uint8Array {
  if (exact && !cells) return paintMesh(exact, horizontal, vertical, columns, rows, colours)
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
      const triangle = withoutCorner(values[lower + left], values[lower + right], values[upper + left], values[upper + right], f, g)
      const below = blend(values[lower + left], values[lower + right], f)
      const above = blend(values[upper + left], values[upper + right], f)
      colours.paint(triangle ?? blend(below, above, g), rgb, 3 * (row * columns + i))
    }
  }
  return rgb
}

/** The function at the centre of every pixel. */
function paintMesh({ mesh, values }: NonNullable<Plane['exact']>, horizontal: SliceAxis, vertical: SliceAxis, columns: number, rows: number, colours: Colours): Uint8Array {
  const centres = ({ lower, upper }: SliceAxis, pixels: number): Float64Array => Float64Array.from({ length: pixels }, (_, i) => lower + ((i + 0.5) / pixels) * (upper - lower))
  const axes = ([['x', horizontal, columns], ['y', vertical, rows]] as const).map(([name, axis, pixels]) => ({ name, lower: axis.lower, upper: axis.upper, periodic: false, coordinates: centres(axis, pixels) }))
  const sampled = applySampling(sampleGrid(mesh, { axes }), values)
  const rgb = new Uint8Array(3 * columns * rows)
  for (let row = 0; row < rows; row++) for (let i = 0; i < columns; i++) colours.paint(sampled[(rows - 1 - row) * columns + i], rgb, 3 * (row * columns + i))
  return rgb
}

/** Inside a cell with one corner outside the domain: the value on the triangle of the other three (a, b below, c, d above); undefined elsewhere. */
function withoutCorner(a: number, b: number, c: number, d: number, f: number, g: number): number | undefined {
  const missing = [a, b, c, d].filter(v => v !== v).length
  if (missing !== 1) return undefined
  if (d !== d) return f + g <= 1 ? a + f * (b - a) + g * (c - a) : NaN
  if (a !== a) return f + g >= 1 ? d + (1 - f) * (c - d) + (1 - g) * (b - d) : NaN
  if (b !== b) return g >= f ? c + f * (d - c) + (1 - g) * (a - c) : NaN
  return f >= g ? b + (1 - f) * (a - b) + g * (d - b) : NaN
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
