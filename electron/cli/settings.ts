import type { ExperimentDocument } from '../../shared/experiment/document'
import { nearestName } from '../../shared/fault'
import type { Json, JsonObject } from '../../shared/json'
import { isJsonArray, isJsonObject } from '../../shared/json'
import { usageFault } from './arguments'

/**
 * `--set path=value`. The first word of the path is a step's id, or a key of the document (`problem.parameters.k`); further words are keys or indices,
 * with dots or brackets. The value is JSON where it parses as JSON, otherwise text. Objects on the way are made. Faults: setting-syntax, setting-path.
 */
export function applySetting(document: Json, setting: string): Json {
  const equals = setting.indexOf('=')
  if (equals < 1) throw usageFault('setting-syntax', `--set ${setting} is not of the form path=value.`, 'For example: --set problem.parameters.k=2')
  const path = words(setting.slice(0, equals))
  if (path.length === 0 || path.some(word => word === '')) throw usageFault('setting-syntax', `--set ${setting}: the path is malformed.`, 'For example: --set fd.resolution=[257,257]')
  if (path.some(word => ['__proto__', 'constructor', 'prototype'].includes(word))) throw usageFault('setting-path', `--set ${setting}: this key is not allowed.`)
  const value = parseValue(setting.slice(equals + 1))
  const steps = isJsonObject(document) && isJsonArray(document.steps) ? (document as unknown as ExperimentDocument).steps : []
  const index = steps.findIndex(step => isJsonObject(step) && step.id === path[0])
  if (index >= 0) {
    if (path.length === 1) throw usageFault('setting-path', `--set ${setting}: say which option of ${path[0]}.`, `For example: --set ${path[0]}.resolution=[257,257]`)
    return placed(document, ['steps', String(index), ...path.slice(1)], value, setting)
  }
  const keys = ['problem', 'seed', 'title', 'notes', 'steps', 'figures']
  if (!keys.includes(path[0])) {
    const names = [...steps.map(step => String(step.id)), ...keys]
    const near = nearestName(path[0], names)
    throw usageFault('setting-path', `--set ${setting}: "${path[0]}" is neither a step nor a key of the document.`, near ? `Did you mean "${near}"?` : `Known: ${names.join(', ')}.`)
  }
  return placed(document, path, value, setting)
}

const words = (path: string): string[] => path.replace(/\[(\d+)\]/g, '.$1').split('.')

function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}

function placed(target: Json | undefined, path: readonly string[], value: Json, setting: string): Json {
  if (path.length === 0) return value
  const [word, ...rest] = path
  if (isJsonArray(target)) {
    const index = Number(word)
    if (!/^\d+$/.test(word) || index >= target.length) throw usageFault('setting-path', `--set ${setting}: there is no entry ${word} in a list of ${target.length}.`, 'Entries count from 0.')
    return target.map((item, i) => (i === index ? placed(item, rest, value, setting) : item))
  }
  if (target !== undefined && !isJsonObject(target)) throw usageFault('setting-path', `--set ${setting}: "${word}" cannot be set inside ${JSON.stringify(target)}.`)
  const object: JsonObject = target ?? {}
  return { ...object, [word]: placed(Object.hasOwn(object, word) ? object[word] : undefined, rest, value, setting) }
}
