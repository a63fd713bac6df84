import type { ProblemEntry, Statement } from '../../../shared/experiment/document'
import type { Registry } from '../../../shared/protocol/contract'

/** The spelled-out statement of a problem: its own, or the catalogue's with overridden parameters; undefined for an unknown id. */
export function statementOf(registry: Registry, problem: ProblemEntry | undefined): Statement | undefined {
  if (!problem) return undefined
  if (!('catalogue' in problem)) return problem
  const statement = registry.problems.find(entry => entry.id === problem.catalogue)?.statement as Statement | undefined
  if (!statement || !problem.parameters) return statement
  return { ...statement, parameters: { ...statement.parameters, ...problem.parameters } }
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
