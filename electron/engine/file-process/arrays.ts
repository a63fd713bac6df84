import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError, error, nearestName } from '../../../shared/fault'
import { gridSize } from '../../../shared/fields/field'
import type { Axis, Field } from '../../../shared/fields/field'
import { cut as cutField, probe as probeField } from '../../../shared/fields/probe'
import { extremes, reducePicture, reduceSpacetime } from '../../../shared/fields/picture'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import { openNpyFile } from '../files/npy-file'
import { arrayNames, fits, readFieldEntries, readMetrics } from '../jobs/result'
import type { FieldEntry } from '../jobs/result'
import { workspaceAt } from '../store/workspace'
import type { ArrayPlace, Described, FileMethods } from './methods'

/** Slices of stored arrays, by path and time index: the last few stay in memory, for a time bar that is dragged. */
const slices = new Map<string, Float64Array>()
const cachedBytes = 512 * 2 ** 20
let held = 0

interface Stored { readonly path: string; readonly stamp: string; readonly shape: readonly number[] }

function locate({ workspace, step, array }: ArrayPlace): Stored {
  const folder = workspaceAt(workspace).result(step)
  const path = join(folder, `${array}.npy`)
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(array) || !existsSync(path)) {
    if (!existsSync(folder)) throw new FaultError(error('no-result', `The step ${step} has no result yet.`, { tip: 'Compute it first.' }))
    const names = arrayNames(folder)
    const near = nearestName(array, names)
    throw new FaultError(error('unknown-array', `The result of ${step} has no array "${array}".`, { tip: near ? `Did you mean "${near}"?` : `It has ${names.join(', ') || 'none'}.` }))
  }
  const { mtimeMs, size, ino } = statSync(path)
  const file = openNpyFile(path)
  try {
    return { path, stamp: `${mtimeMs} ${size} ${ino}`, shape: file.header.shape }
  } finally {
    file.close()
  }
}

function slice(stored: Stored, from: number, count: number): Float64Array {
  const key = `${stored.path} ${stored.stamp} ${from} ${count}`
  const cached = slices.get(key)
  if (cached) {
    slices.delete(key)
    slices.set(key, cached)
    return cached
  }
  const file = openNpyFile(stored.path)
  try {
    const values = file.read(from, count)
    slices.set(key, values)
    held += values.byteLength
    for (const [old, { byteLength }] of slices) {
      if (held <= cachedBytes || old === key) break
      slices.delete(old)
      held -= byteLength
    }
    return values
  } finally {
    file.close()
  }
}

const whole = (stored: Stored): Float64Array => slice(stored, 0, stored.shape.reduce((n, m) => n * m, 1))

function gridOf(place: ArrayPlace, entry: FieldEntry): { axes: Axis[]; times?: Float64Array } {
  const read = (array: string): Float64Array => whole(locate({ ...place, array }))
  const axes = entry.axes.map((axis): Axis => ({ name: axis.name, lower: axis.lower, upper: axis.upper, periodic: axis.periodic, coordinates: read(axis.coordinates) }))
  return { axes, ...(entry.times === undefined ? {} : { times: read(entry.times) }) }
}

export function fieldEntry(place: ArrayPlace): FieldEntry | undefined {
  const entries = readFieldEntries(workspaceAt(place.workspace).result(place.step))
  return Object.hasOwn(entries, place.array) ? entries[place.array] : undefined
}

function entryOf(place: ArrayPlace): FieldEntry {
  const entry = fieldEntry(place)
  if (!entry) throw new FaultError(error('not-a-field', `${place.step}/${place.array} is an array without coordinates, not a field.`, { tip: 'Choose a field.' }))
  return entry
}

const misfit = ({ step, array }: ArrayPlace): FaultError => new FaultError(error('damaged-result', `${step}/${array} does not fit its coordinates.`, { tip: 'Compute the step again.' }))

/** A field with the values of one output time only, or of all. */
function fieldOf(place: ArrayPlace, timeIndex: number | 'all'): { field: Field; index: number } {
  const stored = locate(place)
  const { axes, times } = gridOf(place, entryOf(place))
  const size = gridSize({ axes })
  const count = times?.length ?? 1
  if (!fits(axes, times, stored.shape)) throw misfit(place)
  if (timeIndex === 'all') return { field: { name: place.array, grid: { axes }, ...(times ? { times } : {}), values: whole(stored) }, index: 0 }
  const at = Math.min(timeIndex, count - 1)
  const values = slice(stored, at * size, size)
  return { field: { name: place.array, grid: { axes }, ...(times ? { times: times.subarray(at, at + 1) } : {}), values }, index: 0 }
}

