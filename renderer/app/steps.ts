import type { ExperimentDocument, ProblemEntry, StepEnvelope } from '../../shared/experiment/document'
import { stepIdPattern } from '../../shared/experiment/document'
import type { Json } from '../../shared/json'
import { isJsonArray, isJsonObject } from '../../shared/json'
import type { Registry } from '../../shared/protocol/contract'
import type { App } from './app'
import { insertEdit, replaceEdit, type Edit } from './patches'

/** A free id that starts with `base`: `fd`, `fd-2`, `fd-3`. */
export function freeId(base: string, steps: readonly StepEnvelope[]): string {
  const stem = base.toLowerCase().replace(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+/, '').slice(0, 28) || 'step'
  const taken = new Set(steps.map(step => step.id))
  if (!taken.has(stem)) return stem
  const root = stem.replace(/-\d+$/, '')
  for (let n = 2; ; n++) if (!taken.has(`${root}-${n}`)) return `${root}-${n}`
}

/** Inserts a step, selects it, and returns its id. */
export function addStep(app: App, kind: string, options: Readonly<Record<string, Json>> = {}, at?: number): string | undefined {
  const { document } = app.session.store.getState()
  if (!document) return undefined
  const id = freeId(shortNames[String(options.method ?? kind)] ?? String(options.method ?? kind), document.steps)
  app.session.edit(insertEdit(['steps', at ?? document.steps.length], { id, kind, ...options }))
  app.layout.setState({ selectedStep: id, inspectorShown: true, inspectorTab: 'options' })
  return id
}

/** Options that a new step starts with: the method that the catalogue suggests for this problem, or `auto`; the steps that it reads. */
export function defaultOptions(kind: string, document: Pick<ExperimentDocument, 'problem' | 'steps'>, registry: Pick<Registry, 'problems'>): Record<string, Json> {
  const { problem, steps } = document
  const solutions = steps.filter(step => step.kind === 'solve').map(step => step.id)
  const others = steps.filter(step => step.kind === 'solve' || step.kind === 'import').map(step => step.id)
  if (kind === 'solve') return { method: 'auto', ...suggested(problem, registry) }
  if (kind === 'compare') return { a: solutions[0] ?? '', b: others.findLast(id => id !== solutions[0]) ?? '' }
  if (kind === 'train') return { network: { kind: 'mlp', width: 64, depth: 1 }, optimizer: { kind: 'gauss-newton' }, budget: { steps: 150 } }
  if (kind === 'sweep') return sweepOptions(steps)
  if (kind === 'identify') return identifyOptions(problem, registry, others)
  if (kind === 'converge') return { method: 'finite-difference', resolutions: [17, 33, 65, 129] }
  return {}
}

/** The first parameter of the statement, from data that are there. */
function identifyOptions(problem: ProblemEntry | undefined, registry: Pick<Registry, 'problems'>, data: readonly string[]): Record<string, Json> {
  const own = problem && 'catalogue' in problem ? (registry.problems.find(entry => entry.id === problem.catalogue)?.statement as { parameters?: object } | undefined) : problem
  const names = Object.keys({ ...own?.parameters, ...(problem && 'catalogue' in problem ? problem.parameters : {}) })
  return { method: names.length > 0 ? 'adjoint' : 'terms', ...(names.length > 0 ? { unknown: names.slice(0, 1) } : {}), data: data.at(-1) ?? '' }
}

/** Trainings with several seeds; of solves, which have none, the last over grids. */
function sweepOptions(steps: readonly StepEnvelope[]): Record<string, Json> {
  const trained = steps.filter(step => step.kind === 'train').map(step => step.id)
  if (trained.length > 0) return { of: trained.slice(0, 32), seeds: 5 }
  const last = steps.findLast(step => step.kind === 'solve')
  const axes = last && isJsonArray(last.resolution) ? last.resolution.length : 2
  return last ? { over: { [`${last.id}.resolution`]: [17, 33, 65].map(n => new Array<Json>(axes).fill(n)) } } : {}
}

/** What the catalogue solves this problem with. One that was written out is still its own while domain, unknowns and equations are the same. */
function suggested(problem: ProblemEntry | undefined, registry: Pick<Registry, 'problems'>): Readonly<Record<string, Json>> | undefined {
  if (!problem) return undefined
  if ('catalogue' in problem) return registry.problems.find(entry => entry.id === problem.catalogue)?.defaults
  const words = ({ domain, unknowns, equations }: Partial<typeof problem>): string => JSON.stringify([domain, unknowns, equations])
  const own = words(problem)
  return registry.problems.find(entry => isJsonObject(entry.statement) && words(entry.statement as Partial<typeof problem>) === own)?.defaults
}

