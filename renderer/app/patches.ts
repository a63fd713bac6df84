import type { ExperimentDocument } from '../../shared/experiment/document'
import type { Json } from '../../shared/json'
import { isJsonArray, isJsonObject } from '../../shared/json'

export type Path = readonly (string | number)[]

/** One change of the document as the window makes it: `after` absent removes, on an array's place `insert` puts a new entry there. */
export interface Edit {
  readonly path: Path
  readonly before?: Json
  readonly after?: Json
}

/** The value at a path, undefined where there is nothing. */
export function valueAt(root: Json | undefined, path: Path): Json | undefined {
  let value = root
  for (const key of path) {
    if (isJsonArray(value) && typeof key === 'number') value = value[key]
    else if (isJsonObject(value) && Object.hasOwn(value, key)) value = value[key]
    else return undefined
  }
  return value
}

/** Sets or removes the value at `path`; `before` is read from the document. Where an object on the way is missing, it is added with the value in it. */
export function replaceEdit(document: ExperimentDocument, path: Path, after: Json | undefined): Edit {
  const root = document as unknown as Json
  const missing = path.findIndex((_, i) => i > 0 && valueAt(root, path.slice(0, i)) === undefined)
  if (missing < 0) return { path, before: valueAt(root, path), after }
  const inner = path.slice(missing)
  return { path: path.slice(0, missing), after: after === undefined ? undefined : inner.reduceRight<Json>((value, key) => (typeof key === 'number' ? [value] : { [key]: value }), after) }
}

/** Neither takes away nor puts in. */
export const isNothing = (edit: Edit): boolean => edit.before === undefined && edit.after === undefined
/** Inserts an entry into an array (at its end when the index is its length). */
export const insertEdit = (path: Path, after: Json): Edit => ({ path, after })

/**
 * The document after an edit; entries that did not change keep their identity. In an array an edit without `before` inserts and one
 * without `after` removes.
 */
export function applyEdit<T>(root: T, edit: Edit): T {
  return change(root as Json, edit.path, edit) as T
}

function change(value: Json | undefined, path: Path, edit: Edit): Json | undefined {
  if (path.length === 0) return edit.after
  const [key, ...rest] = path
  if (typeof key === 'number') {
    const list = isJsonArray(value) ? [...value] : []
    if (rest.length > 0) list[key] = change(list[key], rest, edit) as Json
    else if (edit.after === undefined) list.splice(key, 1)
    else if (edit.before === undefined) list.splice(key, 0, edit.after)
    else list[key] = edit.after
    return list
  }
  const object: Record<string, Json> = isJsonObject(value) ? { ...value } : {}
  const next = change(object[key], rest, edit)
  if (next === undefined) delete object[key]
  else object[key] = next
  return object
}

/** `problem.equations[0]` as keys; the form in which faults name their place. */
export function pathFromText(text: string): (string | number)[] {
  return [...text.matchAll(/\[(\d+)\]|\["([^"]*)"\]|([^.[\]]+)/g)].map(([, index, quoted, name]) => (index !== undefined ? Number(index) : (quoted ?? name)))
}

export function textFromPath(path: Path): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('')
}
