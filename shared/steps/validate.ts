import { z } from 'zod'
import type { ExperimentDocument, ProblemEntry, StepEnvelope } from '../experiment/document'
import { catalogueReferenceSchema, deviceName, formatName, statementSchema, stepIdPattern } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error, nearestName } from '../fault'
import { checkFigure } from '../figures/check'
import type { Json } from '../json'
import { isJsonArray, isJsonObject } from '../json'
import type { Analysis } from '../problems/analyse'
import { analyse } from '../problems/analyse'
import { stepKind, stepKinds } from './registry'
import { pathText, schemaFaults } from './schema-faults'

export interface Validation {
  /** Errors and warnings, in document order. */
  readonly faults: readonly Fault[]
  /** Present when the envelope holds together, even if the statement or a step has faults: what an editor can open. */
  readonly document?: ExperimentDocument
  readonly analysis?: Analysis
  /** True when nothing but warnings was found: it can be run. */
  readonly valid: boolean
}

const envelopeSchema = z.strictObject({
  format: z.string(),
  title: z.string().max(500),
  notes: z.string().optional(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  problem: z.unknown().optional(),
  steps: z.array(z.looseObject({ id: z.string(), kind: z.string() })).max(256),
  figures: z.array(z.unknown()).max(256).optional(),
})

/** Everything that can be told about a document without running it. Never throws, whatever it is given. */
export function validateDocument(json: unknown, libm: Libm): Validation {
  if (!isJsonObject(json as Json)) return { faults: [error('not-a-document', 'This is not an experiment document: its top level is not an object.', { tip: 'It starts with { "format": "residuum/1", … }.' })], valid: false }
  const forbidden = forbiddenKey(json as Json, [])
  if (forbidden) return { faults: [forbidden], valid: false }
  const faults: Fault[] = schemaFaults(envelopeSchema, json)
  if (faults.length > 0) return { faults, valid: false }
  const document = json as ExperimentDocument
  if (document.format !== formatName) {
    const newer = /^residuum\/\d+$/.test(document.format)
    return { faults: [error('format', `The document's format is "${document.format}"; this version reads "${formatName}".`, { where: { path: 'format' }, tip: newer ? 'Open it with a newer version of Residuum.' : `Set "format": "${formatName}".` })], valid: false }
  }
  const analysis = document.problem === undefined ? undefined : analyseEntry(document.problem, faults, libm)
  checkSteps(document, analysis, faults, libm)
  checkFigures(document, faults)
  return { faults, document, analysis, valid: faults.every(f => f.severity !== 'error') }
}

function analyseEntry(entry: unknown, faults: Fault[], libm: Libm): Analysis | undefined {
  const isReference = isJsonObject(entry as Json) && 'catalogue' in (entry as object)
  const shape = schemaFaults(isReference ? catalogueReferenceSchema : statementSchema, entry)
  if (shape.length > 0) {
    faults.push(...shape.map(f => prefixed(f, 'problem')))
    return undefined
  }
  const analysis = analyse((isReference ? entry : statementSchema.parse(entry)) as ProblemEntry, libm)
  faults.push(...analysis.faults)
  return analysis
}

const prefixed = (fault: Fault, prefix: string): Fault => {
  const path = fault.where?.path
  return { ...fault, where: { ...fault.where, path: !path ? prefix : path.startsWith('[') ? prefix + path : `${prefix}.${path}` } }
}

function checkSteps(document: ExperimentDocument, analysis: Analysis | undefined, faults: Fault[], libm: Libm): void {
  const seen = new Set<string>()
  document.steps.forEach((step, i) => {
    const place = `steps[${i}]`
    if (!stepIdPattern.test(step.id)) faults.push(error('step-id', `"${step.id}" cannot be a step's id.`, { where: { path: `${place}.id` }, tip: deviceName.test(step.id) ? 'Windows gives this name to a device; choose another.' : 'Use a small letter, then up to 31 small letters, digits and hyphens.' }))
    if (seen.has(step.id)) faults.push(error('duplicate-step', `Two steps have the id "${step.id}".`, { where: { path: `${place}.id` }, tip: 'Rename one of them.' }))
    seen.add(step.id)
    const kind = stepKind(step.kind)
    if (!kind) {
      const names = stepKinds.map(k => k.descriptor.id)
      const near = nearestName(step.kind, names)
      faults.push(error('unknown-kind', `There is no kind of step "${step.kind}".`, { where: { path: `${place}.kind` }, tip: near ? `Did you mean "${near}"?` : `This version has ${names.join(', ')}.` }))
      return
    }
    if (kind.descriptor.supports?.includes('problem') && document.problem === undefined) {
      faults.push(error('missing-problem', `The step "${step.id}" needs a problem, and the document has none.`, { where: { path: 'problem' } }))
    }
    faults.push(...kind.check(step, document, analysis?.problem, libm).map(f => prefixed(f, place)))
  })
  // A step that names itself was mostly told so by its own check.
  faults.push(...cycles(document.steps).filter(cycle => !faults.some(fault => fault.severity === 'error' && fault.where?.path?.startsWith(`${cycle.where?.path}.`))))
}

function cycles(steps: readonly StepEnvelope[]): Fault[] {
  const state = new Map<string, 'open' | 'closed'>()
  const visit = (step: StepEnvelope): StepEnvelope | undefined => {
    if (state.get(step.id) === 'closed') return undefined
    if (state.get(step.id) === 'open') return step
    state.set(step.id, 'open')
    for (const id of stepKind(step.kind)?.inputs(step, { steps }) ?? []) {
      const input = steps.find(s => s.id === id)
      const found = input && visit(input)
      if (found) return found
    }
    state.set(step.id, 'closed')
    return undefined
  }
  for (const step of steps) {
    const found = visit(step)
    if (found) return [error('step-cycle', `The step "${found.id}" depends on itself.`, { where: { path: `steps[${steps.indexOf(found)}]` } })]
  }
  return []
}

function checkFigures(document: ExperimentDocument, faults: Fault[]): void {
  document.figures?.forEach((figure, i) => {
    const checked = checkFigure(figure)
    if (!checked.ok) faults.push(...checked.faults.map(f => prefixed(f, `figures[${i}]`)))
  })
}

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** Keys that could reach an object's prototype have no business in a document. Depth is limited so that no walk overflows. */
function forbiddenKey(value: Json, path: readonly PropertyKey[]): Fault | undefined {
  if (path.length > 64) return error('too-deep', 'The document is nested more than 64 levels deep.', { where: { path: pathText(path.slice(0, 4)) } })
  if (isJsonArray(value)) return first(value.map((item, i) => () => forbiddenKey(item, [...path, i])))
  if (!isJsonObject(value)) return undefined
  for (const key of Object.getOwnPropertyNames(value)) {
    if (forbiddenKeys.has(key)) return error('forbidden-key', `The key "${key}" is not allowed in a document.`, { where: { path: pathText([...path, key]) }, tip: 'Remove it.' })
  }
  return first(Object.keys(value).map(key => () => forbiddenKey(value[key], [...path, key])))
}

function first(checks: readonly (() => Fault | undefined)[]): Fault | undefined {
  for (const check of checks) {
    const fault = check()
    if (fault) return fault
  }
  return undefined
}
