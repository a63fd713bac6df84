import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { PointerEvent, ReactNode, Ref } from 'react'
import { axesMargins, paintAxes, paintGrid } from '../../../charts/axes-painter'
import type { Ink } from '../../../charts/ink'
import { homeWindow, nearestIndex, paintMarker, paintSeries, valueAt } from '../../../charts/line-painter'
import type { Series } from '../../../charts/line-painter'
import { fromPixelX, fromPixelY, insideArea, plotFrame, toPixelX, toPixelY } from '../../../charts/plot-frame'
import type { AxisScale, PlotFrame } from '../../../charts/plot-frame'
import { formatValue } from '../../../charts/ticks'
import { currentWindow, goHome, isHome, rehome, viewHistory, visit, zoomAbout } from '../../../charts/view-window'
import type { ViewHistory, ViewWindow } from '../../../charts/view-window'
import { assignRef, useDrawingArea } from '../use-drawing-area'
import { preparedContext } from '../use-size'

export type LineMode = 'zoom' | 'pan'

export interface LineChartProps {
  readonly series: readonly Series[]
  readonly xLabel: string
  readonly yLabel: string
  readonly xScale?: AxisScale
  readonly yScale?: AxisScale
  readonly grid?: boolean
  readonly mode?: LineMode
  readonly ink: Ink
  readonly description: string
  /** Vertical line at this abscissa, where another view's pointer is. */
  readonly cursor?: number
  onCursor?(x: number | undefined): void
  /** Draws more into the plot, above the curves. */
  readonly paintMore?: (context: CanvasRenderingContext2D, frame: PlotFrame) => void
  readonly mark?: string
  readonly canvas?: Ref<HTMLCanvasElement>
  /** Fixed window to start with, e.g. the value range of all times. */
  readonly home?: ViewWindow
  /** Receives the history, so that commands can move in it. */
  readonly control?: Ref<ChartControl>
  readonly legendEnd?: ReactNode
  /** Ids of curves that are not drawn; a click on an entry of the legend changes it. Without it the chart keeps its own list. */
  readonly hidden?: readonly string[]
  onHidden?(ids: readonly string[]): void
}

export interface ChartControl {
  change(update: (history: ViewHistory) => ViewHistory): void
}

