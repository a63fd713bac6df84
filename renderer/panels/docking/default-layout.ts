import type { ExperimentDocument, Statement } from '../../../shared/experiment/document'
import { isJsonArray, type Json } from '../../../shared/json'
import type { ArrayInfo, Snapshot, StepState } from '../../../shared/protocol/contract'
import { constantValue } from '../inspector/constant-value'
import type { ViewDescriptor } from '../view'

export interface Choice {
  readonly view: ViewDescriptor
  readonly array: ArrayInfo
}

/** The views that can show a step's arrays, best first: by rank, then fields before other arrays, then as they stand. */
export function viewsOf(step: StepState, document: ExperimentDocument, views: readonly ViewDescriptor[], statement?: Statement): Choice[] {
  // Unknowns as they were declared, then what else there is.
  const declared = statement?.unknowns.map(unknown => (typeof unknown === 'string' ? unknown : unknown.name)) ?? []
  const place = (array: ArrayInfo): number => (declared.includes(array.name) ? declared.indexOf(array.name) : declared.length)
  const arrays = [...arraysOf(step, document, statement)].sort((a, b) => place(a) - place(b))
  const choices = views.flatMap(view => arrays.filter(array => view.accepts(array, step, document)).map(array => ({ view, array })))
  const weight = (choice: Choice): number => (choice.view.rank ?? 0) * 10 + (choice.array.axes ? 5 : 0) - arrays.indexOf(choice.array) * 0.01
  return choices.sort((a, b) => weight(b) - weight(a))
}

/** A step's arrays; while it runs for the first time, what its live frames will show. `statement` is the document's, spelled out. */
export function arraysOf(step: StepState, document: ExperimentDocument, statement?: Statement): readonly ArrayInfo[] {
  if (step.result) return step.result.arrays
  return step.status === 'running' ? liveArrays(step.id, document, statement) : []
}

/** Nodes per axis of the pictures that a training sends while it runs, by dimension. */
const trainingNodes = [257, 61, 21]

/** The field a running solve or training is about to give, from its statement and resolution, and a training's loss; the ends of axes that hang on parameters are left to the frames. */
export function liveArrays(id: string, document: ExperimentDocument, statement?: Statement): readonly ArrayInfo[] {
  const step = document.steps.find(s => s.id === id)
  const problem = statement ?? (document.problem && !('catalogue' in document.problem) ? document.problem : undefined)
  if (!step || !problem || (step.kind !== 'solve' && step.kind !== 'train')) return []
  const trains = step.kind === 'train'
  const curves: ArrayInfo[] = trains ? [{ name: 'loss', shape: [2], minimum: 0, maximum: 1 }] : []
  const bounds = boundsOf(problem.domain)
  if (problem.domain.dimension !== undefined && problem.domain.dimension > 3) return curves
  const given = step.resolution as Json | undefined
  const axes = bounds.map((bound, i) => ({
    name: 'xyz'[i],
    lower: constantValue(String(bound[0])) ?? 0,
    upper: constantValue(String(bound[1])) ?? 1,
    nodes: trains ? trainingNodes[bounds.length - 1] : isJsonArray(given) && typeof given[i] === 'number' ? given[i] : typeof given === 'number' ? given : 65,
    periodic: problem.domain.periodic?.[i] ?? false,
  }))
  const fields = problem.unknowns.map(unknown => {
    const { name, type } = typeof unknown === 'string' ? { name: unknown, type: 'real' } : unknown
    const components = type === 'complex' ? ['re', 'im'] : type === 'vector' ? ['x', 'y', 'z'].slice(0, axes.length) : undefined
    return { name, shape: axes.map(axis => axis.nodes).reverse(), axes, ...(components ? { components } : {}), minimum: 0, maximum: 1 }
  })
  return [...fields, ...curves]
}

/** Ends of the bounding box along each axis, as far as they are numbers here. */
function boundsOf({ shape, bounds, center, radius, points }: Statement['domain']): readonly (readonly [number | string, number | string])[] {
  const value = (text: number | string): number => constantValue(String(text)) ?? 0
  if (shape === 'disk' || shape === 'ball') {
    const r = value(radius ?? 1)
    return (center ?? (shape === 'disk' ? [0, 0] : [0, 0, 0])).map(c => [value(c) - r, value(c) + r] as const)
  }
  if (shape === 'polygon') return [0, 1].map(k => [Math.min(...(points ?? []).map(p => value(p[k]))), Math.max(...(points ?? []).map(p => value(p[k])))] as const)
  return bounds ?? (shape === 'l-shape' ? [[-1, 1], [-1, 1]] : [])
}

/**
 * The step whose result a newly opened experiment should show: the last comparison; the sweep that everything else was made for; the last step with a picture of the
 * unknowns, be it solved, trained or identified; else what runs.
 */
export function stepToShow(snapshot: Snapshot, document: ExperimentDocument, statement?: Statement): StepState | undefined {
  const kindOf = (state: StepState): string | undefined => document.steps.find(step => step.id === state.id)?.kind
  const unknowns = (statement?.unknowns ?? []).map(unknown => (typeof unknown === 'string' ? unknown : unknown.name))
  const shown = snapshot.steps.filter(step => arraysOf(step, document, statement).length > 0)
  const withField = shown.filter(step => arraysOf(step, document, statement).some(array => array.axes))
  const isSolution = (step: StepState): boolean => {
    const kind = kindOf(step)
    return kind === 'solve' || kind === 'train' || (kind === 'identify' && arraysOf(step, document, statement).some(array => array.axes && unknowns.includes(array.name)))
  }
  const last = shown.at(-1)
  return withField.findLast(step => kindOf(step) === 'compare') ?? (last && kindOf(last) === 'sweep' ? last : undefined) ?? withField.findLast(isSolution) ?? withField.at(-1) ?? last
}

/** A view of this rank that shows fields, or all that a study found, shows everything: it wants the room for itself. */
const complete = 8

/** Of a sweep: its curves, and what it measured over what was varied; errors rather than losses. */
function bandChoices(all: readonly Choice[]): readonly (Choice | undefined)[] {
  const bands = all.filter(({ view }) => view.id === 'bands')
  return [true, false].map(wanted => {
    const such = bands.filter(({ array }) => (array.shape.length > 1) === wanted)
    return such.find(({ array }) => array.name.startsWith('relative_l2')) ?? such[0]
  })
}

/** Two views of a step side by side, or one where there is only one or it shows everything; different views rather than the same twice. */
export function defaultChoices(step: StepState, document: ExperimentDocument, views: readonly ViewDescriptor[], statement?: Statement, most = 2): Choice[] {
  const all = viewsOf(step, document, views, statement)
  // A training is watched by what it shows and by how its loss falls.
  const loss = document.steps.find(s => s.id === step.id)?.kind === 'train' && most === 2 ? all.find(({ view, array }) => view.id === 'history' && array.name === 'loss') : undefined
  if (loss) return all[0].array === loss.array ? [loss] : [all[0], loss]
  if (most === 2) {
    const [curves, columns] = bandChoices(all)
    if (curves || columns) return [columns, curves].filter(choice => choice !== undefined)
  }
  const chosen: Choice[] = []
  for (const choice of all) {
    if (chosen.length >= most || (most <= 2 && chosen.some(({ view, array }) => (view.rank ?? 0) >= complete && (array.axes || view.isWhole)))) break
    if (!chosen.some(other => other.view.id === choice.view.id)) chosen.push(choice)
  }
  return chosen
}
