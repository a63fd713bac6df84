import type { FontName } from '../display-list'

/** What layout must know of the fonts; the host reads it from the TrueType files that it will also embed. All lengths in em. */
export interface FontMetrics {
  /** Whether the font has a glyph for this code point. */
  has(font: FontName, codePoint: number): boolean
  /** Advance of the shaped text, kerning included. */
  advance(font: FontName, text: string): number
  /** Height of a flat capital. */
  capHeight(font: FontName): number
}

/** Space that a line takes above and below its baseline; generous enough for accents and g, the same for every font here. */
export const lineAscent = 0.76
export const lineDescent = 0.22
