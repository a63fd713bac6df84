import { nameLabel } from '../../shared/figures/names'
import { isFormula, parseLabel } from '../../shared/figures/text/label'
import { simpleFormula } from '../../shared/figures/text/simple-formula'
import type { Ink } from './ink'

/** The name of an unknown or a coordinate in pieces, as figures set it: `Re h`, `v_x` with an index, `rho` as a letter. */
export interface SymbolRun {
  readonly text: string
  readonly italic: boolean
  readonly index: boolean
}

const known = new Map<string, readonly SymbolRun[] | undefined>()

/** The runs of a symbol; undefined where the name is words, which are set as text. */
export function symbolRuns(name: string): readonly SymbolRun[] | undefined {
  if (known.has(name)) return known.get(name)
  const segments = parseLabel(nameLabel(name))
  const [only] = segments
  const runs = segments.length === 1 && isFormula(only) ? simpleFormula(only.tex)?.map(({ text, face, script }) => ({ text, italic: face === 'italic', index: script === 'sub' })) : undefined
  if (known.size > 500) known.clear()
  known.set(name, runs)
  return runs
}

export const isSymbol = (name: string): boolean => symbolRuns(name) !== undefined

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

const fontOf = (run: SymbolRun, ink: Ink): string => ink.symbolFonts[run.index ? (run.italic ? 'italicIndex' : 'uprightIndex') : run.italic ? 'italic' : 'upright']

/** Width in CSS pixels; of words in the font that is set for them (`wordFont`, the ink's text font when absent). */
export function measureSymbol(context: Context, name: string, ink: Ink, wordFont = ink.textFont): number {
  const runs = symbolRuns(name)
  if (!runs) {
    context.font = wordFont
    return context.measureText(name).width
  }
  return runs.reduce((width, run) => {
    context.font = fontOf(run, ink)
    return width + context.measureText(run.text).width
  }, 0)
}

/** Draws a symbol at (x, y) in the context's fill style; `halo` strokes it first in the context's stroke style. Baseline: `middle` or `alphabetic`, as it is set in the context. */
export function paintSymbol(context: Context, name: string, x: number, y: number, align: 'left' | 'center' | 'right', ink: Ink, { halo = false, wordFont = ink.textFont } = {}): void {
  const runs = symbolRuns(name) ?? [{ text: name, italic: false, index: false }]
  const isWords = symbolRuns(name) === undefined
  const width = measureSymbol(context, name, ink, wordFont)
  let at = align === 'left' ? x : align === 'right' ? x - width : x - width / 2
  context.textAlign = 'left'
  for (const run of runs) {
    context.font = isWords ? wordFont : fontOf(run, ink)
    const lowered = run.index ? y + 3.5 * ink.unit : y
    if (halo) context.strokeText(run.text, at, lowered)
    context.fillText(run.text, at, lowered)
    at += context.measureText(run.text).width
  }
}
