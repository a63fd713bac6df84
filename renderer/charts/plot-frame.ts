import type { ViewWindow } from './view-window'

/** A rectangle of CSS pixels. */
export interface Rectangle {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export type AxisScale = 'linear' | 'log'

/** Where a window of coordinates lies on the canvas; y grows upward in coordinates and downward in pixels. */
export interface PlotFrame {
  readonly area: Rectangle
  readonly window: ViewWindow
  readonly xScale: AxisScale
  readonly yScale: AxisScale
}

export interface Margins { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }

/**
 * The plot area inside the container. With `equalAspect` one unit is as long on both axes: the area shrinks about its centre
 * until it has the window's proportions.
 */
export function plotFrame(width: number, height: number, margins: Margins, window: ViewWindow, { equalAspect = false, xScale = 'linear' as AxisScale, yScale = 'linear' as AxisScale } = {}): PlotFrame {
  let area: Rectangle = { left: margins.left, top: margins.top, width: Math.max(1, width - margins.left - margins.right), height: Math.max(1, height - margins.top - margins.bottom) }
  if (equalAspect) {
    const aspect = (window.x[1] - window.x[0]) / (window.y[1] - window.y[0])
    const fitted = Math.min(area.width, area.height * aspect)
    const w = Math.max(1, Math.round(fitted))
    const h = Math.max(1, Math.round(fitted / aspect))
    area = { left: area.left + Math.floor((area.width - w) / 2), top: area.top + Math.floor((area.height - h) / 2), width: w, height: h }
  }
  return { area, window, xScale, yScale }
}

const warp = (scale: AxisScale, v: number): number => (scale === 'log' ? Math.log10(v) : v)
const unwarp = (scale: AxisScale, v: number): number => (scale === 'log' ? 10 ** v : v)

export function toPixelX({ area, window, xScale }: PlotFrame, x: number): number {
  const a = warp(xScale, window.x[0])
  return area.left + ((warp(xScale, x) - a) / (warp(xScale, window.x[1]) - a)) * area.width
}
export function toPixelY({ area, window, yScale }: PlotFrame, y: number): number {
  const a = warp(yScale, window.y[0])
  return area.top + area.height - ((warp(yScale, y) - a) / (warp(yScale, window.y[1]) - a)) * area.height
}
export function fromPixelX({ area, window, xScale }: PlotFrame, px: number): number {
  const a = warp(xScale, window.x[0])
  return unwarp(xScale, a + ((px - area.left) / area.width) * (warp(xScale, window.x[1]) - a))
}
export function fromPixelY({ area, window, yScale }: PlotFrame, py: number): number {
  const a = warp(yScale, window.y[0])
  return unwarp(yScale, a + ((area.top + area.height - py) / area.height) * (warp(yScale, window.y[1]) - a))
}

export const insideArea = ({ area }: PlotFrame, px: number, py: number): boolean =>
  px >= area.left && px <= area.left + area.width && py >= area.top && py <= area.top + area.height