/** Curves with axes, legend, read-out, zoom and pan. The legend shows values at the pointer. */
export function LineChart(props: LineChartProps) {
  const { series: all, xLabel, yLabel, xScale = 'linear', yScale = 'linear', grid = true, mode = 'zoom', ink, description, paintMore, mark } = props
  const [ownHidden, setOwnHidden] = useState<readonly string[]>([])
  const hidden = props.hidden ?? ownHidden
  const series = useMemo(() => all.filter(s => !hidden.includes(s.id)), [all, hidden])
  const base = useRef<HTMLCanvasElement>(null)
  const upper = useRef<HTMLCanvasElement>(null)
  const frame = useRef<PlotFrame>(undefined)
  const drag = useRef<{ kind: LineMode; pixel: readonly [number, number]; window: ViewWindow; moved: boolean }>(undefined)
  const [box, setBox] = useState<readonly [number, number, number, number]>()
  const [hover, setHover] = useState<number>()
  const { container, size, pixelOf } = useDrawingArea(({ pixel, factor, continues, isShifted }) => {
    const f = frame.current
    if (!f || !insideArea(f, pixel[0], pixel[1])) return false
    const warped: ViewWindow = { x: warpRange(f.window.x, f.xScale), y: warpRange(f.window.y, f.yScale) }
    const zoomed = zoomAbout(warped, warp(fromPixelX(f, pixel[0]), f.xScale), warp(fromPixelY(f, pixel[1]), f.yScale), factor, isShifted ? 'x' : 'both')
    setHistory(h => visit(h, { x: unwarpRange(zoomed.x, f.xScale), y: unwarpRange(zoomed.y, f.yScale) }, continues))
    return true
  })

  const fitted = useMemo(() => homeWindow(series, xScale, yScale), [series, xScale, yScale])
  const home = props.home ?? fitted
  const [history, setHistory] = useState<ViewHistory>(() => viewHistory(home))
  const scales = `${xScale} ${yScale}`
  const scalesBefore = useRef(scales)
  useLayoutEffect(() => {
    const scalesChanged = scalesBefore.current !== scales
    scalesBefore.current = scales
    // Under another scale the old windows mean nothing.
    setHistory(before => (scalesChanged ? viewHistory(home) : rehome(before, home)))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by value: an equal window is the same home
  }, [home.x[0], home.x[1], home.y[0], home.y[1], scales])
  const window = currentWindow(history)

  useEffect(() => {
    const control: ChartControl = { change: update => setHistory(update) }
    assignRef(props.control, control)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once: the control never changes
  }, [])

  useLayoutEffect(() => {
    if (!size || !base.current) return
    const context = preparedContext(base.current, size)
    const style = { xLabel, yLabel, xScale, yScale }
    const margins = axesMargins(context, window, size.height - 40, style, ink)
    frame.current = plotFrame(size.width, size.height, { ...margins, right: Math.max(margins.right, 14 * ink.unit) }, window, { xScale, yScale })
    if (grid) paintGrid(context, frame.current, ink)
    paintSeries(context, frame.current, series, ink)
    if (paintMore) {
      const { area } = frame.current
      context.save()
      context.beginPath()
      context.rect(area.left, area.top, area.width, area.height)
      context.clip()
      paintMore(context, frame.current)
      context.restore()
    }
    paintAxes(context, frame.current, style, ink)
  }, [series, window, size, ink, grid, xLabel, yLabel, xScale, yScale, paintMore])

  const at = hover ?? props.cursor
  useLayoutEffect(() => {
    const f = frame.current
    if (!size || !upper.current || !f) return
    const context = preparedContext(upper.current, size)
    const { area } = f
    if (at !== undefined && at >= f.window.x[0] && at <= f.window.x[1]) {
      context.strokeStyle = ink.axis
      context.lineWidth = 1
      context.beginPath()
      const x = Math.round(toPixelX(f, at)) + 0.5
      context.moveTo(x, area.top)
      context.lineTo(x, area.top + area.height)
      context.stroke()
      for (const s of series) {
        const y = readingOf(s, at, xScale, yScale)[1]
        const py = toPixelY(f, y)
        if (!Number.isFinite(py) || py < area.top - 1 || py > area.top + area.height + 1) continue
        context.fillStyle = s.style.colour
        paintMarker(context, toPixelX(f, readingOf(s, at, xScale, yScale)[0]), py, 0, 3.5)
      }
    }
    if (box) {
      context.fillStyle = 'rgba(127,127,127,0.16)'
      context.fillRect(box[0], box[1], box[2] - box[0], box[3] - box[1])
      context.strokeStyle = ink.accent
      context.strokeRect(box[0], box[1], box[2] - box[0], box[3] - box[1])
    }
  }, [at, box, series, size, ink, window, xScale, yScale])

  const down = (event: PointerEvent): void => {
    const pixel = pixelOf(event)
    if (!frame.current || event.button > 1 || !insideArea(frame.current, pixel[0], pixel[1])) return
    drag.current = { kind: event.button === 1 ? 'pan' : mode, pixel, window, moved: false }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent): void => {
    const f = frame.current
    if (!f) return
    const pixel = pixelOf(event)
    const held = drag.current
    if (!held) {
      const x = insideArea(f, pixel[0], pixel[1]) ? fromPixelX(f, pixel[0]) : undefined
      setHover(x)
      return props.onCursor?.(x)
    }
    if (!held.moved && Math.hypot(pixel[0] - held.pixel[0], pixel[1] - held.pixel[1]) < 4) return
    const first = !held.moved
    held.moved = true
    if (held.kind === 'zoom') return setBox([held.pixel[0], held.pixel[1], pixel[0], pixel[1]])
    // On a logarithmic axis a pan multiplies.
    const origin: PlotFrame = { ...f, window: held.window }
    const shift = (dx: number, dy: number): ViewWindow => ({
      x: [fromPixelX(origin, f.area.left + dx), fromPixelX(origin, f.area.left + f.area.width + dx)],
      y: [fromPixelY(origin, f.area.top + f.area.height + dy), fromPixelY(origin, f.area.top + dy)],
    })
    setHistory(h => visit(h, shift(held.pixel[0] - pixel[0], held.pixel[1] - pixel[1]), !first))
  }
  const up = (event: PointerEvent): void => {
    const held = drag.current
    drag.current = undefined
    setBox(undefined)
    if (!held?.moved || held.kind !== 'zoom' || !frame.current) return
    const f = frame.current
    const pixel = pixelOf(event)
    const xs = [fromPixelX(f, held.pixel[0]), fromPixelX(f, pixel[0])].sort((a, b) => a - b) as [number, number]
    const ys = [fromPixelY(f, held.pixel[1]), fromPixelY(f, pixel[1])].sort((a, b) => a - b) as [number, number]
    if (xs[1] > xs[0] && ys[1] > ys[0]) setHistory(h => visit(h, { x: xs, y: ys }))
  }
  const toggle = (id: string): void => {
    const next = hidden.includes(id) ? hidden.filter(other => other !== id) : [...hidden, id]
    if (props.hidden === undefined) setOwnHidden(next)
    props.onHidden?.(next)
  }

  return (
    <div className="line-chart">
      <div className="chart-legend">
        {mark && <span className="live-mark">{mark}</span>}
        {at !== undefined && xLabel && (
          <span className="at">
            {xLabel} = {formatValue(readingX(series, at, xScale), 5)}
          </span>
        )}
        {all.map(s => (
          <LegendEntry key={s.id} series={s} isHidden={hidden.includes(s.id)} value={at === undefined || hidden.includes(s.id) ? undefined : readingOf(s, at, xScale, yScale)[1]} onToggle={all.length > 1 ? () => toggle(s.id) : undefined} />
        ))}
        {props.legendEnd}
      </div>
      <div className="chart-space">
        <div
          ref={container}
          className="chart-canvas"
          tabIndex={0}
          role="application"
          aria-roledescription="line chart"
          aria-label={description}
          onPointerDown={down}
          onPointerMove={move}
          onPointerUp={up}
          onPointerCancel={() => (drag.current = undefined)}
          onPointerLeave={() => { setHover(undefined); props.onCursor?.(undefined) }}
          onDoubleClick={() => setHistory(h => (isHome(h) ? h : goHome(h)))}
        >
          <canvas ref={node => { base.current = node; assignRef(props.canvas, node) }} aria-hidden />
          <canvas ref={upper} aria-hidden />
        </div>
      </div>
    </div>
  )
}