const shortNames: Record<string, string> = { auto: 'solve', 'finite-difference': 'fd', 'finite-element': 'fem', train: 'net' }

export function duplicateStep(app: App, id: string): void {
  const { document } = app.session.store.getState()
  const index = document?.steps.findIndex(step => step.id === id) ?? -1
  if (!document || index < 0) return
  const copy = { ...document.steps[index], id: freeId(id, document.steps) }
  app.session.edit(insertEdit(['steps', index + 1], copy))
  app.layout.setState({ selectedStep: copy.id })
}

export function removeStep(app: App, id: string): void {
  const { document } = app.session.store.getState()
  const index = document?.steps.findIndex(step => step.id === id) ?? -1
  if (!document || index < 0) return
  app.session.edit(replaceEdit(document, ['steps', index], undefined))
  const next = document.steps[index + 1] ?? document.steps[index - 1]
  if (app.layout.getState().selectedStep === id) app.layout.setState({ selectedStep: next?.id })
  app.notices.show({ severity: 'info', message: `Step ${id} removed.`, action: { label: 'Undo', run: () => void app.attempt(() => app.session.undo()) } })
}

/** Why a name cannot be a step's id, or undefined. */
export function idFault(id: string, steps: readonly StepEnvelope[], own: string): string | undefined {
  if (!stepIdPattern.test(id)) return 'A step’s name starts with a small letter and has only small letters, digits and hyphens (at most 32).'
  if (id !== own && steps.some(step => step.id === id)) return `There is already a step “${id}”.`
  return undefined
}

/** Renames a step and every reference to it among the inputs of other steps and in figures, as one undo step. */
export function renameStep(app: App, id: string, next: string): void {
  const { document } = app.session.store.getState()
  if (!document || id === next) return
  app.session.edit([...renameEdits(document.steps, id, next), ...figureEdits(document.figures, id, next)])
  if (app.layout.getState().selectedStep === id) app.layout.setState({ selectedStep: next })
}

/** Options in which steps name their inputs (experiment-format). */
const references = ['a', 'b', 'data', 'target', 'input', 'inputs', 'step', 'model', 'start', 'reference', 'of']

export function renameEdits(steps: readonly StepEnvelope[], id: string, next: string): Edit[] {
  const edits: Edit[] = []
  steps.forEach((step, i) => {
    if (step.id === id) edits.push({ path: ['steps', i, 'id'], before: id, after: next })
    for (const key of references) {
      const value: Json | undefined = step[key]
      if (value === id) edits.push({ path: ['steps', i, key], before: value, after: next })
      else if (isJsonArray(value) && value.includes(id)) edits.push({ path: ['steps', i, key], before: value, after: value.map(entry => (entry === id ? next : entry)) })
    }
    const over: Json | undefined = step.over
    if (isJsonObject(over)) {
      const renamed = Object.fromEntries(Object.entries(over).map(([key, value]) => [key.startsWith(`${id}.`) ? next + key.slice(id.length) : key, value]))
      if (JSON.stringify(renamed) !== JSON.stringify(over)) edits.push({ path: ['steps', i, 'over'], before: over, after: renamed })
    }
  })
  return edits
}

/** Options of marks that read "step/array" (shared/figures/specification.ts). */
const markReferences = ['data', 'x', 'group']

export function figureEdits(figures: ExperimentDocument['figures'], id: string, next: string): Edit[] {
  const renamed = (value: Json, key?: string): Json => {
    if (isJsonArray(value)) return value.map(entry => renamed(entry))
    if (isJsonObject(value)) return Object.fromEntries(Object.entries(value).map(([k, entry]) => [k, renamed(entry, k)]))
    return typeof value === 'string' && key !== undefined && markReferences.includes(key) && value.startsWith(`${id}/`) ? next + value.slice(id.length) : value
  }
  return (figures as readonly Json[]).flatMap((figure, i) => {
    const after = renamed(figure)
    return JSON.stringify(after) === JSON.stringify(figure) ? [] : [{ path: ['figures', i], before: figure, after }]
  })
}
