import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { FaultError, error } from '../../../shared/fault'
import type { Axis, AxisName, Field } from '../../../shared/fields/field'
import { gridShape } from '../../../shared/fields/field'
import { isMeshField } from '../../../shared/fields/mesh'
import { canonicalJson, fromJsonNumber, isJsonObject, toJsonNumber } from '../../../shared/json'
import type { Json, JsonObject } from '../../../shared/json'
import type { NamedArray, StepOutput, StepResult } from '../../../shared/steps/step-kind'
import { atomicWrite } from '../files/atomic-write'
import { parseJson } from '../files/json-parse'
import { readNpy } from '../files/npy'
import { writeNpyFile } from '../files/npy-file'
import { inFile } from '../files/refusal'
import { arrayNamePattern } from '../files/residuum-names'
import { writeRecord } from '../store/records'
import type { Workspace } from '../store/workspace'
import type { ResultRecord } from './messages'

/**
 * A result folder: one `.npy` per field, array and coordinate, `metrics.json`, and `result.json`, which says what belongs together:
 * `{ "fields": { "u": { "axes": [{ "name": "x", "lower": 0, "upper": 1, "periodic": false, "coordinates": "x" }], "times": "t" } } }`.
 * Coordinates that a second field has differently are stored as `<field>-x.npy`.
 */
export interface FieldEntry {
  readonly axes: readonly { readonly name: AxisName; readonly lower: number; readonly upper: number; readonly periodic: boolean; readonly coordinates: string }[]
  readonly times?: string
}

interface Stored { readonly values: Float64Array; readonly shape: readonly number[] }

const equal = (a: Float64Array, b: Float64Array): boolean => a.length === b.length && a.every((value, i) => Object.is(value, b[i]))

/** The files of a result folder: arrays by name, and the two JSON texts. The same output gives the same bytes. */
export function resultFiles(output: StepOutput): { arrays: Map<string, Stored>; fields: string; metrics: string } {
  const arrays = new Map<string, Stored>()
  const put = (name: string, values: Float64Array, shape: readonly number[]): void => {
    if (!arrayNamePattern.test(name) || arrays.has(name)) throw new Error(`array name ${name} cannot be stored or is used twice`)
    arrays.set(name, { values, shape })
  }
  const grids = output.fields.map(field => {
    if (isMeshField(field)) throw new Error(`the field ${field.name} on a mesh cannot be stored`)
    return field
  })
  for (const field of grids) {
    const space = gridShape(field.grid).reverse()
    put(field.name, field.values, field.times ? [field.times.length, ...space] : space)
  }
  const coordinates = (field: string, name: string, values: Float64Array): string => {
    const known = arrays.get(name)
    if (known && equal(known.values, values)) return name
    const stored = known ? `${field}-${name}` : name
    put(stored, values, [values.length])
    return stored
  }
  const fields: Record<string, Json> = {}
  for (const field of grids) {
    const axes = field.grid.axes.map(axis => ({
      name: axis.name, lower: axis.lower, upper: axis.upper, periodic: axis.periodic, coordinates: coordinates(field.name, axis.name, axis.coordinates),
    }))
    fields[field.name] = { axes, ...(field.times ? { times: coordinates(field.name, 't', field.times) } : {}) }
  }
  for (const array of output.arrays) put(array.name, array.values, array.shape ?? [array.values.length])
  const metrics = Object.fromEntries(Object.entries(output.metrics).map(([name, value]) => [name, toJsonNumber(value)]))
  return { arrays, fields: `${canonicalJson({ fields })}\n`, metrics: `${canonicalJson(metrics)}\n` }
}

/**
 * Puts a finished result in place: written to `results/<step>.partial-…`, synced, renamed. The old record goes first, so that after a crash at any
 * point a record is never found beside arrays that it does not describe.
 */
