import { fieldAt, type Field } from './field'

/** A reduced picture of a field for screens: float32 values at a subset of the nodes, true extremes of all of them. */
export interface Picture {
  /** Nodes per axis after reduction, x first; values C-order with x fastest. */
  readonly shape: readonly number[]
  readonly values: Float32Array
  /** Over all finite nodes of the region in float64; NaN when there is none. */
  readonly minimum: number
  readonly maximum: number
  readonly nonFinite: number
  readonly axes: readonly { readonly name: string; readonly coordinates: Float64Array }[]
  readonly time?: number
}

/** Index ranges [from, to) per axis. On a periodic axis of n nodes `to` may be n + 1: the first node again, at the axis' upper end. */
export type Region = readonly (readonly [number, number])[]

/**
 * At most `size` nodes per axis (0 or absent: all) of the region (absent: everything, periodic axes closed at their upper end). In 2-D and 3-D nodes are sampled at even index
 * distances with both ends kept; in 1-D every interval contributes its least and its largest node, so that no peak is lost.
 */
export function reducePicture(field: Field, timeIndex: number, region?: Region, size?: readonly number[]): Picture {
  const { axes } = field.grid
  const columns = axes.map(axis => ({
    name: axis.name as string,
    nodes: axis.coordinates,
    end: axis.periodic ? axis.coordinates[0] + (axis.upper - axis.lower) : undefined,
  }))
  const picture = reduce(fieldAt(field, timeIndex), columns, region, size)
  return field.times ? { ...picture, time: field.times[timeIndex] } : picture
}

/** The x–t picture of a field with one space axis: time is the second axis. */
export function reduceSpacetime(field: Field, region?: Region, size?: readonly number[]): Picture {
  const [axis] = field.grid.axes
  const columns = [
    { name: axis.name as string, nodes: axis.coordinates, end: axis.periodic ? axis.coordinates[0] + (axis.upper - axis.lower) : undefined },
    { name: 't', nodes: field.times ?? new Float64Array(1), end: undefined },
  ]
  return reduce(field.values, columns, region, size)
}

export interface Extremes { readonly minimum: number; readonly maximum: number; readonly nonFinite: number }

/** Least and largest finite value (NaN when there is none) and the number of others. */
export function extremes(values: ArrayLike<number>): Extremes {
  let minimum = Infinity
  let maximum = -Infinity
  let nonFinite = 0
  for (let i = 0; i < values.length; i++) {
    const v = values[i]
    // v − v is 0 exactly for finite v.
    if (v - v !== 0) nonFinite++
    else {
      if (v < minimum) minimum = v
      if (v > maximum) maximum = v
    }
  }
  return minimum <= maximum ? { minimum, maximum, nonFinite } : { minimum: NaN, maximum: NaN, nonFinite }
}

interface Column { readonly name: string; readonly nodes: Float64Array; readonly end: number | undefined }

function reduce(values: Float64Array, columns: readonly Column[], region: Region | undefined, size: readonly number[] | undefined): Picture {
  const ranges = columns.map(({ nodes, end }, a): [number, number] => {
    const limit = nodes.length + (end === undefined ? 0 : 1)
    const [from, to] = region?.[a] ?? [0, limit]
    const first = Math.max(0, Math.min(from, limit - 1))
    return [first, Math.max(first + 1, Math.min(to, limit))]
  })
  const strides = columns.map((_, a) => columns.slice(0, a).reduce((n, column) => n * column.nodes.length, 1))
  const wanted = (a: number): number => (size?.[a] ? Math.max(size[a], 2) : Infinity)
  const chosen = columns.length === 1
    ? [peaks(values, ranges[0], columns[0].nodes.length, wanted(0))]
    : ranges.map(([from, to], a) => evenIndices(from, to, wanted(a)))
  const shape = chosen.map(list => list.length)
  const out = new Float32Array(shape.reduce((n, m) => n * m, 1))
  const offsets = chosen.map((list, a) => list.map(i => (i % columns[a].nodes.length) * strides[a]))
  let at = 0
  for (const z of offsets[2] ?? [0]) for (const y of offsets[1] ?? [0]) for (const x of offsets[0]) out[at++] = values[z + y + x]
  return {
    shape,
    values: out,
    ...regionExtremes(values, ranges, columns.map(column => column.nodes.length), strides),
    axes: columns.map((column, a) => ({
      name: column.name,
      coordinates: Float64Array.from(chosen[a], i => (i === column.nodes.length ? column.end! : column.nodes[i])),
    })),
  }
}

/** At most `wanted` of the indices [from, to), evenly spread, both ends kept. */
export function evenIndices(from: number, to: number, wanted: number): number[] {
  const count = to - from
  if (count <= wanted) return Array.from({ length: count }, (_, i) => from + i)
  return Array.from({ length: wanted }, (_, i) => from + Math.round((i * (count - 1)) / (wanted - 1)))
}

/** Ends, and from every bucket between them its least and largest node in index order. */
function peaks(values: Float64Array, [from, to]: readonly [number, number], period: number, wanted: number): number[] {
  const count = to - from
  if (count <= wanted || wanted < 4) return evenIndices(from, to, wanted)
  const buckets = Math.floor((wanted - 2) / 2)
  const list = [from]
  for (let b = 0; b < buckets; b++) {
    const begin = from + 1 + Math.floor((b * (count - 2)) / buckets)
    const end = from + 1 + Math.floor(((b + 1) * (count - 2)) / buckets)
    let low = begin
    let high = begin
    for (let i = begin; i < end; i++) {
      if (values[i % period] < values[low % period]) low = i
      if (values[i % period] > values[high % period]) high = i
    }
    if (low === high) list.push(low)
    else list.push(Math.min(low, high), Math.max(low, high))
  }
  list.push(to - 1)
  return list
}

function regionExtremes(values: Float64Array, ranges: readonly (readonly [number, number])[], lengths: readonly number[], strides: readonly number[]): Extremes {
  const whole = ranges.every(([from, to], a) => from === 0 && to >= lengths[a])
  if (whole) return extremes(values)
  let minimum = NaN
  let maximum = NaN
  let nonFinite = 0
  const clip = (a: number): [number, number] => (ranges[a] ? [ranges[a][0] % lengths[a], Math.min(ranges[a][1], lengths[a])] : [0, 1])
  const [x0, x1] = clip(0)
  const [y0, y1] = clip(1)
  const [z0, z1] = clip(2)
  for (let z = z0; z < z1; z++) {
    for (let y = y0; y < y1; y++) {
      const row = z * (strides[2] ?? 0) + y * (strides[1] ?? 0)
      const part = extremes(values.subarray(row + x0, row + x1))
      nonFinite += part.nonFinite
      if (!(minimum <= part.minimum)) minimum = Number.isNaN(part.minimum) ? minimum : part.minimum
      if (!(maximum >= part.maximum)) maximum = Number.isNaN(part.maximum) ? maximum : part.maximum
    }
  }
  return { minimum, maximum, nonFinite }
}
