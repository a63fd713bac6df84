import type { Ink, SeriesStyle } from './ink'
import { toPixelX, toPixelY } from './plot-frame'
import type { AxisScale, PlotFrame } from './plot-frame'
import type { ViewWindow } from './view-window'

/** One curve: points in order of x; a NaN is a gap. On a logarithmic axis what is not positive is a gap too. */
export interface Series {
  readonly id: string
  readonly label: string
  readonly x: Float64Array
  readonly y: Float64Array
  readonly style: SeriesStyle
  readonly markers?: boolean
  /** Points without a line between. */
  readonly bare?: boolean
  /** Filled between these, under the line. */
  readonly band?: { readonly lower: Float64Array; readonly upper: Float64Array }
}

const usable = (v: number, scale: AxisScale): boolean => (scale === 'log' ? v > 0 && v < Infinity : Number.isFinite(v))

/** All of every curve, with a little air above and below (and beside, where there are markers); a constant gets an interval around it. */
export function homeWindow(series: readonly Series[], xScale: AxisScale, yScale: AxisScale): ViewWindow {
  const range = (of: 'x' | 'y', scale: AxisScale, air: number): readonly [number, number] => {
    let lower = Infinity
    let upper = -Infinity
    for (const s of series) {
      for (let i = 0; i < s.x.length; i++) {
        if (!usable(s.x[i], xScale) || !usable(s.y[i], yScale)) continue
        const ends = of === 'y' && s.band ? [s.y[i], s.band.lower[i], s.band.upper[i]].filter(v => usable(v, yScale)) : [s[of][i]]
        lower = Math.min(lower, ...ends)
        upper = Math.max(upper, ...ends)
      }
    }
    if (!(lower <= upper)) return scale === 'log' ? [0.1, 10] : [0, 1]
    if (scale === 'log') {
      const factor = lower === upper ? 10 : (upper / lower) ** air
      return [lower / factor, upper * factor]
    }
    const half = lower === upper ? Math.abs(lower) * 0.5 || 0.5 : (upper - lower) * air
    return [lower - half, upper + half]
  }
  const markers = series.some(s => s.markers)
  return { x: range('x', xScale, markers ? 0.05 : 0), y: range('y', yScale, 0.06) }
}

/** Index of the point nearest in x, which increases or decreases (mesh widths of a study do); −1 where the series is empty. */
export function nearestIndex(x: Float64Array, at: number, scale: AxisScale = 'linear'): number {
  if (x.length === 0) return -1
  const falls = x[0] > x[x.length - 1]
  let [lower, upper] = [0, x.length - 1]
  while (upper - lower > 1) {
    const middle = (lower + upper) >> 1
    if (falls ? x[middle] >= at : x[middle] <= at) lower = middle
    else upper = middle
  }
  const distance = (i: number): number => (scale === 'log' ? Math.abs(Math.log(x[i] / at)) : Math.abs(x[i] - at))
  return distance(upper) < distance(lower) ? upper : lower
}

/** The curve's value at x by linear interpolation (of the logarithms on logarithmic axes); NaN outside and in gaps. Increasing x. */
export function valueAt({ x, y }: Pick<Series, 'x' | 'y'>, at: number, xScale: AxisScale = 'linear', yScale: AxisScale = 'linear'): number {
  const last = x.length - 1
  if (last < 0 || !(at >= x[0]) || !(at <= x[last])) return NaN
  let lower = 0
  let upper = last
  while (upper - lower > 1) {
    const middle = (lower + upper) >> 1
    if (x[middle] <= at) lower = middle
    else upper = middle
  }
  if (at === x[lower] || lower === upper) return y[lower]
  const w = xScale === 'log' && x[lower] > 0 ? Math.log(at / x[lower]) / Math.log(x[upper] / x[lower]) : (at - x[lower]) / (x[upper] - x[lower])
  return yScale === 'log' && y[lower] > 0 && y[upper] > 0 ? y[lower] * (y[upper] / y[lower]) ** w : y[lower] + w * (y[upper] - y[lower])
}

/** Clouds of more points are drawn with smaller ones. */
const crowd = 64

