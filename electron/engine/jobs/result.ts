import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { FaultError, error } from '../../../shared/fault'
import type { Axis } from '../../../shared/fields/field'
import { isMeshField, nodesPerCell } from '../../../shared/fields/mesh'
import type { AnyField } from '../../../shared/fields/mesh'
import { canonicalJson, fromJsonNumber, isJsonObject, toJsonNumber } from '../../../shared/json'
import type { Json } from '../../../shared/json'
import type { NamedArray, StepOutput, StepResult } from '../../../shared/steps/step-kind'
import { atomicWrite } from '../files/atomic-write'
import { parseJson } from '../files/json-parse'
import { readNpy } from '../files/npy'
import { writeNpyFile } from '../files/npy-file'
import { inFile } from '../files/refusal'
import { arrayNamePattern } from '../files/residuum-names'
import { removeModels, writeModels } from '../store/models'
import { writeRecord } from '../store/records'
import type { Workspace } from '../store/workspace'
import type { FieldEntry, StoredArray } from './field-entry'
import { fieldShape, fitsGrid, fitsMesh, isMeshEntry, meshOf, parseFieldEntry } from './field-entry'
import type { ResultRecord } from './messages'

/**
 * A result folder: one `.npy` per field, array and coordinate, `metrics.json`, and `result.json`, which says what belongs together:
 * `{ "fields": { "u": { "axes": [{ "name": "x", "lower": 0, "upper": 1, "periodic": false, "coordinates": "x" }], "components": ["re", "im"], "times": "t" } } }`, of a field on a mesh
 * `{ "mesh": { "dimension": 2, "degree": 1, "points": "points", "cells": "cells" } }`; of other arrays words, where there are any: `"arrays": { "group": { "labels": ["adam", "lbfgs"] } }`. Coordinates that a second field has differently are stored as `<field>-x.npy`.
 */
interface Stored { readonly values: Numbers; readonly shape: readonly number[] }

type Numbers = Float64Array | Float32Array | Int32Array
const equal = (a: Numbers, b: Numbers): boolean => a.length === b.length && a.every((value, i) => Object.is(value, b[i]))

/** The files of a result folder: arrays by name, and the two JSON texts. The same output gives the same bytes. */
export function resultFiles(output: StepOutput): { arrays: Map<string, Stored>; fields: string; metrics: string } {
  const arrays = new Map<string, Stored>()
  const put = (name: string, values: Numbers, shape: readonly number[]): void => {
    if (!arrayNamePattern.test(name) || arrays.has(name)) throw new Error(`array name ${name} cannot be stored or is used twice`)
    arrays.set(name, { values, shape })
  }
  for (const field of output.fields) put(field.name, output.store === 'float32' ? Float32Array.from(field.values) : field.values, fieldShape(field))
  const coordinates = (field: string, name: string, values: Numbers, shape: readonly number[] = [values.length]): string => {
    const known = arrays.get(name)
    if (known && equal(known.values, values)) return name
    const stored = known ? `${field}-${name}` : name
    const again = arrays.get(stored)
    if (!again || !equal(again.values, values)) put(stored, values, shape)
    return stored
  }
  const fields: Record<string, Json> = {}
  for (const field of output.fields) {
    const rest = { ...(field.components ? { components: field.components } : {}), ...(field.times ? { times: coordinates(field.name, 't', field.times) } : {}) }
    if (isMeshField(field)) {
      const { dimension, degree, points, cells } = field.mesh
      const nodes = nodesPerCell(field.mesh)
      const mesh = {
        dimension, degree,
        points: coordinates(field.name, 'points', points, [points.length / dimension, dimension]),
        cells: coordinates(field.name, 'cells', cells, [cells.length / nodes, nodes]),
      }
      fields[field.name] = { mesh, ...rest }
      continue
    }
    const axes = field.grid.axes.map(axis => ({
      name: axis.name, lower: axis.lower, upper: axis.upper, periodic: axis.periodic, coordinates: coordinates(field.name, axis.name, axis.coordinates),
    }))
    fields[field.name] = { axes, ...rest }
  }
  const words: Record<string, Json> = {}
  for (const { name, values, shape, title, labels } of output.arrays) {
    put(name, values, shape ?? [values.length])
    if (title !== undefined || labels) words[name] = { ...(title === undefined ? {} : { title: title.slice(0, longestWord) }), ...(labels ? { labels: labels.map(label => label.slice(0, longestWord)) } : {}) }
  }
  const metrics = Object.fromEntries(Object.entries(output.metrics).map(([name, value]) => [name, toJsonNumber(value)]))
  return { arrays, fields: `${canonicalJson({ fields, ...(Object.keys(words).length > 0 ? { arrays: words } : {}) })}\n`, metrics: `${canonicalJson(metrics)}\n` }
}

