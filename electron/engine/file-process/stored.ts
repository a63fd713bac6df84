import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError, error, nearestName } from '../../../shared/fault'
import type { ComponentChoice } from '../../../shared/fields/components'
import { selectValues } from '../../../shared/fields/components'
import { extremes } from '../../../shared/fields/picture'
import type { Extremes } from '../../../shared/fields/picture'
import { openNpyFile } from '../files/npy-file'
import { arrayNames } from '../jobs/result'
import { workspaceAt } from '../store/workspace'
import type { ArrayPlace } from './methods'

/** Slices of stored arrays, by path and time index: the last few stay in memory, for a time bar that is dragged. */
const slices = new Map<string, Float64Array>()
const cachedBytes = 512 * 2 ** 20
let held = 0

export interface Stored { readonly path: string; readonly stamp: string; readonly shape: readonly number[] }

export function locate({ workspace, step, array }: ArrayPlace): Stored {
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

export function slice(stored: Stored, from: number, count: number): Float64Array {
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

export const entryCount = ({ shape }: Stored): number => shape.reduce((n, m) => n * m, 1)

export const whole = (stored: Stored): Float64Array => slice(stored, 0, entryCount(stored))

/** Extremes of whole arrays, by path, stamp and component. */
const known = new Map<string, Extremes>()

/** Over all entries; of a field with components (slabs `[component, node]`) over one of them or over the magnitude. */
export function overall(stored: Stored, of?: { readonly nodes: number; readonly components: number; readonly choice: ComponentChoice }): Extremes {
  const key = `${stored.path} ${stored.stamp} ${of ? of.choice : ''}`
  const found = known.get(key)
  if (found) return found
  const count = entryCount(stored)
  const slab = of ? of.nodes * of.components : 1
  const piece = Math.max(1, Math.floor((1 << 22) / slab)) * slab
  let result: Extremes = { minimum: NaN, maximum: NaN, nonFinite: 0 }
  const file = openNpyFile(stored.path)
  try {
    for (let from = 0; from < count; from += piece) {
      const read = file.read(from, Math.min(piece, count - from))
      const part = extremes(of ? selectValues(read, of.nodes, of.components, of.choice) : read)
      result = { minimum: least(result.minimum, part.minimum), maximum: -least(-result.maximum, -part.maximum), nonFinite: result.nonFinite + part.nonFinite }
    }
  } finally {
    file.close()
  }
  known.set(key, result)
  return result
}

/** The lesser of two numbers, passing over NaN. */
export const least = (a: number, b: number): number => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b))
