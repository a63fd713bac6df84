import type { ExperimentDocument } from '../../../../shared/experiment/document'
import type { ArrayInfo, StepState } from '../../../../shared/protocol/contract'
import type { Cut } from '../../../charts/line-cut'
import { finiteRange } from '../../../charts/picture'
import { formatValue } from '../../../charts/ticks'
import type { ShownField } from '../field-pictures'

/** What a `compare` step holds: field `a` on the points of `b`, `b`, and `difference` = a − b. */
export interface Compared { readonly a: ArrayInfo; readonly b: ArrayInfo; readonly difference: ArrayInfo }

export function comparedArrays(step: StepState): Compared | undefined {
  const find = (name: string): ArrayInfo | undefined => step.result?.arrays.find(array => array.name === name && array.axes)
  const [a, b, difference] = [find('a'), find('b'), find('difference')]
  return a && b && difference ? { a, b, difference } : undefined
}

/** What the two fields are called in the document: a step's id, or a file's name. */
export function comparedNames(stepId: string, document: ExperimentDocument): readonly [string, string] {
  const step = document.steps.find(s => s.id === stepId) as { readonly a?: unknown; readonly b?: unknown } | undefined
  const name = (source: unknown, fallback: string): string =>
    typeof source === 'string' ? source : typeof source === 'object' && source !== null && 'file' in source && typeof source.file === 'string' ? source.file.replace(/^.*[\\/]/, '') : fallback
  return [name(step?.a, 'a'), name(step?.b, 'b')]
}

/** The unknown whose fields are compared, as a symbol: the step names it, or the first field of what it compares. */
export function comparedUnknown(stepId: string, document: ExperimentDocument, steps: readonly StepState[]): string {
  const step = document.steps.find(s => s.id === stepId) as { readonly a?: unknown; readonly unknown?: unknown } | undefined
  if (typeof step?.unknown === 'string') return step.unknown
  return steps.find(s => s.id === step?.a)?.result?.arrays.find(array => array.axes && !/^(error|residual)(_|$)/.test(array.name))?.name ?? 'u'
}

/**
 * A cut across a picture, in the engine's order: along the first coordinate through the middle, or where the field vanishes there through the row with most to see;
 * of a space–time picture at the shown time (the last one where none is chosen).
 */
export function tellingCut({ picture, domain: { x, y }, symbols, isSpaceTime }: Pick<ShownField, 'picture' | 'domain' | 'symbols' | 'isSpaceTime'>, time: number | undefined): { readonly cut: Cut; readonly words: string } {
  if (isSpaceTime) {
    const at = Math.min(x[1], Math.max(x[0], time ?? x[1]))
    return { cut: { from: [y[0], at], to: [y[1], at] }, words: `at ${symbols[0]} = ${formatValue(at, 4)}` }
  }
  const at = tellingRow(picture, (y[0] + y[1]) / 2)
  return { cut: { from: [x[0], at], to: [x[1], at] }, words: `along ${symbols[1]} = ${formatValue(at, 4)}` }
}

/** The middle, unless its row spans less than a fifth of what the row with the largest span does. */
function tellingRow({ x, y, values }: ShownField['picture'], middle: number): number {
  const spans = Array.from(y, (_, j) => {
    const [lower, upper] = finiteRange(values.subarray(j * x.length, (j + 1) * x.length))
    return upper >= lower ? upper - lower : 0
  })
  const near = y.reduce((best, at, j) => (Math.abs(at - middle) < Math.abs(y[best] - middle) ? j : best), 0)
  const widest = spans.indexOf(Math.max(...spans))
  return spans[near] > 0.2 * spans[widest] || widest < 0 ? middle : y[widest]
}

/** |a − b| / max |b| as a field of its own. */
export function relativeError(difference: ShownField, largest: number): ShownField {
  const scale = largest > 0 ? largest : 1
  const values = difference.picture.values.map(v => Math.abs(v) / scale)
  const [low, high] = [difference.minimum, difference.maximum]
  const maximum = Math.max(Math.abs(low), Math.abs(high)) / scale
  const maximumOverall = Math.max(Math.abs(difference.minimumOverall), Math.abs(difference.maximumOverall)) / scale
  let minimum = Infinity
  for (const v of values) if (v > 0 && v < minimum) minimum = v
  minimum = Number.isFinite(minimum) ? minimum : 0
  return { ...difference, picture: { ...difference.picture, values }, minimum, maximum, minimumOverall: minimum, maximumOverall }
}

/** One range for both fields. */
export function joined(a: ShownField, b: ShownField): Pick<ShownField, 'minimum' | 'maximum' | 'minimumOverall' | 'maximumOverall'> {
  return {
    minimum: Math.min(a.minimum, b.minimum), maximum: Math.max(a.maximum, b.maximum),
    minimumOverall: Math.min(a.minimumOverall, b.minimumOverall), maximumOverall: Math.max(a.maximumOverall, b.maximumOverall),
  }
}

/** Columns for `count` pictures of the given proportions: the arrangement in which they become largest. */
export function columnsFor(count: number, aspect: number, width: number, height: number, room: { readonly x: number; readonly y: number }): number {
  let best = 1
  let largest = -1
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const [w, h] = [width / columns - room.x, height / rows - room.y]
    const fitted = Math.min(w, h * aspect)
    const area = fitted <= 0 || h <= 0 ? 0 : (fitted * fitted) / aspect
    if (area > largest * 1.02) {
      largest = area
      best = columns
    }
  }
  return best
}
