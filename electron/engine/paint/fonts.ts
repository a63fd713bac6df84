import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FontName, TextItem } from '../../../shared/figures/display-list'
import type { FontMetrics } from '../../../shared/figures/text/fonts'
import type { Affine, Outline } from '../../../shared/figures/text/outline'
import { outlinePath, parseOutline, transformOutline } from '../../../shared/figures/text/outline'

/** The part of fontkit (which has no types of its own) that figures use. */
interface Font {
  readonly unitsPerEm: number
  readonly capHeight: number
  hasGlyphForCodePoint(codePoint: number): boolean
  layout(text: string): {
    readonly glyphs: readonly { readonly path: { toSVG(): string } }[]
    readonly positions: readonly { readonly xAdvance: number; readonly xOffset: number; readonly yOffset: number }[]
    readonly advanceWidth: number
  }
}

const localRequire = createRequire(import.meta.url)
const { create } = localRequire('fontkit') as { create(bytes: Uint8Array): Font }

/** The TrueType files of the packages (SIL Open Font License 1.1), whose widths lay the figure out and which are embedded in it. */
const files: Readonly<Record<FontName, string>> = {
  'arimo-regular': '@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf',
  'arimo-bold': '@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf',
  'arimo-italic': '@expo-google-fonts/arimo/400Regular_Italic/Arimo_400Regular_Italic.ttf',
  'source-sans-regular': '@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf',
  'source-sans-bold': '@expo-google-fonts/source-sans-3/700Bold/SourceSans3_700Bold.ttf',
  'source-sans-italic': '@expo-google-fonts/source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf',
}

interface LoadedFont {
  readonly bytes: Buffer
  readonly font: Font
}

const loaded = new Map<FontName, LoadedFont>()

export function loadFont(name: FontName): LoadedFont {
  let entry = loaded.get(name)
  if (!entry) {
    const bytes = readFileSync(localRequire.resolve(files[name]))
    entry = { bytes, font: create(bytes) }
    loaded.set(name, entry)
  }
  return entry
}

const advances = new Map<string, number>()

export const fontMetrics: FontMetrics = {
  has: (name, codePoint) => loadFont(name).font.hasGlyphForCodePoint(codePoint),
  advance(name, text) {
    const key = `${name}\0${text}`
    let width = advances.get(key)
    if (width === undefined) {
      const { font } = loadFont(name)
      width = font.layout(text).advanceWidth / font.unitsPerEm
      if (advances.size > 5000) advances.clear()
      advances.set(key, width)
    }
    return width
  },
  capHeight(name) {
    const { font } = loadFont(name)
    return font.capHeight / font.unitsPerEm
  },
}

/** A text run as outlines (SVG path data, pt), for painters that bring no fonts. */
export function outlineText({ text, font: name, size, x, y, angle }: TextItem): string {
  const { font } = loadFont(name)
  const scale = size / font.unitsPerEm
  const run = font.layout(text)
  const parts: Outline[] = []
  let pen = 0
  run.glyphs.forEach((glyph, i) => {
    const { xAdvance, xOffset, yOffset } = run.positions[i]
    const dx = (pen + xOffset) * scale
    const dy = yOffset * scale
    const at: Affine = angle === 0 ? [scale, 0, 0, -scale, x + dx, y - dy] : [0, -scale, -scale, 0, x - dy, y - dx]
    parts.push(transformOutline(parseOutline(glyph.path.toSVG()), at))
    pen += xAdvance
  })
  return parts.map(outlinePath).join('')
}
