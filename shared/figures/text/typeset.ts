import type { Fault } from '../../fault'
import type { FontFace, FontFamily, FontName, Item } from '../display-list'
import { rounded } from '../display-list'
import type { FontMetrics } from './fonts'
import { lineAscent, lineDescent } from './fonts'
import type { Segment, TextSegment } from './label'
import { isFormula, parseLabel } from './label'
import { setFormula } from './mathematics'
import type { Affine, Outline } from './outline'
import { outlinePath, transformOutline } from './outline'
import { simpleFormula } from './simple-formula'

export interface TypeStyle {
  /** pt */
  readonly size: number
  readonly bold?: boolean
}

/** A set label: its box around the origin (baseline, left end) in pt, and how to place it. */
export interface SetLabel {
  readonly width: number
  readonly ascent: number
  readonly descent: number
  /** Drawing items with the origin at (x, y), turned by `angle` (0, or −90 for labels that read upwards). */
  place(x: number, y: number, angle?: 0 | -90): Item[]
}

export interface Typesetter {
  set(label: string | readonly Segment[], style: TypeStyle): SetLabel
  capHeight(style: TypeStyle): number
}

export interface TypesetterOptions {
  readonly fonts: FontMetrics
  readonly family: FontFamily | 'serif'
  readonly formulae: 'text' | 'paths'
  /** pt */
  readonly minimumScript: number
  /** Called once per problem (a character that no font has, TeX that does not parse). */
  readonly report: (fault: Fault) => void
}

/** New Computer Modern beside a sans serif: matched between x-height (1.2) and capitals (1.05). */
const formulaScale = 1.1
const scriptScale = 0.7
const ink = '#000000'

type Piece =
  | { readonly kind: 'text'; readonly x: number; readonly rise: number; readonly size: number; readonly font: FontName; readonly text: string; readonly width: number }
  | { readonly kind: 'outline'; readonly x: number; readonly rise: number; readonly size: number; readonly outline: Outline; readonly source: string }

export function createTypesetter({ fonts, family, formulae, minimumScript, report }: TypesetterOptions): Typesetter {
  const fontName = (face: FontFace): FontName => `${family === 'serif' ? 'arimo' : family}-${face}`
  const told = new Set<string>()
  const tell = (fault: Fault): void => {
    if (told.has(fault.message)) return
    told.add(fault.message)
    report(fault)
  }

  function set(label: string | readonly Segment[], style: TypeStyle): SetLabel {
    const pieces: Piece[] = []
    let x = 0
    let ascent = lineAscent * style.size
    let descent = lineDescent * style.size
    const extend = (up: number, down: number): void => {
      ascent = Math.max(ascent, up)
      descent = Math.max(descent, down)
    }
    const addFormula = (tex: string, size: number, rise: number): boolean => {
      const formula = setFormula(tex)
      if (formula.problem) return false
      pieces.push({ kind: 'outline', x, rise, size, outline: formula.outline, source: tex })
      x += formula.width * size
      extend(formula.ascent * size + rise, formula.descent * size - rise)
      return true
    }
    const addText = ({ text, face, script }: TextSegment): void => {
      const chosen: FontFace = style.bold ? 'bold' : (face ?? 'regular')
      const size = script ? Math.max(scriptScale * style.size, Math.min(minimumScript, style.size)) : style.size
      const rise = script === 'super' ? 0.36 * style.size : script === 'sub' ? -0.16 * style.size : 0
      if (script) extend(rise + lineAscent * size, lineDescent * size - rise)
      if (family === 'serif') {
        if (addFormula(texOfText(text, chosen), size, rise)) return
      }
      const font = fontName(chosen)
      for (const run of runsByCoverage(text, c => fonts.has(font, c))) {
        if (run.covered) {
          const width = fonts.advance(font, run.text) * size
          pieces.push({ kind: 'text', x, rise, size, font, text: run.text, width })
          x += width
        } else if (!addFormula(texOfText(run.text, chosen), formulaScale * size, rise)) {
          tell({
            severity: 'warning', code: 'missing-glyph', message: `No font here can draw "${run.text}"; it is left out of the figure.`,
            tip: 'Write it with other characters, or as LaTeX between dollar signs.',
          })
        }
      }
    }

    for (const segment of typeof label === 'string' ? parseLabel(label) : label) {
      if (!isFormula(segment)) {
        addText(segment)
        continue
      }
      const simple = formulae === 'text' && family !== 'serif' ? simpleFormula(segment.tex) : undefined
      if (simple && simple.every(part => [...part.text].every(c => fonts.has(fontName(part.face ?? 'regular'), c.codePointAt(0)!)))) simple.forEach(addText)
      else if (!addFormula(segment.tex, (family === 'serif' ? 1 : formulaScale) * style.size, 0)) {
        tell({
          severity: 'warning', code: 'formula-not-understood', message: `The formula "${segment.tex}" cannot be set: ${setFormula(segment.tex).problem}.`,
          tip: 'It is shown as it was typed; check the LaTeX.',
        })
        addText({ text: segment.tex })
      }
    }
    return { width: x, ascent, descent, place: (left, baseline, angle = 0) => pieces.map(piece => placePiece(piece, left, baseline, angle)) }
  }

  return { set, capHeight: style => fonts.capHeight(fontName(style.bold ? 'bold' : 'regular')) * style.size }
}

function placePiece(piece: Piece, left: number, baseline: number, angle: 0 | -90): Item {
  const x = angle === 0 ? left + piece.x : left - piece.rise
  const y = angle === 0 ? baseline - piece.rise : baseline - piece.x
  if (piece.kind === 'text') return { kind: 'text', x: rounded(x), y: rounded(y), text: piece.text, font: piece.font, size: rounded(piece.size), width: rounded(piece.width), fill: ink, angle }
  const s = piece.size
  const at: Affine = angle === 0 ? [s, 0, 0, s, x, y] : [0, -s, s, 0, x, y]
  return { kind: 'glyphs', d: outlinePath(transformOutline(piece.outline, at)), fill: ink, source: piece.source }
}

/** Maximal runs of characters that the font has, or has not. */
function runsByCoverage(text: string, has: (codePoint: number) => boolean): { text: string; covered: boolean }[] {
  const runs: { text: string; covered: boolean }[] = []
  for (const character of text) {
    const covered = has(character.codePointAt(0)!)
    const last = runs.at(-1)
    if (last && last.covered === covered) last.text += character
    else runs.push({ text: character, covered })
  }
  return runs
}

function texOfText(text: string, face: FontFace): string {
  const escaped = text.replace(/[\\{}$&#^_%~]/g, c => (c === '\\' ? '\\backslash ' : c === '^' ? '\\unicode{94}' : c === '~' ? '\\unicode{126}' : `\\${c}`))
  const command = face === 'bold' ? 'textbf' : face === 'italic' ? 'textit' : 'text'
  return `\\${command}{${escaped}}`
}
