import { axesMargins, paintAxes, paintGrid } from '../../../charts/axes-painter'
import { colourBarWidth, paintColourBar } from '../../../charts/colour-bar'
import { colourAt, colourTable } from '../../../charts/colour-maps'
import { continuedPicture, rimOf } from '../../../charts/continued-picture'
import { contourLevels, contourLines } from '../../../charts/contours'
import type { ContourLine } from '../../../charts/contours'
import type { Ink } from '../../../charts/ink'
import type { Picture } from '../../../charts/picture'
import { paintPicture } from '../../../charts/picture-raster'
import { plotFrame, toPixelX, toPixelY } from '../../../charts/plot-frame'
import type { PlotFrame } from '../../../charts/plot-frame'
import { tickLabels } from '../../../charts/ticks'
import { normalise } from '../../../charts/value-scale'
import { outlinePath } from '../../../../shared/fields/outline'
import type { DomainOutline } from '../../../../shared/fields/outline'
import type { ViewWindow } from '../../../charts/view-window'
import type { ShownField } from '../field-pictures'
import type { MeshEdges } from '../use-mesh-edges'
import type { Size } from '../use-size'
import type { Colouring } from '../view-options'

/** What stands still on a field's canvas while the pointer moves: picture, contour lines, axes, colour bar. */
export interface FieldDrawing {
  readonly field: ShownField
  /** A finer reading of the zoomed part, drawn over the whole. */
  readonly detail?: ShownField
  /** Swiping: another field is drawn right of this fraction of the plot's width. */
  readonly swipe?: { readonly field: ShownField; readonly at: number }
  /** The rim of the domain, where it is not that of its bounding box. */
  readonly outline?: DomainOutline
  /** Edges of the field's mesh, drawn over it. */
  readonly mesh?: MeshEdges
  readonly colouring: Colouring
  readonly symbol: string
  readonly window: ViewWindow
  readonly contours: number
  readonly contourLabels: boolean
  readonly grid: boolean
  readonly smooth: boolean
  readonly bar: boolean
  /** Room kept for the colour bar, so that pictures beside each other have one size. */
  readonly barRoom?: number
}

/** Beyond this proportion two axes no longer share their unit: the shorter would become a sliver. */
const extremeAspect = 6
/** Width over height of a picture whose axes have different units, at least. */
const slimmestAspect = 0.8

export function fieldFrame(context: CanvasRenderingContext2D, drawing: Pick<FieldDrawing, 'field' | 'colouring' | 'symbol' | 'window' | 'bar' | 'barRoom'>, { width, height }: Pick<Size, 'width' | 'height'>, ink: Ink): PlotFrame {
  const { field, colouring, symbol, window, bar } = drawing
  const margins = axesMargins(context, window, height - 50, { xLabel: field.symbols[0], yLabel: field.symbols[1] }, ink)
  const barRoom = bar ? Math.max((drawing.barRoom ?? 0) * ink.unit, colourBarWidth(context, colouring.scale, height - 80, symbol, ink) + 22 * ink.unit) : 0
  const aspect = (window.x[1] - window.x[0]) / (window.y[1] - window.y[0])
  const equalAspect = !field.isSpaceTime && aspect < extremeAspect && aspect > 1 / extremeAspect
  // The read-out has the line above the plot.
  const room = { ...margins, top: Math.round(30 * ink.unit), right: Math.max(margins.right, barRoom) }
  if (equalAspect) return plotFrame(width, height, room, window, { equalAspect })
  // Axes of different kinds fill the panel, but never as a tower.
  const spare = Math.max(0, height - room.top - room.bottom - (width - room.left - room.right) / slimmestAspect)
  return plotFrame(width, height, { ...room, top: room.top + spare / 2, bottom: room.bottom + spare / 2 }, window)
}

