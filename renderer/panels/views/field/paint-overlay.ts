import { chipWidth, paintChip, paintDot } from '../../../charts/chip'
import type { Ink } from '../../../charts/ink'
import type { Cut, Point } from '../../../charts/line-cut'
import { toPixelX, toPixelY } from '../../../charts/plot-frame'
import type { PlotFrame } from '../../../charts/plot-frame'

/** What moves with the pointer, on its own canvas above the picture: cross-hair, probes, cut, box. */
export interface FieldOverlay {
  readonly cursor?: Point
  /** The cursor is over another view. */
  readonly cursorElsewhere?: boolean
  readonly probe?: { readonly at: Point; readonly text: string }
  readonly pins: readonly { readonly at: Point; readonly text: string }[]
  readonly cut?: Cut
  readonly box?: { readonly from: Point; readonly to: Point }
  /** The shown time on a space–time picture. */
  readonly time?: number
  readonly swipe?: { readonly at: number; readonly left: string; readonly right: string }
}

export function paintOverlay(context: CanvasRenderingContext2D, frame: PlotFrame, overlay: FieldOverlay, ink: Ink): void {
  const { area } = frame
  const right = area.left + area.width
  const bottom = area.top + area.height
  const px = (p: Point): Point => [toPixelX(frame, p[0]), toPixelY(frame, p[1])]
  context.save()
  context.beginPath()
  context.rect(area.left, area.top, area.width, area.height)
  context.clip()
  // A light line under a dark one is seen on every colour.
  const line = (path: () => void, dash: readonly number[] = [], width = 1): void => {
    for (const [colour, w] of [['rgba(255,255,255,0.75)', width + 2], ['rgba(20,23,28,0.85)', width]] as const) {
      context.beginPath()
      context.setLineDash(colour.startsWith('rgba(255') ? [] : [...dash])
      context.strokeStyle = colour
      context.lineWidth = w
      path()
      context.stroke()
    }
    context.setLineDash([])
  }
  if (overlay.time !== undefined) {
    const x = Math.round(toPixelX(frame, overlay.time)) + 0.5
    line(() => { context.moveTo(x, area.top); context.lineTo(x, bottom) }, [4, 3])
  }
  if (overlay.cursor) {
    const [x, y] = px(overlay.cursor).map(v => Math.round(v) + 0.5)
    context.strokeStyle = overlay.cursorElsewhere ? 'rgba(128,128,128,0.9)' : 'rgba(128,128,128,0.65)'
    context.lineWidth = 1
    context.beginPath()
    context.moveTo(area.left, y)
    context.lineTo(right, y)
    context.moveTo(x, area.top)
    context.lineTo(x, bottom)
    context.stroke()
    if (overlay.cursorElsewhere) line(() => context.arc(x, y, 4, 0, 2 * Math.PI))
  }
  if (overlay.cut) {
    const [a, b] = [px(overlay.cut.from), px(overlay.cut.to)]
    line(() => { context.moveTo(a[0], a[1]); context.lineTo(b[0], b[1]) }, [], 1.5)
    for (const [end, filled] of [[a, true], [b, false]] as const) {
      context.beginPath()
      context.arc(end[0], end[1], 3.5, 0, 2 * Math.PI)
      context.fillStyle = filled ? 'rgb(20,23,28)' : '#ffffff'
      context.fill()
      context.strokeStyle = filled ? '#ffffff' : 'rgb(20,23,28)'
      context.lineWidth = 1.25
      context.stroke()
    }
  }
  if (overlay.box) {
    const [a, b] = [px(overlay.box.from), px(overlay.box.to)]
    context.fillStyle = 'rgba(127,127,127,0.18)'
    context.fillRect(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1]))
    line(() => context.rect(Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])))
  }
  for (const pin of [...overlay.pins, ...(overlay.probe ? [overlay.probe] : [])]) paintPin(context, frame, px(pin.at), pin.text, ink)
  if (overlay.swipe) {
    const x = Math.round(area.left + overlay.swipe.at * area.width) + 0.5
    line(() => { context.moveTo(x, area.top); context.lineTo(x, bottom) }, [], 1.5)
    const y = area.top + area.height / 2
    context.beginPath()
    context.arc(x, y, 7, 0, 2 * Math.PI)
    context.fillStyle = ink.background
    context.fill()
    context.strokeStyle = ink.text
    context.lineWidth = 1.25
    context.stroke()
    context.beginPath()
    for (const side of [-1, 1]) {
      context.moveTo(x + side * 2, y - 2.5)
      context.lineTo(x + side * 4.5, y)
      context.lineTo(x + side * 2, y + 2.5)
    }
    context.stroke()
    paintChip(context, overlay.swipe.left, area.left + 6, area.top + 16 * ink.unit, 'left', ink)
    paintChip(context, overlay.swipe.right, right - 6, area.top + 16 * ink.unit, 'right', ink)
  }
  context.restore()
}

function paintPin(context: CanvasRenderingContext2D, { area }: PlotFrame, [x, y]: Point, text: string, ink: Ink): void {
  paintDot(context, x, y, ink)
  if (!text) return
  const isFarRight = x > area.left + area.width - chipWidth(context, text, ink) - 10
  paintChip(context, text, isFarRight ? x - 8 : x + 8, y < area.top + 22 ? y + 14 : y - 12, isFarRight ? 'right' : 'left', ink)
}
