/** The part of fontkit (no types of its own) that figures use. */
declare module 'fontkit' {
  export interface Glyph {
    readonly id: number
    readonly path: { toSVG(): string }
  }
  export interface GlyphRun {
    readonly glyphs: readonly Glyph[]
    readonly positions: readonly { readonly xAdvance: number; readonly xOffset: number; readonly yOffset: number }[]
    readonly advanceWidth: number
  }
  export interface Font {
    readonly unitsPerEm: number
    readonly capHeight: number
    readonly postscriptName: string
    hasGlyphForCodePoint(codePoint: number): boolean
    layout(text: string): GlyphRun
  }
  export function create(buffer: Uint8Array): Font
}