/**
 * Puts a finished result in place: written to `results/<step>.partial-…`, synced, renamed, its networks beside it. The old record goes first, so that after a crash at any
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
    removeModels(workspace, record.step)
    renameSync(partial, place)
    writeModels(workspace, record.step, output.models ?? [])
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
    const parsed = arrayNamePattern.test(name) ? parseFieldEntry(entry) : undefined
    if (!parsed) throw damaged(folder)
    entries[name] = parsed
  }
  return entries
}

const longestWord = 200
const mostLabels = 1000

/** What `result.json` says of arrays that are no fields: their titles, and what the numbers in them stand for. Words that do not fit the format are passed over. */
export function readArrayWords(folder: string): Readonly<Record<string, Pick<NamedArray, 'title' | 'labels'>>> {
  const path = join(folder, 'result.json')
  const json = existsSync(path) ? storedJson(path) : {}
  const found: Record<string, Pick<NamedArray, 'title' | 'labels'>> = Object.create(null) as Record<string, Pick<NamedArray, 'title' | 'labels'>>
  const isWord = (text: Json | undefined): text is string => typeof text === 'string' && text.length <= longestWord
  if (!isJsonObject(json) || !isJsonObject(json.arrays)) return found
  for (const [name, entry] of Object.entries(json.arrays)) {
    if (!arrayNamePattern.test(name) || !isJsonObject(entry)) continue
    const { title, labels } = entry
    const listed = Array.isArray(labels) && labels.length <= mostLabels && labels.every(isWord)
    found[name] = { ...(isWord(title) ? { title } : {}), ...(listed ? { labels: labels as readonly string[] } : {}) }
  }
  return found
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
  const load = (name: string): StoredArray => readNpy(readFileSync(join(folder, `${name}.npy`)))
  const used = new Set<string>()
  const part = (name: string): StoredArray => {
    used.add(name)
    return load(name)
  }
  const values = (name: string): Float64Array => part(name).values
  const fields = Object.entries(entries).map(([name, entry]): AnyField => {
    const times = entry.times === undefined ? undefined : values(entry.times)
    const rest = { name, ...(entry.components ? { components: entry.components } : {}), ...(times ? { times } : {}) }
    const stored = part(name)
    if (isMeshEntry(entry)) {
      const mesh = meshOf(entry.mesh, part(entry.mesh.points), part(entry.mesh.cells))
      if (!mesh || !fitsMesh(mesh, rest, stored.shape)) throw damaged(folder)
      return { ...rest, mesh, values: stored.values }
    }
    const axes = entry.axes.map((axis): Axis => ({ ...axis, coordinates: values(axis.coordinates) }))
    if (!fitsGrid(axes, rest, stored.shape)) throw damaged(folder)
    return { ...rest, grid: { axes }, values: stored.values }
  })
  const words = readArrayWords(folder)
  const arrays = arrayNames(folder).filter(name => !used.has(name)).map((name): NamedArray => ({ name, ...load(name), ...words[name] }))
  return { fields, arrays, metrics: readMetrics(folder) }
}

const damaged = (folder: string): FaultError =>
  new FaultError(error('damaged-result', `The stored result in ${folder.split(/[\\/]/).slice(-2).join('/')} is damaged: its arrays do not fit together.`, { tip: 'Compute the step again.' }))
