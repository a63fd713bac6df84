import type { Json, JsonObject } from '../../../shared/json'
import { canonicalJson, isJsonArray, isJsonObject } from '../../../shared/json'
import { fail, succeed, error } from '../../../shared/fault'
import type { Outcome } from '../../../shared/fault'

/**
 * One change at one place. `before` absent: the place did not exist; `after` absent: it is removed. In an array, a change with `before` absent
 * inserts in front of the index (at the end: appends), one with `after` absent removes.
 */
export interface Change {
  readonly path: readonly (string | number)[]
  readonly before?: Json
  readonly after?: Json
}

export const inverseOf = ({ path, before, after }: Change): Change => ({ path, before: after, after: before })

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])
const stale = (): { readonly ok: false; readonly faults: readonly ReturnType<typeof error>[] } =>
  fail(error('stale-edit', 'The place was changed meanwhile, so this edit was not applied.', { tip: 'Look at what is there now and edit again.' }))

/** The document after the change; the old one is untouched and shares what did not change. Faults: stale-edit, forbidden-key. */
export function applyChange(document: Json, change: Change): Outcome<Json> {
  if (change.path.some(word => forbidden.has(String(word))) || hasForbiddenKey(change.after)) {
    return fail(error('forbidden-key', 'The edit holds a key that is not allowed in a document.', { tip: 'Remove __proto__, constructor or prototype.' }))
  }
  return applyAt(document, change.path, change)
}

function applyAt(value: Json | undefined, path: readonly (string | number)[], change: Change): Outcome<Json> {
  if (path.length === 0) {
    if (change.after === undefined || !same(value, change.before)) return stale()
    // Only the document itself has an empty path.
    if (!isJsonObject(change.after)) return fail(error('not-a-document', 'The edit would put something else in the place of the document.', { tip: 'A document is an object.' }))
    return succeed(change.after)
  }
  const [word, ...rest] = path
  if (isJsonArray(value)) {
    if (typeof word !== 'number' || word > value.length) return stale()
    if (rest.length > 0) return replaced(applyAt(value[word], rest, change), item => value.map((old, i) => (i === word ? item : old)))
    if (change.before === undefined && change.after !== undefined) return succeed([...value.slice(0, word), change.after, ...value.slice(word)])
    if (word === value.length || !same(value[word], change.before)) return stale()
    return succeed(change.after === undefined ? [...value.slice(0, word), ...value.slice(word + 1)] : value.map((old, i) => (i === word ? change.after! : old)))
  }
  if (!isJsonObject(value) || typeof word !== 'string') return stale()
  const present = Object.hasOwn(value, word) ? value[word] : undefined
  if (rest.length > 0) return present === undefined ? stale() : replaced(applyAt(present, rest, change), item => withKey(value, word, item))
  if (!same(present, change.before)) return stale()
  return succeed(withKey(value, word, change.after))
}

function withKey(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value }
  const { [key]: _, ...rest } = object
  return rest
}

const replaced = (inner: Outcome<Json>, place: (item: Json) => Json): Outcome<Json> => (inner.ok ? succeed(place(inner.value)) : inner)

const same = (a: Json | undefined, b: Json | undefined): boolean => (a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b))

function hasForbiddenKey(value: Json | undefined, depth = 0): boolean {
  if (depth > 64) return true
  if (isJsonArray(value)) return value.some(item => hasForbiddenKey(item, depth + 1))
  return isJsonObject(value) && Object.getOwnPropertyNames(value).some(key => forbidden.has(key) || hasForbiddenKey(value[key], depth + 1))
}

/** What the change is called in the Edit menu: "Undo Change resolution of fd". */
export function labelOf(change: Change, document: Json): string {
  const verb = change.before === undefined ? 'Add' : change.after === undefined ? 'Remove' : 'Change'
  return `${verb} ${placeName(change, document)}`
}

function placeName({ path, before, after }: Change, document: Json): string {
  const [first, second, ...rest] = path
  if (first === 'steps' && typeof second === 'number') {
    const step = isJsonObject(document) && isJsonArray(document.steps) ? document.steps[second] : undefined
    const id = [rest.length === 0 ? (after ?? before) : undefined, step].map(s => (isJsonObject(s) ? s.id : undefined)).find(s => typeof s === 'string')
    return rest.length === 0 ? `step ${id ?? second + 1}` : `${words(rest[0])} of ${id ?? `step ${second + 1}`}`
  }
  if (first === 'figures') return typeof second === 'number' ? `figure ${second + 1}` : 'figures'
  if (first === 'problem' && second !== undefined) {
    const [item] = rest
    const singular: Record<string, string> = { equations: 'equation', boundary: 'boundary condition', parameters: 'parameter', definitions: 'definition', initial: 'initial value of', exact: 'exact solution of' }
    const name = singular[String(second)]
    if (name && item !== undefined) return `${name} ${typeof item === 'number' ? item + 1 : item}`
    return words(second)
  }
  return path.length === 0 ? 'the whole document' : words(first)
}

const words = (key: string | number): string => String(key).replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
