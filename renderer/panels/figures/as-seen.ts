import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../shared/json'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import type { PanelContent } from '../docking/docking'
import { trainingPanels, type TrainingPlot } from '../../../shared/figures/training'
import { planeOf } from '../views/plane'

/** A view of a field as it stands on screen: which array, and its options. */
export type SeenView = Extract<PanelContent, { kind: 'view' }>

/** The view that a figure of this step should resemble: the active one, else the first that shows the step. */
export function seenView(panels: readonly { readonly id: string; readonly content: PanelContent }[], active: string | undefined, step: string): SeenView | undefined {
  const views = panels.filter((panel): panel is { id: string; content: SeenView } => panel.content.kind === 'view' && panel.content.step === step)
  return (views.find(panel => panel.id === active) ?? views[0])?.content
}

/**
 * The suggested figure as the view shows it: its unknown and component, its plane of a field of three coordinates, and the time that somebody chose (one panel
 * instead of several); compared fields under their `names`. What the view does not determine stays as it was suggested.
 */
export function asSeen(figure: JsonObject, view: SeenView | undefined, arrays: readonly ArrayInfo[], time: number | undefined, names?: readonly [string, string], metrics?: Readonly<Record<string, number>>): JsonObject {
  const plot = plotOf(view)
  const plotted = plot && trainingPanels(plot, view!.step, arrays, metrics)
  if (plotted) return { ...figure, preset: plotted.length > 1 ? 'nature-double' : 'nature-single', panels: plotted as unknown as Json }
  const options = isJsonObject(view?.options) ? view.options : {}
  const array = arrays.find(a => a.name === view?.array)
  if (!view || !array?.axes || !isJsonArray(figure.panels)) return figure
  const index = Number(options.component)
  const component = typeof options.component !== 'string' || options.component === '' ? undefined : options.component === 'magnitude' ? 'magnitude' : Number.isInteger(index) ? index : undefined
  const plane = typeof options.place === 'number' && options.place >= 0 ? planeOf(array, String(options.plane ?? 'z'), options.place) : undefined
  const isChosenTime = time !== undefined && array.axes.length > 1 && (array.times?.length ?? 0) > 1
  const isComparison = view.view === 'compare'

  const mark = (given: Json): Json => {
    if (!isJsonObject(given) || typeof given.data !== 'string') return given
    const own = arrays.find(a => given.data === `${view.step}/${a.name}`)
    if (!own?.axes) return given
    const shown = isComparison || own.axes.length !== array.axes!.length ? own : array
    const { at: _, ...rest } = given
    return {
      ...(plane ? { ...rest, at: { [array.axes![plane.across].name]: plane.at } } : given),
      data: `${view.step}/${shown.name}`,
      ...(component !== undefined && shown.components ? { component } : {}),
      ...(isChosenTime && given.mark !== 'line' ? { time } : {}),
    }
  }
  const panels = figure.panels.map(panel => (isJsonObject(panel) && isJsonArray(panel.marks) ? { ...panel, ...(names ? titled(panel, names) : {}), marks: panel.marks.map(mark) } : panel))
  // Panels that differed by their times only are one now.
  const distinct = panels.filter((panel, i) => panels.findIndex(other => JSON.stringify(other) === JSON.stringify(panel)) === i)
  return { ...figure, panels: distinct, ...(distinct.length === 1 && panels.length > 1 && figure.preset === 'nature-double' ? { preset: 'nature-single' } : {}) }
}

/** Views of a training's numbers are figures of their own. */
function plotOf(view: SeenView | undefined): TrainingPlot | undefined {
  if (view?.view === 'spectrum') return view.array === 'ntk' ? 'ntk' : 'spectrum'
  if (view?.view === 'history') return view.array === 'loss' ? 'history' : undefined
  return view?.view === 'weights' || view?.view === 'grid-beside' ? view.view : undefined
}

/** The two fields of a comparison under the names of what was compared. */
function titled({ title }: JsonObject, [a, b]: readonly [string, string]): JsonObject {
  const names: Readonly<Record<string, string>> = { $a$: a, $b$: b, '$a-b$': `${a} − ${b}` }
  return typeof title === 'string' && Object.hasOwn(names, title) ? { title: names[title] } : {}
}