export function paintSeries(context: CanvasRenderingContext2D, frame: PlotFrame, series: readonly Series[], ink: Ink): void {
  const { area } = frame
  context.save()
  context.beginPath()
  context.rect(area.left - 1, area.top - 1, area.width + 2, area.height + 2)
  context.clip()
  for (const s of series) if (s.band) paintBand(context, frame, s)
  for (const s of series) {
    context.strokeStyle = s.style.colour
    context.fillStyle = s.style.colour
    context.lineWidth = 1.75
    context.lineJoin = 'round'
    if (!s.bare) {
      context.setLineDash([...s.style.dash])
      context.beginPath()
      strokePath(context, frame, s)
      context.stroke()
      context.setLineDash([])
    }
    if (!s.markers && !s.bare) continue
    for (let i = 0; i < s.x.length; i++) {
      if (!usable(s.x[i], frame.xScale) || !usable(s.y[i], frame.yScale)) continue
      paintMarker(context, toPixelX(frame, s.x[i]), toPixelY(frame, s.y[i]), s.style.marker, (s.bare && s.x.length > crowd ? 2 : 3.75) * ink.unit)
    }
  }
  context.restore()
}

/** Of a band's colour: two bands over one another still show both. */
const bandOpacity = 0.2

/** The band of a curve, one closed shape for every stretch without gaps. */
function paintBand(context: CanvasRenderingContext2D, frame: PlotFrame, { x, band, style }: Series): void {
  const { lower, upper } = band!
  const there = (i: number): boolean => usable(x[i], frame.xScale) && usable(lower[i], frame.yScale) && usable(upper[i], frame.yScale)
  const point = (i: number, y: Float64Array): readonly [number, number] => [toPixelX(frame, x[i]), Math.max(-1e5, Math.min(1e5, toPixelY(frame, y[i])))]
  context.save()
  context.globalAlpha = bandOpacity
  context.fillStyle = style.colour
  for (let from = 0; from < x.length; from++) {
    if (!there(from)) continue
    let to = from
    while (to + 1 < x.length && there(to + 1)) to++
    context.beginPath()
    context.moveTo(...point(from, upper))
    for (let i = from + 1; i <= to; i++) context.lineTo(...point(i, upper))
    for (let i = to; i >= from; i--) context.lineTo(...point(i, lower))
    context.closePath()
    context.fill()
    from = to
  }
  context.restore()
}

/** Where several points fall on one pixel column only the first, lowest, highest and last are drawn: the same line at a fraction of the cost. */
function strokePath(context: CanvasRenderingContext2D, frame: PlotFrame, { x, y }: Series): void {
  let open = false
  let column = NaN
  let low = 0, high = 0, last = 0
  const flush = (): void => {
    if (Number.isNaN(column)) return
    context.lineTo(column, low)
    context.lineTo(column, high)
    context.lineTo(column, last)
  }
  const thin = x.length > 4 * frame.area.width
  for (let i = 0; i < x.length; i++) {
    if (!usable(x[i], frame.xScale) || !usable(y[i], frame.yScale)) {
      flush()
      column = NaN
      open = false
      continue
    }
    const px = toPixelX(frame, x[i])
    const py = Math.max(-1e5, Math.min(1e5, toPixelY(frame, y[i])))
    if (!open) {
      context.moveTo(px, py)
      open = true
    } else if (!thin) context.lineTo(px, py)
    if (!thin) continue
    if (Math.round(px) !== column) {
      flush()
      column = Math.round(px)
      low = high = py
    }
    low = Math.min(low, py)
    high = Math.max(high, py)
    last = py
  }
  flush()
}

export function paintMarker(context: CanvasRenderingContext2D, x: number, y: number, shape: number, r: number): void {
  context.beginPath()
  if (shape === 0) context.arc(x, y, r, 0, 2 * Math.PI)
  else if (shape === 1) context.rect(x - r * 0.88, y - r * 0.88, r * 1.76, r * 1.76)
  else {
    const corners = shape === 2 ? [[0, -1.15], [1.05, 0.75], [-1.05, 0.75]] : [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]]
    corners.forEach(([dx, dy], k) => (k === 0 ? context.moveTo(x + dx * r, y + dy * r) : context.lineTo(x + dx * r, y + dy * r)))
    context.closePath()
  }
  context.fill()
}
