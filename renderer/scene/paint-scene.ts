import { chipWidth, paintChip, paintDot } from '../charts/chip'
import { paintColourBar } from '../charts/colour-bar'
import type { ColourTable } from '../charts/colour-maps'
import type { Ink } from '../charts/ink'
import { paintSymbol } from '../charts/symbol-text'
import type { ValueScale } from '../charts/value-scale'
import type { BoxAxes } from './box-axes'
import { dot } from './camera'
import type { Projector, Vector } from './camera'

/** What stands over the scene as text and lines on a 2-D canvas: tick values, symbols, the orientation triad, a picked value, the colour bar in its own column. */
export interface SceneOverlay {
  readonly axes: BoxAxes
  readonly symbols: readonly [string, string, string]
  readonly pick?: { readonly at: readonly [number, number]; readonly text: string }
  readonly scale: ValueScale
  readonly colours: ColourTable
  readonly clipped: { readonly below: boolean; readonly above: boolean; readonly missing: boolean }
  readonly title: string
  /** Width of the scene without the colour bar's column. */
  readonly sceneWidth: number
}

export function paintSceneOverlay(context: CanvasRenderingContext2D, overlay: SceneOverlay, view: Projector, height: number, ink: Ink): void {
  context.strokeStyle = ink.axis
  context.lineWidth = 1
  context.beginPath()
  for (const { from, to } of overlay.axes.ticks) {
    context.moveTo(...from)
    context.lineTo(...to)
  }
  context.stroke()
  for (const label of overlay.axes.labels) {
    context.fillStyle = label.kind === 'symbol' ? ink.text : ink.secondary
    context.textBaseline = 'middle'
    context.lineWidth = 3
    context.strokeStyle = ink.halo
    if (label.kind === 'symbol') {
      paintSymbol(context, label.text, label.x, label.y, label.align, ink, { halo: true })
      continue
    }
    context.font = ink.tickFont
    context.textAlign = label.align
    context.strokeText(label.text, label.x, label.y)
    context.fillText(label.text, label.x, label.y)
  }
  paintTriad(context, view, overlay.symbols, 34 * ink.unit, height - 30 * ink.unit, ink)
  if (overlay.pick) paintPick(context, overlay.pick.at, overlay.pick.text, overlay.sceneWidth, ink)
  const length = Math.max(60, Math.min(height - 90 * ink.unit, 360 * ink.unit))
  paintColourBar(context, { left: overlay.sceneWidth + 4, top: Math.max(40 * ink.unit, (height - length) / 2), width: 12, height: length }, overlay.scale, overlay.colours, overlay.title, ink, overlay.clipped)
}

/** Three short axes that turn with the camera; the nearer ones are drawn last. */
function paintTriad(context: CanvasRenderingContext2D, view: Projector, symbols: readonly string[], x: number, y: number, ink: Ink): void {
  const length = 20 * ink.unit
  const directions: Vector[] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
  const order = [0, 1, 2].sort((a, b) => dot(directions[b], view.forward) - dot(directions[a], view.forward))
  const named: (readonly [number, number])[] = []
  for (const k of order) {
    const dx = dot(directions[k], view.right) * length
    const dy = -dot(directions[k], view.up) * length
    context.strokeStyle = ink.secondary
    context.lineWidth = 1.5
    context.beginPath()
    context.moveTo(x, y)
    context.lineTo(x + dx, y + dy)
    context.stroke()
    const reach = Math.hypot(dx, dy)
    const place = [x + dx + (dx / reach) * 8, y + dy + (dy / reach) * 8] as const
    // Seen end on, or one axis before the other, a name would only blot.
    if (reach < 7 || named.some(other => Math.hypot(other[0] - place[0], other[1] - place[1]) < 11 * ink.unit)) continue
    named.push(place)
    context.fillStyle = ink.secondary
    context.textBaseline = 'middle'
    paintSymbol(context, symbols[k], ...place, 'center', ink)
  }
}

function paintPick(context: CanvasRenderingContext2D, [x, y]: readonly [number, number], text: string, sceneWidth: number, ink: Ink): void {
  paintDot(context, x, y, ink)
  const room = chipWidth(context, text, ink)
  paintChip(context, text, Math.min(Math.max(2, x + 10), sceneWidth - room - 2), y - 17 * ink.unit, 'left', ink)
}
