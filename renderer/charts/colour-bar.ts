import { colourAt } from './colour-maps'
import type { ColourTable } from './colour-maps'
import type { Ink } from './ink'
import type { Rectangle } from './plot-frame'
import { measureSymbol, paintSymbol } from './symbol-text'
import { linearTicks, logTickLabels, logTicks, symmetricLogTicks, tickLabels } from './ticks'
import { normalise } from './value-scale'
import type { ValueScale } from './value-scale'

export interface ColourBarTicks { readonly values: readonly number[]; readonly labels: readonly string[] }

const thickness = 12

/** Ticks of a bar of the given length: 1–2–5 on linear, powers of ten on logarithmic scales. */
export function colourBarTicks(scale: ValueScale, length: number, unit = 1): ColourBarTicks {
  const count = Math.max(length < 60 * unit ? 2 : 3, Math.min(9, Math.floor(length / (46 * unit))))
  if (scale.transform === 'linear') {
    const values = linearTicks(scale.lower, scale.upper, count)
    return { values, labels: tickLabels(values) }
  }
  const values = scale.transform === 'log' ? logTicks(scale.lower, scale.upper, count) : symmetricLogTicks(scale.lower, scale.upper, scale.threshold, count)
  return { values, labels: logTickLabels(values) }
}

/** Width that the bar with its values needs, in CSS pixels. */
export function colourBarWidth(context: CanvasRenderingContext2D, scale: ValueScale, length: number, title: string, ink: Ink): number {
  context.font = ink.tickFont
  const widest = colourBarTicks(scale, length, ink.unit).labels.reduce((w, text) => Math.max(w, context.measureText(text).width), 0)
  return Math.ceil(Math.max(thickness * ink.unit + 9 + widest, measureSymbol(context, title, ink, ink.tickFont) + 2))
}

/**
 * A vertical colour bar in `box`: title above, values at the right. Triangles at the ends say that values below or above the range exist
 * (`clipped`), a grey square below that some are missing.
 */
export function paintColourBar(context: CanvasRenderingContext2D, box: Rectangle, scale: ValueScale, table: ColourTable, title: string, ink: Ink, clipped: { below?: boolean; above?: boolean; missing?: boolean } = {}): void {
  const width = thickness * ink.unit
  const css = (rgb: readonly number[]): string => `rgb(${rgb[0]},${rgb[1]},${rgb[2]})`
  const left = Math.round(box.left)
  const top = Math.round(box.top)
  const height = Math.round(box.height)
  for (let row = 0; row < height; row++) {
    context.fillStyle = css(colourAt(table, 1 - (row + 0.5) / height))
    context.fillRect(left, top + row, width, 1.02)
  }
  const triangle = (base: number, tip: number, rgb: readonly number[]): void => {
    context.fillStyle = css(rgb)
    context.beginPath()
    context.moveTo(left, base)
    context.lineTo(left + width, base)
    context.lineTo(left + width / 2, tip)
    context.fill()
  }
  const tip = 8 * ink.unit
  if (clipped.above) triangle(top - 1, top - 1 - tip, table.above)
  if (clipped.below) triangle(top + height + 1, top + height + 1 + tip, table.below)
  if (clipped.missing) {
    const y = top + height + (clipped.below ? tip + 5 : 8)
    context.fillStyle = css(table.missing)
    context.fillRect(left, y, width, width * 0.7)
    context.fillStyle = ink.secondary
    context.font = ink.tickFont
    context.textAlign = 'left'
    context.textBaseline = 'middle'
    context.fillText('none', left + width + 6, y + width * 0.35)
  }
  const ticks = colourBarTicks(scale, height, ink.unit)
  context.font = ink.tickFont
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.strokeStyle = ink.axis
  context.lineWidth = 1
  context.beginPath()
  let free = Infinity
  ticks.values.forEach((value, k) => {
    const y = top + height * (1 - normalise(scale, value))
    if (y < top - 0.5 || y > top + height + 0.5) return
    context.moveTo(left + width, Math.min(top + height - 1, Math.round(y)) + 0.5)
    context.lineTo(left + width + 3, Math.min(top + height - 1, Math.round(y)) + 0.5)
    if (y + 6 * ink.unit > free) return
    context.fillStyle = ink.secondary
    context.fillText(ticks.labels[k], left + width + 6, y + 0.5)
    free = y - 7 * ink.unit
  })
  context.stroke()
  if (title) {
    context.fillStyle = ink.text
    context.textBaseline = 'alphabetic'
    paintSymbol(context, title, left, top - (clipped.above ? tip : 0) - 8, 'left', ink, { wordFont: ink.tickFont })
  }
}
