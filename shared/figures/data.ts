import type { Field } from '../fields/field'
import type { Figure } from './specification'

/** An array that is not a field: residuals, a convergence table's column. */
export interface PlainArray {
  readonly name: string
  readonly values: Float64Array
  /** C-order; 1-D when absent. */
  readonly shape?: readonly number[]
}

/** What a data reference may stand for. */
export type FigureSource = Field | PlainArray

export interface DataReference {
  readonly step: string
  readonly array: string
}

/** Resolved data by reference text (`fd/u`). */
export type FigureData = ReadonlyMap<string, FigureSource>

export const isField = (source: FigureSource): source is Field => 'grid' in source

export function parseReference(text: string): DataReference {
  const slash = text.indexOf('/')
  return { step: text.slice(0, slash), array: text.slice(slash + 1) }
}

/** Every data reference of a figure, each once, in order of appearance: what a host must read before composing. */
export function figureReferences(figure: Figure): string[] {
  const found = new Set<string>()
  for (const panel of figure.panels) {
    for (const mark of panel.marks) {
      if (mark.mark === 'slope') continue
      found.add(mark.data)
      if (mark.mark === 'line' && mark.x) found.add(mark.x)
    }
  }
  return [...found]
}
