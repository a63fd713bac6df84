import type { ExperimentDocument, ProblemEntry, Statement } from '../../../shared/experiment/document'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import type { Registry } from '../../../shared/protocol/contract'
import { applyEdit, replaceEdit, valueAt, type Edit } from '../../app/patches'

/** The spelled-out statement of a problem: its own, or the catalogue's with overridden parameters; undefined for an unknown id. */
export function statementOf(registry: Registry, problem: ProblemEntry | undefined): Statement | undefined {
  if (!problem) return undefined
  if (!('catalogue' in problem)) return problem
  const statement = registry.problems.find(entry => entry.id === problem.catalogue)?.statement as Statement | undefined
  if (!statement || !problem.parameters) return statement
  return { ...statement, parameters: { ...statement.parameters, ...problem.parameters } }
}

/** The document with a catalogue problem written out, so that every problem is shown and edited in the same way. */
export function spelledDocument(registry: Registry, document: ExperimentDocument): ExperimentDocument {
  if (!document.problem || !('catalogue' in document.problem)) return document
  const statement = statementOf(registry, document.problem)
  return statement ? { ...document, problem: statement } : document
}

/** Edits of a catalogue problem as one edit of the document: overrides of its parameters, or the statement written out and changed. */
export function catalogueEdit(document: ExperimentDocument, spelled: ExperimentDocument, edits: readonly Edit[]): Edit {
  const overrides = edits.every(({ path, before, after }) => path.length === 3 && path[1] === 'parameters' && before !== undefined && after !== undefined)
  if (overrides) {
    const old = valueAt(document as unknown as Json, ['problem', 'parameters'])
    return replaceEdit(document, ['problem', 'parameters'], { ...(isJsonObject(old) ? old : {}), ...Object.fromEntries(edits.map(({ path, after }) => [String(path[2]), after!])) })
  }
  return replaceEdit(document, ['problem'], edits.reduce<ExperimentDocument>(applyEdit, spelled).problem as unknown as Json)
}

export const coordinateNames = ['x', 'y', 'z'] as const
export const sidesOf = (axes: number): readonly string[] => ['left', 'right', 'bottom', 'top', 'back', 'front'].slice(0, 2 * axes)

/** A key that does not collide, for a new line: `a`, `b`, … */
export function freeName(taken: readonly string[], candidates: readonly string[] = [...'abcfghkmpqrsvw']): string {
  return candidates.find(name => !taken.includes(name)) ?? `p${taken.length + 1}`
}

/** The same record with one key renamed; the order of lines carries meaning and stays. */
export function renamedKey<T>(record: Readonly<Record<string, T>>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key === from ? to : key, value]))
}

/** `u, v` as names; undefined when one of them is none. */
export function namesFrom(text: string): string[] | undefined {
  const names = text.split(/[,\s]+/).filter(Boolean)
  return names.length > 0 && names.every(name => /^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(name)) ? names : undefined
}
