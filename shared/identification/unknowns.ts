import type { Statement } from '../experiment/document'
import { constantNames, evaluate, freeNames, parseCondition, parseEquation, parseExpression, substitute, type Expression } from '../expressions'
import type { Libm } from '../expressions/libm'
import { error, nearestName, type Fault } from '../fault'
import type { IdentificationRequest, IdentificationStep } from './method'

/** What a named unknown is in the statement. */
export type UnknownRole = 'parameter' | 'definition'

export function roleOf(name: string, { parameters, definitions }: Statement): UnknownRole | undefined {
  if (Object.hasOwn(parameters ?? {}, name)) return 'parameter'
  return Object.hasOwn(definitions ?? {}, name) ? 'definition' : undefined
}

/** Faults of `unknown`, `truth` and `start` against the statement. Paths are relative to the step. */
export function unknownFaults({ statement, unknown, truth, start }: Pick<IdentificationStep, 'statement' | 'unknown' | 'truth' | 'start'>): Fault[] {
  if (!statement) return []
  if (unknown.length === 0) return [error('missing-unknown', 'The step does not say what is unknown.', { where: { path: 'unknown' }, tip: `Name parameters of the statement: "unknown": [${Object.keys(statement.parameters ?? {}).slice(0, 3).map(n => `"${n}"`).join(', ') || '"…"'}].` })]
  const known = [...Object.keys(statement.parameters ?? {}), ...Object.keys(statement.definitions ?? {})]
  const used = usedNames(statement)
  const faults = unknown.flatMap((name, i): Fault[] => {
    const where = { path: `unknown[${i}]` }
    if (unknown.indexOf(name) < i) return [error('duplicate-unknown', `"${name}" is named twice.`, { where, tip: 'Remove one of them.' })]
    if (!roleOf(name, statement)) {
      const near = nearestName(name, known)
      return [error('unknown-not-in-statement', `The statement has no parameter or definition "${name}".`, { where, tip: near ? `Did you mean "${near}"?` : known.length > 0 ? `It has ${known.slice(0, 12).join(', ')}.` : 'Give the statement "parameters".' })]
    }
    if (used.domain.has(name)) return [error('unknown-in-domain', `"${name}" changes the domain or the time interval, which are not identified.`, { where, tip: 'Leave it out of "unknown".' })]
    if (!used.equations.has(name)) return [error('unknown-not-used', `No equation, boundary condition or initial value of the statement contains "${name}".`, { where, tip: 'Leave it out of "unknown", or use it in the statement.' })]
    return []
  })
  if (faults.length > 0) return faults
  for (const [key, given] of [['truth', truth], ['start', start]] as const) {
    for (const name of Object.keys(given)) {
      if (unknown.includes(name)) continue
      const near = nearestName(name, unknown)
      faults.push(error('not-unknown', `"${name}" has a value in "${key}" and is not among the unknowns.`, { where: { path: `${key}.${name}` }, tip: near ? `Did you mean "${near}"?` : `The unknowns are ${unknown.join(', ')}.` }))
    }
  }
  const roles = new Set(unknown.map(name => roleOf(name, statement)))
  if (faults.length === 0 && roles.size > 1) faults.push(error('mixed-unknowns', 'Parameters and a coefficient field cannot be unknown together in this version.', { where: { path: 'unknown' }, tip: 'Identify them in two steps.' }))
  return faults
}

/** Names that the statement's texts reach, through definitions and parameters. */
function usedNames(statement: Statement): { readonly equations: ReadonlySet<string>; readonly domain: ReadonlySet<string> } {
  const texts = [...statement.equations, ...(statement.boundary ?? []).flatMap(({ on, condition }) => [condition, ...(typeof on === 'string' ? [on] : on)]), ...Object.values(statement.initial ?? {})]
  const numbers = (value: unknown): string[] => (typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : [])
  const { shape: _, ...domain } = statement.domain
  return { equations: reached(texts, statement), domain: reached(numbers([domain, statement.time]), statement) }
}

function reached(texts: readonly string[], { parameters, definitions }: Statement): Set<string> {
  const names = new Set<string>()
  const visit = (text: string): void => {
    for (const name of namesIn(text)) {
      if (names.has(name)) continue
      names.add(name)
      for (const given of [parameters, definitions]) if (given && Object.hasOwn(given, name) && typeof given[name] === 'string') visit(given[name])
    }
  }
  texts.forEach(visit)
  return names
}

function namesIn(text: string): Iterable<string> {
  const equation = parseEquation(text)
  if (equation.ok) return [...freeNames(equation.value.left).keys(), ...freeNames(equation.value.right).keys()]
  const condition = parseCondition(text)
  if (condition.ok) return freeNames(condition.value).keys()
  const expression = parseExpression(text)
  return expression.ok ? freeNames(expression.value).keys() : []
}

/** A number, or the value of an expression of constants and the statement's parameters; undefined when it is none. */
export function scalarValue(given: number | string, parameters: Readonly<Record<string, number>>, libm: Libm): number | undefined {
  if (typeof given === 'number') return given
  const parsed = parseExpression(given)
  if (!parsed.ok || [...freeNames(parsed.value).keys()].some(name => !Object.hasOwn(parameters, name) && !constantNames.has(name))) return undefined
  const value = evaluate(parsed.value, parameters, libm)
  return Number.isFinite(value) ? value : undefined
}

/** First values of parameters: what the step says, or the statement. */
export function firstValues({ unknown, start, problem, libm }: Pick<IdentificationRequest, 'unknown' | 'start' | 'problem' | 'libm'>): Float64Array {
  const { parameters } = problem!
  return Float64Array.from(unknown, name => (Object.hasOwn(start, name) ? scalarValue(start[name], parameters, libm)! : parameters[name]))
}

/** An expression over coordinates, with the statement's parameters put in; undefined when it does not parse. */
export function fieldExpression(given: number | string, parameters: Readonly<Record<string, number>>): Expression | undefined {
  if (typeof given === 'number') return { kind: 'number', value: given }
  const parsed = parseExpression(given)
  if (!parsed.ok) return undefined
  return substitute(parsed.value, Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, { kind: 'number', value } as const])))
}

/** The statement with other values of parameters. */
export const withParameters = (statement: Statement, values: Readonly<Record<string, number>>): Statement => ({ ...statement, parameters: { ...statement.parameters, ...values } })
