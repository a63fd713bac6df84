import { z } from 'zod'
import type { Fault } from '../fault'
import { error, nearestName } from '../fault'

type JsonSchema = { properties?: Record<string, JsonSchema>; items?: JsonSchema; prefixItems?: JsonSchema[]; anyOf?: JsonSchema[]; oneOf?: JsonSchema[]; const?: unknown; enum?: unknown[]; additionalProperties?: JsonSchema | boolean }
type Issue = z.core.$ZodIssue

/** What a value violates in a schema, as faults with paths like `time.method` or `steps[0].resolution[1]`; unknown keys name the nearest valid one. */
export function schemaFaults(schema: z.ZodType, value: unknown, otherKeys: readonly string[] = []): Fault[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const faults = parsed.error.issues.flatMap(issue => issueFaults(issue, [], value, json, otherKeys))
  // 1e308 is beyond what counts exactly and beyond the option's own limit: the last, the narrower one, is told.
  return faults.filter((fault, i) => fault.code !== 'too-large' || !faults.some((other, k) => k > i && other.code === 'too-large' && other.where?.path === fault.where?.path))
}

function issueFaults(issue: Issue, before: readonly PropertyKey[], value: unknown, json: JsonSchema, otherKeys: readonly string[]): Fault[] {
  const path = [...before, ...issue.path]
  const where = { path: pathText(path) }
  const given = valueAt(value, path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = [...keysAt(json, path), ...(path.length === 0 ? otherKeys : [])]
      return issue.keys.map(key => {
        const near = nearestName(key, known)
        // Known, but of another branch of a union of objects.
        if (near === key) return error('unknown-key', `The key "${key}" does not go together with the others here.`, { where: { path: pathText([...path, key]) }, tip: `Choose one of ${known.join(', ')}.` })
        return error('unknown-key', `Unknown key "${key}".`, { where: { path: pathText([...path, key]) }, tip: near ? `Did you mean "${near}"?` : `Known here: ${known.join(', ') || 'nothing'}.` })
      })
    }
    case 'invalid_union': {
      // A discriminated union whose key is missing or names no branch has no branches to compare.
      if (issue.errors.length === 0) {
        const choices = choicesAt(json, path)
        const known = choices.length > 0 ? { tip: `The choices are ${choices.join(', ')}.` } : {}
        if (given === undefined) return [error('missing-key', `"${String(path[path.length - 1] ?? 'value')}" is missing.`, { where: { path: pathText(path.slice(0, -1)) }, ...known })]
        return [error('wrong-value', `${describe(given)} is not one of the choices.`, { where, ...known })]
      }
      // The branch that fits best tells most: fewest faults, deepest first fault.
      const branches = issue.errors.map(list => list.flatMap(inner => issueFaults(inner, path, value, json, [])))
      const matching = branches.filter(b => b.length > 0)
      const atSamePlace = matching.every(b => b.length === 1 && b[0].code === 'wrong-type' && b[0].where?.path === where.path)
      if (matching.length === 0 || atSamePlace) return [error('wrong-type', `${describe(given)} does not fit here.`, { where, tip: `Expected ${[...new Set(issue.errors.flat().map(i => expected(i)))].filter(Boolean).join(' or ')}.` })]
      const choices = issue.errors.flatMap(list => list.flatMap(inner => (inner.code === 'invalid_value' && inner.path.length === 0 ? inner.values.map(String) : [])))
      if (choices.length > 0 && matching.every(b => b.length === 1 && b[0].code === 'wrong-value' && b[0].where?.path === where.path)) {
        return [error('wrong-value', `${describe(given)} is not one of the choices.`, { where, tip: `The choices are ${[...new Set(choices)].join(', ')}.` })]
      }
      return matching.sort((a, b) => Number(a[0].code === 'wrong-type') - Number(b[0].code === 'wrong-type') || a.length - b.length)[0]
    }
    case 'invalid_type':
      return [given === undefined
        ? error('missing-key', `"${String(path[path.length - 1] ?? 'value')}" is missing.`, { where: { path: pathText(path.slice(0, -1)) }, tip: `Expected ${expected(issue)}.` })
        : error('wrong-type', `${describe(given)} does not fit here.`, { where, tip: `Expected ${expected(issue)}.` })]
    case 'invalid_value': {
      const values = issue.values.map(String)
      const near = typeof given === 'string' ? nearestName(given, values) : undefined
      return [error('wrong-value', `${describe(given)} is not one of the choices.`, { where, tip: near ? `Did you mean "${near}"? The choices are ${values.join(', ')}.` : `The choices are ${values.join(', ')}.` })]
    }
    case 'too_small':
      return [error('too-small', issue.origin === 'array' ? `There are too few entries: at least ${issue.minimum} are needed.` : `${describe(given)} is too small: ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum} is needed.`, { where })]
    case 'too_big':
      return [error('too-large', issue.origin === 'array' ? `There are too many entries: at most ${issue.maximum} are taken.` : `${describe(given)} is too large: ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum} is taken.`, { where })]
    default:
      return [error('invalid-value', `${describe(given)} does not fit here: ${issue.message}.`, { where })]
  }
}

function expected(issue: Issue): string {
  if (issue.code === 'invalid_type') return { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', tuple: 'a list', object: 'an object', record: 'an object' }[issue.expected as string] ?? String(issue.expected)
  if (issue.code === 'invalid_value') return issue.values.map(v => JSON.stringify(v)).join(' or ')
  return ''
}

const describe = (value: unknown): string => {
  if (value === undefined) return 'Nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown => path.reduce<unknown>((v, key) => (typeof v === 'object' && v !== null && Object.hasOwn(v, key) ? (v as Record<PropertyKey, unknown>)[key] : undefined), value)

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${String(key)}` : String(key)), '')
}

/** Constants that the key at the end of a path may be, over all branches that have it. */
function choicesAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  const alternatives = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (path.length === 0) return [...new Set(alternatives.flatMap(s => (s.const === undefined ? (s.enum ?? []) : [s.const])).map(String))]
  const [key, ...rest] = path
  return [...new Set(alternatives.flatMap(s => {
    const inner = typeof key === 'number' ? (s.prefixItems?.[key] ?? s.items) : s.properties?.[String(key)]
    return inner ? choicesAt(inner, rest) : []
  }))]
}

function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): string[] {
  const alternatives = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (path.length === 0) return [...new Set(alternatives.flatMap(s => Object.keys(s.properties ?? {})))]
  const [key, ...rest] = path
  return [...new Set(alternatives.flatMap(s => {
    const inner = typeof key === 'number' ? (s.prefixItems?.[key] ?? s.items) : (s.properties?.[String(key)] ?? (typeof s.additionalProperties === 'object' ? s.additionalProperties : undefined))
    return inner ? keysAt(inner, rest) : []
  }))]
}
