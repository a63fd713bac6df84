import PDFDocument from 'pdfkit'
import type { DisplayList, FontName, Item, Stroke, TextItem } from '../../../shared/figures/display-list'
import { encodePng } from '../../../shared/figures/png'
import { engineVersion } from '../version'
import { loadFont } from './fonts'
import { recipeFileName } from './recipe'

/** No clock in a figure: every file was made at the same instant. */
const epoch = new Date(Date.UTC(1980, 0, 1))

/** Paints a display list as a one-page PDF of exactly its size: vectors, text with embedded subsets of the TrueType fonts, pictures deflated without loss. */
export function paintPdf(list: DisplayList, recipe: string): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: [list.width, list.height], margin: 0, font: '', pdfVersion: '1.7', autoFirstPage: true, compress: true,
    info: { Title: list.title, Producer: 'Residuum', Creator: `Residuum ${engineVersion}`, CreationDate: epoch },
  })
  const parts: Buffer[] = []
  const finished = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
    document.on('error', reject)
  })
  const registered = new Set<FontName>()
  for (const item of list.items) paint(document, item, registered)
  document.file(Buffer.from(recipe, 'utf8'), { name: recipeFileName, type: 'application/json', creationDate: epoch, modifiedDate: epoch, description: 'How this figure was made' })
  document.end()
  return finished
}

type Document = InstanceType<typeof PDFDocument>

function paint(document: Document, item: Item, registered: Set<FontName>): void {
  switch (item.kind) {
    case 'path': {
      document.save()
      if (item.opacity !== undefined && item.opacity < 1) document.opacity(item.opacity)
      if (item.stroke) applyStroke(document, item.stroke)
      document.path(item.d)
      if (item.fill && item.stroke) document.fillAndStroke(item.fill, item.stroke.colour)
      else if (item.fill) document.fill(item.fill)
      else if (item.stroke) document.stroke(item.stroke.colour)
      document.restore()
      return
    }
    case 'glyphs':
      document.save().path(item.d).fill(item.fill).restore()
      return
    case 'text':
      paintText(document, item, registered)
      return
    case 'image':
      document.image(Buffer.from(encodePng(item.columns, item.rows, item.rgb)), item.x, item.y, { width: item.width, height: item.height })
      return
    case 'group':
      document.save()
      if (item.clip !== undefined) document.path(item.clip).clip()
      for (const child of item.items) paint(document, child, registered)
      document.restore()
  }
}

function applyStroke(document: Document, { width, dash, cap, join }: Stroke): void {
  document.lineWidth(width).lineCap(cap ?? 'butt').lineJoin(join ?? 'miter')
  // pdfkit's dash() takes one length and gap; the operator takes any pattern.
  if (dash) document.addContent(`[${dash.join(' ')}] 0 d`)
}

function paintText(document: Document, { text, x, y, font, size, fill, angle }: TextItem, registered: Set<FontName>): void {
  if (!registered.has(font)) {
    document.registerFont(font, loadFont(font).bytes)
    registered.add(font)
  }
  document.save()
  if (angle !== 0) document.rotate(angle, { origin: [x, y] })
  document.font(font, size).fillColor(fill).text(text, x, y, { lineBreak: false, baseline: 'alphabetic' })
  document.restore()
}