export function paintField(context: CanvasRenderingContext2D, drawing: FieldDrawing, size: Size, ink: Ink): PlotFrame {
  const { field, detail, swipe, colouring } = drawing
  const frame = fieldFrame(context, drawing, size, ink)
  const { area } = frame
  const table = colourTable(colouring.map)
  const outline = rimOf(drawing.outline, field)
  const rim = outline && new Path2D(outlinePath(outline, (x, y) => [toPixelX(frame, x), toPixelY(frame, y)]))
  const drawn = ({ picture }: ShownField): Picture => (outline ? continuedPicture(picture, outline) : picture)
  context.save()
  if (rim) context.clip(rim)
  paintPicture(context, frame, drawn(field), colouring.scale, table, size.ratio, drawing.smooth)
  if (detail) paintPicture(context, frame, drawn(detail), colouring.scale, table, size.ratio, drawing.smooth)
  if (swipe) {
    context.save()
    context.beginPath()
    context.rect(area.left + swipe.at * area.width, area.top, (1 - swipe.at) * area.width, area.height)
    context.clip()
    paintPicture(context, frame, drawn(swipe.field), colouring.scale, table, size.ratio, drawing.smooth)
    context.restore()
  }
  context.restore()
  context.save()
  context.beginPath()
  context.rect(area.left, area.top, area.width, area.height)
  context.clip()
  if (drawing.grid) paintGrid(context, frame, ink, ink.dark ? 'rgba(255,255,255,0.22)' : 'rgba(0,0,0,0.16)')
  if (drawing.mesh) paintMesh(context, frame, drawing.mesh, ink)
  if (rim) {
    context.strokeStyle = ink.axis
    context.lineWidth = 1
    context.stroke(rim)
    context.clip(rim)
  }
  if (drawing.contours > 0) paintContours(context, frame, drawn(detail ?? field), drawing, ink)
  context.restore()
  paintAxes(context, frame, { xLabel: field.symbols[0], yLabel: field.symbols[1] }, ink)
  if (drawing.bar) {
    const length = Math.max(40, Math.min(area.height, 420 * ink.unit))
    const clipped = { below: field.minimum < colouring.scale.lower - tolerance(colouring), above: field.maximum > colouring.scale.upper + tolerance(colouring), missing: field.nonFinite > 0 && !field.hasOutside }
    paintColourBar(context, { left: area.left + area.width + 16 * ink.unit, top: area.top, width: 12, height: length }, colouring.scale, table, drawing.symbol, ink, clipped)
  }
  return frame
}

/** Thin lines; where cells are smaller than a few pixels they fade, so that the field stays visible. */
function paintMesh(context: CanvasRenderingContext2D, frame: PlotFrame, { points, edges }: MeshEdges, ink: Ink): void {
  const scale = frame.area.width / (frame.window.x[1] - frame.window.x[0])
  let total = 0
  const sampled = Math.min(edges.length / 2, 500)
  for (let k = 0; k < sampled; k++) {
    const e = 2 * Math.floor((k * edges.length) / 2 / sampled)
    const [a, b] = [2 * edges[e], 2 * edges[e + 1]]
    total += Math.hypot(points[a] - points[b], points[a + 1] - points[b + 1])
  }
  const strength = Math.min(1, (scale * total) / Math.max(1, sampled) / 14)
  context.strokeStyle = ink.dark ? `rgba(255,255,255,${0.12 + 0.4 * strength})` : `rgba(10,14,20,${0.1 + 0.4 * strength})`
  context.lineWidth = 0.6
  context.beginPath()
  for (let e = 0; e < edges.length; e += 2) {
    const [a, b] = [2 * edges[e], 2 * edges[e + 1]]
    context.moveTo(toPixelX(frame, points[a]), toPixelY(frame, points[a + 1]))
    context.lineTo(toPixelX(frame, points[b]), toPixelY(frame, points[b + 1]))
  }
  context.stroke()
}

const tolerance = ({ scale }: Colouring): number => 1e-6 * (Math.abs(scale.upper) + Math.abs(scale.lower))

const tracedLines = new WeakMap<Picture, { levels: string; lines: ContourLine[] }>()

function linesOf(picture: Picture, levels: readonly number[]): ContourLine[] {
  const key = levels.join(' ')
  const known = tracedLines.get(picture)
  if (known?.levels === key) return known.lines
  const lines = levels.flatMap(level => contourLines(picture, level))
  tracedLines.set(picture, { levels: key, lines })
  return lines
}

