import type { ArrayInfo } from '../../../../shared/protocol/contract'
import { metricName } from '../../inspector/metric-names'

/** Plain lists of numbers: residuals over iterations, losses over training steps, columns of a study. */
export const isPlainList = (array: ArrayInfo): boolean => !array.axes && array.shape.length === 1 && array.shape[0] > 1 && array.shape[0] <= 1e5

/** Lists that belong together are told by the first word of their names: `loss`, `loss_boundary`, `loss_interior`. */
export const familyOf = (name: string): string => (/^relative_l2_curve/.test(name) ? 'loss' : name.split('_')[0])

/** Lists that say where another list was taken: the error of a training is measured at some of its steps. */
const places: Readonly<Record<string, string>> = { relative_l2_curve: 'relative_l2_steps', gradient: 'observed_steps' }
export const placesOf = (name: string): string | undefined => places[name] ?? places[familyOf(name)]
const isPlaces = (name: string): boolean => Object.values(places).includes(name)

/** Lists of a training that are no curve over steps: they are drawn by views of their own, or by none. */
const notCurves = /^(parameters$|weights_|ntk(_|$)|singular_values$|residual_coefficients$|grid_)/
/** Whether a list says something over its own index: not the places of others, and no spectrum or histogram. */
export const isHistory = (name: string): boolean => !isPlaces(name) && !notCurves.test(name)

/** The names that a chart of `name` draws: it itself, its family, and what was chosen besides, in the order in which they are there. */
export function drawnTogether(name: string, there: readonly string[], besides: readonly string[]): string[] {
  const others = there.filter(other => other !== name && !isPlaces(other) && (familyOf(other) === familyOf(name) || besides.includes(other)))
  return there.includes(name) ? [name, ...others] : others
}

/** As the literature writes it: `relative_l2` → "relative L²", `residuals_33x33` → "residuals 33 × 33". */
export const listName = (name: string): string => metricName(name).replace(/(\d)x(?=\d)/g, '$1 × ')

/** Positive as far as it has a sign, and over more than a decade and a half: worth a logarithmic axis. */
export function spansDecades(values: Float64Array): boolean {
  let [lower, upper] = [Infinity, 0]
  for (const v of values) {
    if (v < 0) return false
    if (v > 0 && v < lower) lower = v
    if (v > upper && v < Infinity) upper = v
  }
  return upper > 30 * lower
}

/** Sums of squares that training drives towards 0: always read on a logarithmic axis. */
export const isLoss = (name: string): boolean => familyOf(name) === 'loss'
/** Curves over the steps of a training. */
const isOverSteps = (name: string): boolean => /^(loss|gradient|weight|relative_l2_curve)/.test(name)

/** What the index of a list counts, where its name tells. */
export const indexName = (name: string): string => (/^residual/.test(name) ? 'iteration' : isOverSteps(name) ? 'step' : 'index')
