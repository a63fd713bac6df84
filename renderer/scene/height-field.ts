import { fractionalIndex, sampleIndices } from '../charts/picture'
import type { Picture } from '../charts/picture'
import { normalise } from '../charts/value-scale'
import type { ValueScale } from '../charts/value-scale'
import type { Box, Vector } from './camera'

/** A field as a landscape in a box: x and y along the floor, the value's position on its scale as height. */
export interface HeightField {
  readonly picture: Picture
  readonly scale: ValueScale
  /** Extent of the floor, which may reach beyond the picture (a run that is still growing). */
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] }
}

const baseHeight = 0.42
const extremeAspect = 3

/** The longer side of the floor is 1 long; equal units on both axes of a space domain, unless one is a sliver. */
export function boxOf({ domain }: Pick<HeightField, 'domain'>, equalUnits: boolean, exaggeration: number): Box {
  const aspect = (domain.x[1] - domain.x[0]) / (domain.y[1] - domain.y[0])
  const shown = equalUnits ? Math.min(extremeAspect, Math.max(1 / extremeAspect, aspect)) : 1.35
  return [shown >= 1 ? 0.5 : 0.5 * shown, shown >= 1 ? 0.5 / shown : 0.5, (baseHeight / 2) * exaggeration]
}

/** Height 0 … 1; values outside the range are cut off flat. */
export const heightOf = (scale: ValueScale, value: number): number => Math.min(1, Math.max(0, normalise(scale, value)))

const between = (v: number, [lower, upper]: readonly [number, number], half: number): number => ((v - lower) / (upper - lower)) * 2 * half - half

export function boxPoint(field: HeightField, box: Box, x: number, y: number, value: number): Vector {
  return [between(x, field.domain.x, box[0]), between(y, field.domain.y, box[1]), (heightOf(field.scale, value) * 2 - 1) * box[2]]
}

export interface SurfacePick { readonly x: number; readonly y: number; readonly value: number }

/** Where a ray first meets the surface: marched in steps of about half a cell through the box, then bisected. */
export function pickSurface(field: HeightField, box: Box, origin: Vector, direction: Vector): SurfacePick | undefined {
  let from = 0
  let to = Infinity
  for (const axis of [0, 1, 2] as const) {
    const half = box[axis] + (axis === 2 ? 1e-6 : 0)
    if (direction[axis] === 0) {
      if (Math.abs(origin[axis]) > half) return undefined
      continue
    }
    const a = (-half - origin[axis]) / direction[axis]
    const b = (half - origin[axis]) / direction[axis]
    from = Math.max(from, Math.min(a, b))
    to = Math.min(to, Math.max(a, b))
  }
  if (!(to > from)) return undefined
  const { picture, domain, scale } = field
  const place = (s: number): SurfacePick => {
    const x = domain.x[0] + ((origin[0] + s * direction[0]) / box[0] / 2 + 0.5) * (domain.x[1] - domain.x[0])
    const y = domain.y[0] + ((origin[1] + s * direction[1]) / box[1] / 2 + 0.5) * (domain.y[1] - domain.y[0])
    return { x, y, value: sampleIndices(picture, fractionalIndex(picture.x, x), fractionalIndex(picture.y, y)) }
  }
  const above = (s: number): number => origin[2] + s * direction[2] - (heightOf(scale, place(s).value) * 2 - 1) * box[2]
  const steps = Math.min(4096, 2 * (picture.x.length + picture.y.length))
  let before = above(from)
  for (let k = 1; k <= steps; k++) {
    const s = from + ((to - from) * k) / steps
    const now = above(s)
    // NaN over a missing cell: no crossing there.
    if (before === 0 || before * now < 0) {
      let [low, high] = [s - (to - from) / steps, s]
      for (let n = 0; n < 40; n++) {
        const middle = (low + high) / 2
        if (above(middle) * before > 0) low = middle
        else high = middle
      }
      return place(high)
    }
    before = now
  }
  return undefined
}

/** Two triangles per cell, counter-clockwise from above. */
export function surfaceIndices(nx: number, ny: number): Uint32Array {
  const indices = new Uint32Array(6 * (nx - 1) * (ny - 1))
  let at = 0
  for (let j = 0; j + 1 < ny; j++) {
    for (let i = 0; i + 1 < nx; i++) {
      const a = j * nx + i
      indices[at++] = a
      indices[at++] = a + 1
      indices[at++] = a + nx + 1
      indices[at++] = a
      indices[at++] = a + nx + 1
      indices[at++] = a + nx
    }
  }
  return indices
}
