import type { Ink } from './ink'

/** Marks that are read on every colour: a dot with a white rim, and text on a patch of background. */

export function paintDot(context: CanvasRenderingContext2D, x: number, y: number, ink: Ink): void {
  context.beginPath()
  context.arc(x, y, 4, 0, 2 * Math.PI)
  context.fillStyle = ink.accent
  context.fill()
  context.strokeStyle = '#ffffff'
  context.lineWidth = 1.5
  context.stroke()
}

/** Width of the patch, in CSS pixels. */
export function chipWidth(context: CanvasRenderingContext2D, text: string, ink: Ink): number {
  context.font = ink.tickFont
  return context.measureText(text).width + 10
}

/** A patch that begins or ends at x, its middle at y. */
export function paintChip(context: CanvasRenderingContext2D, text: string, x: number, y: number, align: 'left' | 'right', ink: Ink): void {
  const width = chipWidth(context, text, ink)
  const left = align === 'left' ? x : x - width
  context.fillStyle = ink.halo
  context.beginPath()
  context.roundRect(left, y - 9 * ink.unit, width, 18 * ink.unit, 4)
  context.fill()
  context.fillStyle = ink.text
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillText(text, left + 5, y + 0.5)
}
