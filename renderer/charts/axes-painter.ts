import type { Ink } from './ink'
import { toPixelX, toPixelY } from './plot-frame'
import { isSymbol, measureSymbol, paintSymbol } from './symbol-text'
import type { Margins, PlotFrame } from './plot-frame'
import { linearTicks, logTickLabels, logTicks, tickLabels } from './ticks'
import type { ViewWindow } from './view-window'

/** Axes on canvas: hairline frame, ticks outward, values in tabular figures, symbols in italics. Coordinates are CSS pixels. */
export interface AxesStyle {
  readonly xLabel: string
  readonly yLabel: string
  readonly grid?: boolean
  readonly xScale?: 'linear' | 'log'
  readonly yScale?: 'linear' | 'log'
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

const tickLength = 4

export const ticksOf = (range: readonly [number, number], scale: 'linear' | 'log' | undefined, count: number): number[] =>
  scale === 'log' ? logTicks(range[0], range[1], count) : linearTicks(range[0], range[1], count)

export const labelsOf = (ticks: readonly number[], scale: 'linear' | 'log' | undefined): string[] => (scale === 'log' ? logTickLabels(ticks) : tickLabels(ticks))

const yTickCount = (height: number, ink: Ink): number => Math.max(2, Math.min(10, Math.floor(height / (38 * ink.unit))))
const xTickCount = (width: number, ink: Ink): number => Math.max(2, Math.min(10, Math.floor(width / (50 * ink.unit))))

/** Room for tick values and axis symbols around a plot of about the given size. */
export function axesMargins(context: Context, window: ViewWindow, height: number, style: AxesStyle, ink: Ink): Margins {
  context.font = ink.tickFont
  const labels = labelsOf(ticksOf(window.y, style.yScale, yTickCount(height, ink)), style.yScale)
  const widest = labels.reduce((w, text) => Math.max(w, context.measureText(text).width), 0)
  const last = labelsOf(ticksOf(window.x, style.xScale, 5), style.xScale).at(-1) ?? ''
  const overhang = context.measureText(last).width / 2
  const yRoom = style.yLabel === '' ? 0 : isSymbol(style.yLabel) ? measureSymbol(context, style.yLabel, ink) + 8 * ink.unit : 20 * ink.unit
  return { left: Math.ceil(widest + tickLength + 5 + yRoom + 6), right: Math.ceil(Math.max(10, overhang + 2)), top: Math.ceil(10 * ink.unit), bottom: Math.ceil((style.xLabel === '' ? 24 : 40) * ink.unit) }
}

/** Where a hairline of one CSS pixel is sharp. */
const sharp = (v: number): number => Math.round(v) + 0.5

export function paintGrid(context: Context, frame: PlotFrame, ink: Ink, colour = ink.hairline): void {
  const { area, window } = frame
  context.strokeStyle = colour
  context.lineWidth = 1
  context.beginPath()
  for (const tick of ticksOf(window.x, frame.xScale, xTickCount(area.width, ink))) {
    const x = sharp(toPixelX(frame, tick))
    context.moveTo(x, area.top)
    context.lineTo(x, area.top + area.height)
  }
  for (const tick of ticksOf(window.y, frame.yScale, yTickCount(area.height, ink))) {
    const y = sharp(toPixelY(frame, tick))
    context.moveTo(area.left, y)
    context.lineTo(area.left + area.width, y)
  }
  context.stroke()
}

/** Frame, ticks, values and labels. A value that would touch its neighbour is left out, its tick stays. */
export function paintAxes(context: Context, frame: PlotFrame, style: AxesStyle, ink: Ink): void {
  const { area, window } = frame
  const right = area.left + area.width
  const bottom = area.top + area.height
  context.strokeStyle = ink.axis
  context.lineWidth = 1
  context.strokeRect(Math.round(area.left) - 0.5, Math.round(area.top) - 0.5, Math.round(area.width) + 1, Math.round(area.height) + 1)
  context.beginPath()
  context.font = ink.tickFont
  context.fillStyle = ink.secondary

  const xTicks = ticksOf(window.x, frame.xScale, xTickCount(area.width, ink))
  const xLabels = labelsOf(xTicks, frame.xScale)
  context.textAlign = 'center'
  context.textBaseline = 'top'
  let free = -Infinity
  xTicks.forEach((tick, k) => {
    const x = toPixelX(frame, tick)
    if (x < area.left - 1 || x > right + 1) return
    context.moveTo(sharp(Math.min(x, right - 0.5) - 0.5), bottom + 1)
    context.lineTo(sharp(Math.min(x, right - 0.5) - 0.5), bottom + 1 + tickLength)
    const half = context.measureText(xLabels[k]).width / 2
    if (x - half < free) return
    context.fillText(xLabels[k], x, bottom + tickLength + 4)
    free = x + half + 6
  })

  const yTicks = ticksOf(window.y, frame.yScale, yTickCount(area.height, ink))
  const yLabels = labelsOf(yTicks, frame.yScale)
  context.textAlign = 'right'
  context.textBaseline = 'middle'
  let widest = 0
  let ceiling = Infinity
  yTicks.forEach((tick, k) => {
    const y = toPixelY(frame, tick)
    if (y < area.top - 1 || y > bottom + 1) return
    context.moveTo(area.left - 1, sharp(Math.min(y, bottom - 0.5) - 0.5))
    context.lineTo(area.left - 1 - tickLength, sharp(Math.min(y, bottom - 0.5) - 0.5))
    widest = Math.max(widest, context.measureText(yLabels[k]).width)
    if (y + 6 * ink.unit > ceiling) return
    context.fillText(yLabels[k], area.left - tickLength - 5, y + 0.5)
    ceiling = y - 7 * ink.unit
  })
  context.stroke()

  context.fillStyle = ink.text
  if (style.xLabel) {
    context.textBaseline = 'alphabetic'
    paintSymbol(context, style.xLabel, area.left + area.width / 2, bottom + 33 * ink.unit, 'center', ink)
  }
  if (style.yLabel) {
    const edge = area.left - tickLength - 5 - widest
    if (isSymbol(style.yLabel)) {
      context.textBaseline = 'middle'
      paintSymbol(context, style.yLabel, edge - 8 * ink.unit, area.top + area.height / 2, 'right', ink)
    } else {
      context.save()
      context.font = ink.textFont
      context.translate(edge - 10 * ink.unit, area.top + area.height / 2)
      context.rotate(-Math.PI / 2)
      context.textAlign = 'center'
      context.textBaseline = 'middle'
      context.fillText(style.yLabel, 0, 0)
      context.restore()
    }
  }
}
