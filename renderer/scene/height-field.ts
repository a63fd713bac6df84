import { isWithin } from '../../shared/fields/outline'
import type { DomainOutline } from '../../shared/fields/outline'
import { fractionalIndex, sampleIndices } from '../charts/picture'
import type { Picture } from '../charts/picture'
import { forward, normalise } from '../charts/value-scale'
import type { ValueScale } from '../charts/value-scale'
import type { Box, Vector } from './camera'

/** A field as a landscape in a box: x and y along the floor, the value's position on its scale as height. */
export interface HeightField {
  readonly picture: Picture
  readonly scale: ValueScale
  /** Extent of the floor, which may reach beyond the picture (a run that is still growing). */
  readonly domain: { readonly x: readonly [number, number]; readonly y: readonly [number, number] }
  /** Cuts the surface, whose picture goes on a little beyond. */
  readonly rim?: DomainOutline
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
  const { picture, domain, scale, rim } = field
  const place = (s: number): SurfacePick => {
    const x = domain.x[0] + ((origin[0] + s * direction[0]) / box[0] / 2 + 0.5) * (domain.x[1] - domain.x[0])
    const y = domain.y[0] + ((origin[1] + s * direction[1]) / box[1] / 2 + 0.5) * (domain.y[1] - domain.y[0])
    return { x, y, value: rim && !isWithin(rim, x, y) ? NaN : sampleIndices(picture, fractionalIndex(picture.x, x), fractionalIndex(picture.y, y)) }
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

/** Columns drawn together: two rows of so many vertices stay in the cache of transformed vertices, so that each is computed about once. */
const block = 6

/** Every `stride`-th number below `count`, and the last. */
function strided(count: number, stride: number): number[] {
  const kept: number[] = []
  for (let i = 0; i < count - 1; i += stride) kept.push(i)
  return [...kept, count - 1]
}

/** Two triangles per cell, counter-clockwise from above, in blocks of columns; with a `stride` only every so many nodes are corners. */
export function surfaceIndices(nx: number, ny: number, stride = 1): Uint32Array {
  const columns = strided(nx, stride)
  const rows = strided(ny, stride)
  const indices = new Uint32Array(6 * (columns.length - 1) * (rows.length - 1))
  let at = 0
  for (let first = 0; first + 1 < columns.length; first += block) {
    for (let j = 0; j + 1 < rows.length; j++) {
      for (let i = first; i + 1 < columns.length && i < first + block; i++) {
        const [southWest, southEast] = [rows[j] * nx + columns[i], rows[j] * nx + columns[i + 1]]
        const [northWest, northEast] = [rows[j + 1] * nx + columns[i], rows[j + 1] * nx + columns[i + 1]]
        indices[at++] = southWest
        indices[at++] = southEast
        indices[at++] = northEast
        indices[at++] = southWest
        indices[at++] = northEast
        indices[at++] = northWest
      }
    }
  }
  return indices
}

/** Marks a node without a value. */
export const missingNode = -9

/**
 * Four numbers per node for the renderer: position on the value scale (cut to −1 … 2, `missingNode` where there is none), slopes ∂h/∂x and ∂h/∂y of the height
 * h in [0, 1] over x, y in [0, 1] by central differences, and 0. Computed once per picture here, not once per vertex and frame there.
 */
export function surfaceNodes({ picture, scale, domain }: HeightField): Float32Array<ArrayBuffer> {
  const { x, y, values } = picture
  const [nx, ny] = [x.length, y.length]
  const lower = forward(scale, scale.lower)
  const factor = 1 / (forward(scale, scale.upper) - lower)
  const linear = scale.transform === 'linear'
  const heights = new Float32Array(nx * ny)
  const nodes = new Float32Array(4 * nx * ny)
  for (let k = 0; k < values.length; k++) {
    const value = values[k]
    const t = Number.isFinite(value) ? ((linear ? value : forward(scale, value)) - lower) * factor : missingNode
    nodes[4 * k] = t === missingNode ? t : Math.min(2, Math.max(-1, t))
    heights[k] = Math.min(1, Math.max(0, t))
  }
  const spanX = domain.x[1] - domain.x[0]
  const spanY = domain.y[1] - domain.y[0]
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const k = j * nx + i
      const there = (node: number): boolean => nodes[4 * node] !== missingNode
      // At the rim of a hole the difference is one-sided.
      const west = i > 0 && there(k - 1) ? i - 1 : i
      const east = i < nx - 1 && there(k + 1) ? i + 1 : i
      const south = j > 0 && there(k - nx) ? j - 1 : j
      const north = j < ny - 1 && there(k + nx) ? j + 1 : j
      const dy = (y[north] - y[south]) / spanY || 1
      nodes[4 * k + 1] = (heights[j * nx + east] - heights[j * nx + west]) / ((x[east] - x[west]) / spanX || 1)
      nodes[4 * k + 2] = (heights[north * nx + i] - heights[south * nx + i]) / dy
    }
  }
  return nodes
}
