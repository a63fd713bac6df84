import type { ArrayInfo } from '../../../../shared/protocol/contract'
import { metricName } from '../../inspector/metric-names'

/** Plain lists of numbers: residuals over iterations, losses over training steps, columns of a study. */
export const isPlainList = (array: ArrayInfo): boolean => !array.axes && array.shape.length === 1 && array.shape[0] > 1 && array.shape[0] <= 1e5

/** Lists that belong together are told by the first word of their names: `loss`, `loss_boundary`, `loss_interior`. */
export const familyOf = (name: string): string => name.split('_')[0]

/** The names that a chart of `name` draws: it itself, its family, and what was chosen besides, in the order in which they are there. */
export function drawnTogether(name: string, there: readonly string[], besides: readonly string[]): string[] {
  const others = there.filter(other => other !== name && (familyOf(other) === familyOf(name) || besides.includes(other)))
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

/** What the index of a list counts, where its name tells. */
export const indexName = (name: string): string => (/^residual/.test(name) ? 'iteration' : /^loss/.test(name) ? 'step' : 'index')
