import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Json } from '../../../shared/json'
import { canonicalJson } from '../../../shared/json'
import { atomicWrite } from '../files/atomic-write'
import type { Steps } from './history'

/**
 * Undo outlives closing: what can be undone from a saved document is kept beside it, under the hash of that document. A document that was changed
 * elsewhere meanwhile has another hash and simply starts without a past.
 */
const change = z.object({ path: z.array(z.union([z.string(), z.number()])), before: z.unknown().optional(), after: z.unknown().optional() })
const entry = z.object({ label: z.string(), gesture: z.string().optional(), changes: z.array(change) })
const schema = z.object({ document: z.string(), past: z.array(entry), future: z.array(entry) })

/** Steps kept per file, and files kept per folder. */
const stepsKept = 200
const filesKept = 200

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The file for an experiment saved at `target`. */
export const undoFileOf = (folder: string, target: string): string => join(folder, `${hashOf(target)}.json`)

export function writeUndo(file: string, document: Json, { past, future }: Steps): void {
  const kept = { document: hashOf(canonicalJson(document)), past: past.slice(-stepsKept), future: future.slice(-stepsKept) }
  atomicWrite(file, new TextEncoder().encode(JSON.stringify(kept)))
}

/** What can be undone from exactly this document, or undefined. */
export function readUndo(file: string, document: Json): Steps | undefined {
  if (!existsSync(file)) return undefined
  try {
    const read = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return read.success && read.data.document === hashOf(canonicalJson(document)) ? (read.data as unknown as Steps) : undefined
  } catch {
    // A damaged undo file costs the past, never the document.
    return undefined
  }
}

/** Keeps the files used last. */
export function pruneUndo(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const files = readdirSync(folder).map(name => join(folder, name))
  if (files.length <= filesKept) return
  const age = new Map(files.map(file => [file, statSync(file).mtimeMs]))
  for (const file of files.sort((a, b) => age.get(b)! - age.get(a)!).slice(filesKept)) rmSync(file, { force: true })
}