function paintContours(context: CanvasRenderingContext2D, frame: PlotFrame, picture: Picture, { colouring, contours, contourLabels }: FieldDrawing, ink: Ink): void {
  const levels = contourLevels(colouring.scale, contours)
  const table = colourTable(colouring.map)
  const names = tickLabels(levels)
  context.lineWidth = 1
  context.lineJoin = 'round'
  const taken: { x: number; y: number }[] = []
  for (const line of linesOf(picture, levels)) {
    const [r, g, b] = colourAt(table, normalise(colouring.scale, line.level))
    // Dark lines on light colours, light lines on dark ones; zero of a signed field is stronger.
    const onDark = 0.2126 * r + 0.7152 * g + 0.0722 * b < 110
    const strong = line.level === 0 && colouring.kind === 'signed'
    context.strokeStyle = onDark ? `rgba(255,255,255,${strong ? 0.9 : 0.6})` : `rgba(0,0,0,${strong ? 0.85 : 0.5})`
    const pixels = new Float64Array(line.points.length)
    context.beginPath()
    for (let k = 0; k < pixels.length; k += 2) {
      pixels[k] = toPixelX(frame, line.points[k])
      pixels[k + 1] = toPixelY(frame, line.points[k + 1])
      if (k === 0) context.moveTo(pixels[0], pixels[1])
      else context.lineTo(pixels[k], pixels[k + 1])
    }
    context.stroke()
    if (contourLabels) labelLine(context, frame, pixels, names[levels.indexOf(line.level)], onDark, taken, ink)
  }
}

/** Writes the level along the straightest stretch near the middle of a line, where the line is long enough and no other label stands near. */
function labelLine(context: CanvasRenderingContext2D, { area }: PlotFrame, pixels: Float64Array, text: string, onDark: boolean, taken: { x: number; y: number }[], ink: Ink): void {
  context.font = ink.tickFont
  const width = context.measureText(text).width
  const stretch = width + 10
  const lengths = new Float64Array(pixels.length / 2)
  for (let k = 1; k < lengths.length; k++) lengths[k] = lengths[k - 1] + Math.hypot(pixels[2 * k] - pixels[2 * k - 2], pixels[2 * k + 1] - pixels[2 * k - 1])
  const total = lengths[lengths.length - 1]
  if (total < 3 * stretch) return
  const at = (s: number): [number, number] => {
    const k = Math.max(1, lengths.findIndex(l => l >= s))
    const t = (s - lengths[k - 1]) / (lengths[k] - lengths[k - 1] || 1)
    return [pixels[2 * k - 2] + t * (pixels[2 * k] - pixels[2 * k - 2]), pixels[2 * k - 1] + t * (pixels[2 * k + 1] - pixels[2 * k - 1])]
  }
  let best: { x: number; y: number; angle: number } | undefined
  let bestChord = 0.92 * stretch
  for (let c = 1; c < 12; c++) {
    const s = (total * c) / 12
    const [a, b] = [at(s - stretch / 2), at(s + stretch / 2)]
    const [x, y] = at(s)
    const inside = x > area.left + width / 2 && x < area.left + area.width - width / 2 && y > area.top + 10 && y < area.top + area.height - 10
    if (!inside || taken.some(p => Math.hypot(p.x - x, p.y - y) < width + 24)) continue
    const chord = Math.hypot(b[0] - a[0], b[1] - a[1])
    if (chord <= bestChord) continue
    bestChord = chord
    let angle = Math.atan2(b[1] - a[1], b[0] - a[0])
    if (Math.abs(angle) > Math.PI / 2) angle -= Math.sign(angle) * Math.PI
    best = { x, y, angle }
  }
  if (!best) return
  taken.push(best)
  context.save()
  context.translate(best.x, best.y)
  context.rotate(best.angle)
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.lineWidth = 3
  context.strokeStyle = onDark ? 'rgba(0,0,0,0.75)' : 'rgba(255,255,255,0.8)'
  context.strokeText(text, 0, 0)
  context.fillStyle = onDark ? '#ffffff' : '#14171c'
  context.fillText(text, 0, 0)
  context.restore()
}