export function writeResult(workspace: Workspace, output: StepOutput, record: ResultRecord): void {
  const { arrays, fields, metrics } = resultFiles(output)
  const place = workspace.result(record.step)
  const partial = `${place}.partial-${randomBytes(4).toString('hex')}`
  mkdirSync(partial, { recursive: true })
  try {
    for (const [name, array] of arrays) writeNpyFile(join(partial, `${name}.npy`), array.values, array.shape)
    atomicWrite(join(partial, 'result.json'), utf8(fields))
    atomicWrite(join(partial, 'metrics.json'), utf8(metrics))
    rmSync(workspace.record(record.step), { force: true })
    rmSync(place, { recursive: true, force: true })
    renameSync(partial, place)
    syncFolder(workspace.results)
    writeRecord(workspace, record)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

function syncFolder(folder: string): void {
  // Windows cannot open a folder.
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** `result.json` of a result folder, checked; a folder without it holds arrays only. */
export function readFieldEntries(folder: string): Readonly<Record<string, FieldEntry>> {
  const path = join(folder, 'result.json')
  if (!existsSync(path)) return {}
  const json = storedJson(path)
  const entries: Record<string, FieldEntry> = Object.create(null) as Record<string, FieldEntry>
  if (!isJsonObject(json) || !isJsonObject(json.fields)) throw damaged(folder)
  for (const [name, entry] of Object.entries(json.fields)) {
    if (!arrayNamePattern.test(name) || !isJsonObject(entry) || !Array.isArray(entry.axes) || entry.axes.length < 1 || entry.axes.length > 3) throw damaged(folder)
    const axes = (entry.axes as readonly JsonObject[]).map(axis => {
      const lower = fromJsonNumber(axis.lower)
      const upper = fromJsonNumber(axis.upper)
      if (!['x', 'y', 'z'].includes(axis.name as string) || lower === undefined || upper === undefined) throw damaged(folder)
      if (typeof axis.periodic !== 'boolean' || typeof axis.coordinates !== 'string' || !arrayNamePattern.test(axis.coordinates)) throw damaged(folder)
      return { name: axis.name as AxisName, lower, upper, periodic: axis.periodic, coordinates: axis.coordinates }
    })
    if (entry.times !== undefined && (typeof entry.times !== 'string' || !arrayNamePattern.test(entry.times))) throw damaged(folder)
    entries[name] = { axes, ...(entry.times !== undefined ? { times: entry.times as string } : {}) }
  }
  return entries
}

/** A text out of a foreign file may lie here: read as hostile, its faults with the name. */
const storedJson = (path: string): Json => inFile(path.split(/[\\/]/).slice(-3).join('/'), () => parseJson(readFileSync(path)))

export function readMetrics(folder: string): Record<string, number> {
  const path = join(folder, 'metrics.json')
  const json = existsSync(path) ? storedJson(path) : {}
  if (!isJsonObject(json)) throw damaged(folder)
  const known = Object.entries(json).map(([name, value]) => [name, fromJsonNumber(value)] as const)
  return Object.fromEntries(known.filter((entry): entry is readonly [string, number] => entry[1] !== undefined))
}

export const arrayNames = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.npy')).map(name => name.slice(0, -4)).filter(name => arrayNamePattern.test(name)).sort() : []

/** A whole result folder, for a step that reads it. */
export function readResult(folder: string): StepResult {
  const entries = readFieldEntries(folder)
  const load = (name: string): Stored => readNpy(readFileSync(join(folder, `${name}.npy`)))
  const used = new Set<string>()
  const part = (name: string): Stored => {
    used.add(name)
    return load(name)
  }
  const values = (name: string): Float64Array => part(name).values
  const fields = Object.entries(entries).map(([name, entry]): Field => {
    const axes = entry.axes.map((axis): Axis => ({ name: axis.name, lower: axis.lower, upper: axis.upper, periodic: axis.periodic, coordinates: values(axis.coordinates) }))
    const times = entry.times === undefined ? undefined : values(entry.times)
    const stored = part(name)
    if (!fits(axes, times, stored.shape)) throw damaged(folder)
    return { name, grid: { axes }, ...(times ? { times } : {}), values: stored.values }
  })
  const arrays = arrayNames(folder).filter(name => !used.has(name)).map((name): NamedArray => ({ name, ...load(name) }))
  return { fields, arrays, metrics: readMetrics(folder) }
}

/** Whether stored axes are a grid, and an array of this shape a field on it. Files come from elsewhere: a picture on wrong coordinates would be believed. */
export function fits(axes: readonly Axis[], times: Float64Array | undefined, shape: readonly number[]): boolean {
  const expected = [...(times ? [times.length] : []), ...axes.map(axis => axis.coordinates.length).reverse()]
  const named = axes.every((axis, i) => axes.findIndex(other => other.name === axis.name) === i)
  return named && axes.every(isAxis) && (times === undefined || ascends(times)) && shape.length === expected.length && shape.every((n, i) => n === expected[i])
}

function isAxis({ lower, upper, coordinates }: Axis): boolean {
  // Bounds and ends of the nodes may differ by rounding.
  const slack = 1e-6 * (upper - lower)
  return lower < upper && ascends(coordinates) && coordinates[0] >= lower - slack && coordinates[coordinates.length - 1] <= upper + slack
}

/** Finite, never falling, and rising from the first to the last. */
const ascends = (values: Float64Array): boolean =>
  values.length > 0 && values.every((value, i) => Number.isFinite(value) && (i === 0 || value >= values[i - 1])) && (values.length === 1 || values[0] < values[values.length - 1])

const damaged = (folder: string): FaultError =>
  new FaultError(error('damaged-result', `The stored result in ${folder.split(/[\\/]/).slice(-2).join('/')} is damaged: its arrays do not fit together.`, { tip: 'Compute the step again.' }))
