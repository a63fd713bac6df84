import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import { FaultError, error } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import type { ImportResult } from '../../../shared/protocol/contract'
import { checkForeignFile } from '../files/foreign-file'
import { defaultLimits } from '../files/limits'
import type { Session } from '../store/session'
import type { EngineParts } from './parts'
import { userPath } from './user-path'

interface ImportRequest {
  readonly name: string
  readonly bytes?: Uint8Array
  readonly path?: string
  readonly choose?: readonly { readonly array: string; readonly axes: Readonly<Record<string, string>> }[]
}

/** Keeps the file with the experiment, adds an import step per chosen array and computes them. Without a choice that is obvious, says what there is. */
export async function importForeign(parts: EngineParts, session: Session, request: ImportRequest): Promise<ImportResult> {
  const name = keepFile(session, request)
  const arrays = await parts.throwAway(files => files.call('inspect', { path: join(session.workspace.files, name), name }))
  const readable = arrays.filter(entry => entry.guess)
  const choose = request.choose ?? (readable.length === 1 ? [{ array: readable[0].array, axes: readable[0].guess! }] : undefined)
  if (!choose) return { arrays }
  const steps = addSteps(session, name, choose)
  await parts.scheduler.compute(session, { steps })
  return { steps, snapshot: session.snapshot(false) }
}

/** The file's name in `files/`: its own, or one with a number where another file has that name. */
function keepFile(session: Session, { name: given, bytes, path }: ImportRequest): string {
  const folder = session.workspace.files
  const safe = safeFileName(given)
  mkdirSync(folder, { recursive: true })
  if (bytes === undefined && path === undefined) {
    if (existsSync(join(folder, safe))) return safe
    throw new FaultError(error('foreign-file-missing', `The file ${given} is not part of the experiment.`, { tip: 'Drop it on the window again.' }))
  }
  const source = path === undefined ? undefined : userPath(path)
  if (source !== undefined && !existsSync(source)) throw new FaultError(error('file-missing', `There is no file ${basename(source)}.`, { tip: 'Check the path.' }))
  const size = source === undefined ? bytes!.length : statSync(source).size
  if (size > defaultLimits.arrayBytes) throw new FaultError(error('file-too-large', `${given} is too large to be imported.`, { tip: 'Export the array you need alone.' }))
  if (source !== undefined) checkForeignFile(source)
  const content = source === undefined ? bytes! : readFileSync(source)
  const extension = extname(safe)
  for (let n = 1; ; n++) {
    const name = n === 1 ? safe : `${safe.slice(0, safe.length - extension.length)}-${n}${extension}`
    const target = join(folder, name)
    if (existsSync(target) && !readFileSync(target).equals(content)) continue
    if (!existsSync(target)) {
      if (source === undefined) writeFileSync(target, content)
      else copyFileSync(source, target)
    }
    return name
  }
}

function addSteps(session: Session, file: string, choose: NonNullable<ImportRequest['choose']>): string[] {
  const gesture = `import ${file} ${session.revision}`
  return choose.map(({ array, axes }) => {
    const { steps } = session.document as unknown as ExperimentDocument
    const id = freeId(file, steps.map(step => step.id))
    const step: Json = { id, kind: 'import', file, array, axes }
    session.edit({ path: ['steps', steps.length], after: step }, gesture)
    return id
  })
}

/** A name that the file format takes: letters, digits, `_`, `-` and single dots. */
export const safeFileName = (given: string): string => basename(given).replace(/[^\w.-]+/g, '-').replace(/\.{2,}/g, '.').replace(/^[.-]+|\.$/g, '').slice(-90) || 'data'

/** A step id from a file's name: `burgers_shock.mat` gives `burgers-shock`. */
export function freeId(file: string, taken: readonly string[]): string {
  const word = basename(file, extname(file)).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+/, '').replace(/-+$/, '').slice(0, 28) || 'data'
  for (let n = 1; ; n++) {
    const id = n === 1 ? word : `${word}-${n}`
    if (!taken.includes(id)) return id
  }
}