/** Where a series is read: at its nearest point where it is points, at the abscissa itself where it is a curve. */
function readingOf(s: Series, at: number, scale: AxisScale, yScale: AxisScale): readonly [number, number] {
  if (!s.markers && !s.bare) return [at, valueAt(s, at, scale, yScale)]
  const i = nearestIndex(s.x, at, scale)
  return i < 0 ? [NaN, NaN] : [s.x[i], s.y[i]]
}

function readingX(series: readonly Series[], at: number, scale: AxisScale): number {
  const pointed = series.find(s => s.markers || s.bare)
  return pointed ? readingOf(pointed, at, scale, scale)[0] : at
}

/** Its line as it is drawn, its name, its value under the pointer; with several curves a switch that takes it out of the chart. */
function LegendEntry({ series: s, isHidden, value, onToggle }: { readonly series: Series; readonly isHidden: boolean; readonly value: number | undefined; readonly onToggle: (() => void) | undefined }) {
  const content = (
    <>
      <svg width="22" height="8" viewBox="0 0 22 8" aria-hidden>
        {!s.bare && <line x1="0" y1="4" x2="22" y2="4" stroke={s.style.colour} strokeWidth="1.75" strokeDasharray={s.style.dash.join(' ') || undefined} />}
        {(s.markers || s.bare) && <circle cx="11" cy="4" r="3" fill={s.style.colour} />}
      </svg>
      {s.label}
      {value !== undefined && <b>{formatValue(value, 5)}</b>}
    </>
  )
  return onToggle ? (
    <button type="button" className="entry" aria-pressed={!isHidden} title={isHidden ? 'Show this curve' : 'Hide this curve'} onClick={onToggle}>
      {content}
    </button>
  ) : (
    <span className="entry">{content}</span>
  )
}

const warp = (v: number, scale: AxisScale): number => (scale === 'log' ? Math.log10(v) : v)
const unwarp = (v: number, scale: AxisScale): number => (scale === 'log' ? 10 ** v : v)
const warpRange = ([a, b]: readonly [number, number], scale: AxisScale): readonly [number, number] => [warp(a, scale), warp(b, scale)]
const unwarpRange = ([a, b]: readonly [number, number], scale: AxisScale): readonly [number, number] => [unwarp(a, scale), unwarp(b, scale)]
