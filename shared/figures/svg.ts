import type { DisplayList, FontName, Item, Stroke, TextItem } from './display-list'
import { pointsPerMillimetre } from './display-list'
import { base64, encodePng } from './png'

export interface SvgOptions {
  /** Text kept inside `<metadata>`, found again by `svgMetadata`. */
  readonly metadata?: string
  /** Outlines of a text run as path data, where the reader of the SVG has no fonts. */
  readonly outline?: (item: TextItem) => string
  /** Page in px instead of mm, for rasterising on whole pixels. */
  readonly pixels?: { readonly width: number; readonly height: number; readonly dpi: number }
}

const metadataId = 'residuum-recipe'

/** Writes a display list as SVG 1.1 with presentation attributes only (no style, script or external reference). Coordinates are PDF points. */
export function renderSvg(list: DisplayList, options: SvgOptions = {}): string {
  const { pixels } = options
  const size = pixels
    ? `width="${pixels.width}" height="${pixels.height}" viewBox="0 0 ${(pixels.width * 72) / pixels.dpi} ${(pixels.height * 72) / pixels.dpi}"`
    : `width="${millimetres(list.width)}mm" height="${millimetres(list.height)}mm" viewBox="0 0 ${list.width} ${list.height}"`
  const clips: string[] = []
  const body = list.items.map(item => write(item, clips, options)).join('\n')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" ${size}>`,
    `<title>${escapeXml(list.title)}</title>`,
    ...(options.metadata === undefined ? [] : [`<metadata id="${metadataId}">${escapeXml(options.metadata)}</metadata>`]),
    ...(clips.length > 0 ? [`<defs>${clips.join('')}</defs>`] : []),
    body,
    '</svg>',
    '',
  ].join('\n')
}

/** The text that `renderSvg` put into `<metadata>`, or undefined. */
export function svgMetadata(svg: string): string | undefined {
  const match = new RegExp(`<metadata id="${metadataId}">([^<]*)</metadata>`).exec(svg)
  return match?.[1].replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]!)
}

const millimetres = (points: number): number => Math.round((points / pointsPerMillimetre) * 1e4) / 1e4

/** Control characters have no place in XML 1.0, not even escaped. */
function escapeXml(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)
}

function write(item: Item, clips: string[], options: SvgOptions): string {
  switch (item.kind) {
    case 'path':
      return `<path d="${item.d}" fill="${item.fill ?? 'none'}"${item.stroke ? strokeAttributes(item.stroke) : ''}${item.opacity !== undefined && item.opacity < 1 ? ` opacity="${item.opacity}"` : ''}/>`
    case 'glyphs':
      return `<path d="${item.d}" fill="${item.fill}" aria-label="${escapeXml(item.source)}"/>`
    case 'image':
      return `<image x="${item.x}" y="${item.y}" width="${item.width}" height="${item.height}" preserveAspectRatio="none" xlink:href="data:image/png;base64,${base64(encodePng(item.columns, item.rows, item.rgb))}"/>`
    case 'text':
      return options.outline ? `<path d="${options.outline(item)}" fill="${item.fill}"/>` : writeText(item)
    case 'group': {
      const inner = item.items.map(child => write(child, clips, options)).join('\n')
      if (item.clip === undefined) return `<g>\n${inner}\n</g>`
      const id = `clip${clips.length + 1}`
      clips.push(`<clipPath id="${id}"><path d="${item.clip}"/></clipPath>`)
      return `<g clip-path="url(#${id})">\n${inner}\n</g>`
    }
  }
}

function strokeAttributes({ colour, width, dash, cap, join }: Stroke): string {
  return ` stroke="${colour}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash.join(' ')}"` : ''}${cap && cap !== 'butt' ? ` stroke-linecap="${cap}"` : ''}${join && join !== 'miter' ? ` stroke-linejoin="${join}"` : ''}`
}

const families: Readonly<Record<string, string>> = { arimo: 'Arimo, Arial, Helvetica, Liberation Sans, sans-serif', 'source-sans': 'Source Sans 3, Source Sans Pro, sans-serif' }

function fontAttributes(font: FontName): string {
  const face = font.slice(font.lastIndexOf('-') + 1)
  return `font-family="${families[font.slice(0, font.lastIndexOf('-'))]}"${face === 'bold' ? ' font-weight="700"' : ''}${face === 'italic' ? ' font-style="italic"' : ''}`
}

/** The run's length is given, so that a reader without the font (or one of equal widths) still sets every word into its place. */
function writeText(item: TextItem): string {
  const turn = item.angle === 0 ? '' : ` transform="rotate(${item.angle} ${item.x} ${item.y})"`
  return `<text x="${item.x}" y="${item.y}" ${fontAttributes(item.font)} font-size="${item.size}" fill="${item.fill}"${item.width > 0 ? ` textLength="${item.width}" lengthAdjust="spacingAndGlyphs"` : ''} xml:space="preserve"${turn}>${escapeXml(item.text)}</text>`
}
