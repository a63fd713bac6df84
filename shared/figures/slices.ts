import type { Axis, Field } from '../fields/field'
import { fieldAt, fieldTimes, gridShape } from '../fields/field'
import type { Mesh, MeshField } from '../fields/mesh'
import { meshFieldAt } from '../fields/mesh-raster'

/** One direction of a slice: where its nodes lie and how far the domain reaches. A periodic axis has its first node repeated at the upper end. */
export interface SliceAxis {
  readonly name: 'x' | 'y' | 'z' | 't'
  readonly lower: number
  readonly upper: number
  readonly coordinates: Float64Array
}

/** A two-dimensional slice of a field; `values[j·nodes + i]`, i along the horizontal axis. */
export interface Plane {
  readonly horizontal: SliceAxis
  readonly vertical: SliceAxis
  readonly values: Float64Array
  /** The output time that is shown, when the field has times and the slice is at one of them. */
  readonly time?: number
  /** The finite element function at that time, of which `values` are a raster: pictures are painted from it. */
  readonly exact?: { readonly mesh: Mesh; readonly values: Float64Array }
}

/** A one-dimensional slice. */
export interface Curve {
  readonly axis: SliceAxis
  readonly values: Float64Array
  readonly time?: number
}

export type At = Readonly<Partial<Record<'x' | 'y' | 'z', number>>>

/** Index of the output nearest to a physical time; the last one when no time is asked for. */
export function nearestTime(field: Field, time: number | undefined): number {
  if (!field.times || time === undefined) return fieldTimes(field) - 1
  let best = 0
  field.times.forEach((t, i) => {
    if (Math.abs(t - time) < Math.abs(field.times![best] - time)) best = i
  })
  return best
}

/** Horizontal and vertical axis of the map of a field with two or more axes: x–y, or the two axes not named in `at`. */
function planeAxes(field: Field, at: At): readonly [number, number] {
  if (field.grid.axes.length === 2) return [0, 1]
  const fixed = field.grid.axes.findIndex(axis => at[axis.name] !== undefined)
  return fixed === 0 ? [1, 2] : fixed === 1 ? [0, 2] : [0, 1]
}

/** The map of a field with two or three axes at one time. */
export function spacePlane(field: Field & { readonly exact?: MeshField }, time: number | undefined, at: At): Plane {
  const [h, v] = planeAxes(field, at)
  const index = nearestTime(field, time)
  const horizontal = closedAxis(field.grid.axes[h])
  const vertical = closedAxis(field.grid.axes[v])
  const n = horizontal.coordinates.length
  const values = new Float64Array(n * vertical.coordinates.length)
  const read = reader(field, index, at, [h, v])
  const nodes = [field.grid.axes[h].coordinates.length, field.grid.axes[v].coordinates.length]
  for (let j = 0; j < vertical.coordinates.length; j++) {
    for (let i = 0; i < n; i++) values[j * n + i] = read([i % nodes[0], j % nodes[1]])
  }
  const exact = field.exact?.mesh.dimension === 2 ? { exact: { mesh: field.exact.mesh, values: meshFieldAt(field.exact, index) } } : {}
  return { horizontal, vertical, values, ...(field.times ? { time: field.times[index] } : {}), ...exact }
}

/** The map of a field with one space axis over all its times: t to the right, x upwards. */
export function spacetimePlane(field: Field): Plane {
  const times = field.times!
  const vertical = closedAxis(field.grid.axes[0])
  const nodes = field.grid.axes[0].coordinates.length
  const n = times.length
  const values = new Float64Array(n * vertical.coordinates.length)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < vertical.coordinates.length; j++) values[j * n + i] = field.values[i * nodes + (j % nodes)]
  }
  return { horizontal: { name: 't', lower: times[0], upper: times[n - 1], coordinates: times }, vertical, values }
}

/** Values along one space axis at one time, the other axes held at `at` (their middle when not given), linear between nodes. */
export function spaceCurve(field: Field, along: number, time: number | undefined, at: At): Curve {
  const index = nearestTime(field, time)
  const axis = closedAxis(field.grid.axes[along])
  const nodes = field.grid.axes[along].coordinates.length
  const read = reader(field, index, at, [along])
  const values = Float64Array.from(axis.coordinates, (_, i) => read([i % nodes]))
  return { axis, values, ...(field.times ? { time: field.times[index] } : {}) }
}

/** Values over time at one point. */
export function timeCurve(field: Field, at: At): Curve {
  const times = field.times!
  const values = Float64Array.from(times, (_, index) => reader(field, index, at, [])([]))
  return { axis: { name: 't', lower: times[0], upper: times[times.length - 1], coordinates: times }, values }
}

function closedAxis({ name, lower, upper, periodic, coordinates }: Axis): SliceAxis {
  if (!periodic) return { name, lower, upper, coordinates }
  const closed = new Float64Array(coordinates.length + 1)
  closed.set(coordinates)
  closed[coordinates.length] = coordinates[0] + (upper - lower)
  return { name, lower, upper, coordinates: closed }
}

/** Reads the field at node indices of the free axes, interpolating linearly along the others. */
function reader(field: Field, timeIndex: number, at: At, free: readonly number[]): (indices: readonly number[]) => number {
  const values = fieldAt(field, timeIndex)
  const shape = gridShape(field.grid)
  const strides = shape.map((_, k) => shape.slice(0, k).reduce((p, n) => p * n, 1))
  let corners: { readonly offset: number; readonly weight: number }[] = [{ offset: 0, weight: 1 }]
  field.grid.axes.forEach((axis, k) => {
    if (free.includes(k)) return
    const { coordinates } = closedAxis(axis)
    const place = locate(coordinates, at[axis.name] ?? (axis.lower + axis.upper) / 2)
    const ends = [{ node: place.index % shape[k], weight: 1 - place.fraction }, { node: (place.index + 1) % shape[k], weight: place.fraction }]
    corners = corners.flatMap(c => ends.filter(e => e.weight !== 0).map(e => ({ offset: c.offset + e.node * strides[k], weight: c.weight * e.weight })))
  })
  return indices => {
    const start = free.reduce((offset, axis, m) => offset + indices[m] * strides[axis], 0)
    let sum = 0
    for (const corner of corners) sum += corner.weight * values[start + corner.offset]
    return sum
  }
}

/** The interval [index, index+1] that holds x and how far along it x lies; clamped to the ends. */
export function locate(coordinates: Float64Array, x: number): { readonly index: number; readonly fraction: number } {
  const last = coordinates.length - 1
  if (last < 1 || !(x > coordinates[0])) return { index: 0, fraction: 0 }
  if (x >= coordinates[last]) return { index: last - 1, fraction: 1 }
  let low = 0
  let high = last
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (coordinates[middle] <= x) low = middle
    else high = middle
  }
  return { index: low, fraction: (x - coordinates[low]) / (coordinates[high] - coordinates[low]) }
}