export const wholeField = (place: ArrayPlace): Field => fieldOf(place, 'all').field

export function wholeArray(place: ArrayPlace): { readonly shape: readonly number[]; readonly values: Float64Array } {
  const stored = locate(place)
  return { shape: stored.shape, values: whole(stored) }
}

/** Extremes of whole arrays, by path and stamp. */
const known = new Map<string, { readonly minimum: number; readonly maximum: number; readonly nonFinite: number }>()

function overall(stored: Stored): { readonly minimum: number; readonly maximum: number; readonly nonFinite: number } {
  const key = `${stored.path} ${stored.stamp}`
  const found = known.get(key)
  if (found) return found
  const count = stored.shape.reduce((n, m) => n * m, 1)
  const piece = 1 << 22
  let result = { minimum: NaN, maximum: NaN, nonFinite: 0 }
  const file = openNpyFile(stored.path)
  try {
    for (let from = 0; from < count; from += piece) {
      const part = extremes(file.read(from, Math.min(piece, count - from)))
      result = { minimum: least(result.minimum, part.minimum), maximum: -least(-result.maximum, -part.maximum), nonFinite: result.nonFinite + part.nonFinite }
    }
  } finally {
    file.close()
  }
  known.set(key, result)
  return result
}

const least = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b))

export const describe: FileMethods['describe'] = ({ workspace, step }): Described => {
  const folder = workspaceAt(workspace).result(step)
  const entries = readFieldEntries(folder)
  const arrays = arrayNames(folder).map((name): ArrayInfo => {
    const place = { workspace, step, array: name }
    const stored = locate(place)
    const { minimum, maximum } = overall(stored)
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined
    if (!entry) return { name, shape: stored.shape, minimum, maximum }
    const { axes, times } = gridOf(place, entry)
    if (!fits(axes, times, stored.shape)) throw misfit(place)
    return {
      name, shape: stored.shape, minimum, maximum,
      axes: axes.map(axis => ({ name: axis.name, lower: axis.lower, upper: axis.upper, nodes: axis.coordinates.length, periodic: axis.periodic })),
      ...(times ? { times: [...times] } : {}),
    }
  })
  return { arrays, metrics: readMetrics(folder) }
}

export const picture: FileMethods['picture'] = request => {
  const stored = locate(request)
  const { minimum: minimumOverall, maximum: maximumOverall } = overall(stored)
  const spacetime = request.spacetime === true && entryOf(request).axes.length === 1 && entryOf(request).times !== undefined
  const { field } = fieldOf(request, spacetime ? 'all' : (request.timeIndex ?? 0))
  const reduced = spacetime ? reduceSpacetime(field, request.region, request.size) : reducePicture(field, 0, request.region, request.size)
  return { ...reduced, minimumOverall, maximumOverall }
}

export const probe: FileMethods['probe'] = ({ workspace, refs, point, timeIndex = 0 }) =>
  refs.map(ref => {
    const { field } = fieldOf({ workspace, ...ref }, timeIndex)
    return point.length < field.grid.axes.length ? NaN : probeField(field, point, 0)
  })

export const cut: FileMethods['cut'] = ({ workspace, refs, from, to, samples, timeIndex = 0, spacetime = false }) => {
  const cuts = refs.map(ref => {
    const { field } = fieldOf({ workspace, ...ref }, spacetime ? 'all' : timeIndex)
    const rank = spacetime ? 2 : field.grid.axes.length
    if (from.length < rank || to.length < rank) throw new FaultError(error('cut-rank', `A cut through ${ref.step}/${ref.array} needs points with ${rank} coordinates.`))
    return cutField(field, from, to, samples, { timeIndex: 0, spacetime })
  })
  return { distance: cuts[0].distance, points: cuts[0].points, values: cuts.map(c => c.values) }
}

export const array: FileMethods['array'] = place => {
  const stored = locate(place)
  const count = stored.shape.reduce((n, m) => n * m, 1)
  if (count > 1e5) throw new FaultError(error('array-too-large', `${place.step}/${place.array} has ${count} entries; at most 100000 are read at once.`, { tip: 'Look at it as a field, or export it.' }))
  return { shape: stored.shape, values: whole(stored) }
}
