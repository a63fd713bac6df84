import { useLayoutEffect, useRef } from 'react'
import type { PointerEvent, ReactNode, Ref } from 'react'
import type { Ink } from '../../../charts/ink'
import { snapped } from '../../../charts/line-cut'
import type { Cut, Point } from '../../../charts/line-cut'
import { fromPixelX, fromPixelY, insideArea, toPixelX, toPixelY } from '../../../charts/plot-frame'
import type { PlotFrame } from '../../../charts/plot-frame'
import { confined, panned, zoomAbout } from '../../../charts/view-window'
import type { ViewWindow } from '../../../charts/view-window'
import { assignRef, useDrawingArea } from '../use-drawing-area'
import { preparedContext } from '../use-size'
import type { Size } from '../use-size'
import { paintField } from './paint-field'
import type { FieldDrawing } from './paint-field'
import { paintOverlay } from './paint-overlay'
import type { FieldOverlay } from './paint-overlay'

/** What dragging does; clicking sets the probe in every mode but `cut`. */
export type FieldMode = 'probe' | 'zoom' | 'pan' | 'cut'

export interface FieldCanvasProps {
  readonly drawing: FieldDrawing
  readonly overlay: FieldOverlay
  readonly ink: Ink
  readonly home: ViewWindow
  readonly mode: FieldMode
  /** Said by screen readers. */
  readonly description: string
  /** The line above the plot. */
  readonly readout: ReactNode
  readonly mark?: string
  /** Name of the picture, before the read-out. */
  readonly label?: string
  readonly canvas?: Ref<HTMLCanvasElement>
  onSize?(size: Size): void
  onWindow(window: ViewWindow, continuing: boolean): void
  onHome(): void
  onCursor(point: Point | undefined): void
  onProbe(point: Point): void
  onPin?(point: Point): void
  onCut?(cut: Cut | undefined, finished: boolean): void
  onSwipe?(at: number): void
}

interface Drag {
  readonly kind: 'zoom' | 'pan' | 'cut' | 'swipe'
  readonly startPixel: Point
  readonly start: Point
  readonly window: ViewWindow
  moved: boolean
}

const dragThreshold = 4

/** One field on two canvases: the picture with its axes below, what follows the pointer above. */
export function FieldCanvas(props: FieldCanvasProps) {
  const { drawing, overlay, ink, home, mode, description, readout, mark, onSize } = props
  const base = useRef<HTMLCanvasElement>(null)
  const upper = useRef<HTMLCanvasElement>(null)
  const line = useRef<HTMLDivElement>(null)
  const frame = useRef<PlotFrame>(undefined)
  const drag = useRef<Drag>(undefined)
  const box = useRef<FieldOverlay['box']>(undefined)
  const { container, size, pixelOf } = useDrawingArea(({ pixel, factor, continues, isShifted }) => {
    const f = frame.current
    if (!f || !insideArea(f, pixel[0], pixel[1])) return false
    props.onWindow(confined(zoomAbout(drawing.window, fromPixelX(f, pixel[0]), fromPixelY(f, pixel[1]), factor, isShifted ? 'x' : 'both'), home), continues)
    return true
  }, onSize)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })

  useLayoutEffect(() => {
    if (!size || !base.current) return
    frame.current = paintField(preparedContext(base.current, size), drawing, size, ink)
    if (line.current) {
      line.current.style.left = `${frame.current.area.left}px`
      line.current.style.top = `${frame.current.area.top - 22 * ink.unit}px`
      line.current.style.width = `${Math.max(160, size.width - frame.current.area.left - 8)}px`
    }
  }, [drawing, size, ink])

  useLayoutEffect(() => {
    if (size && upper.current && frame.current) paintOverlay(preparedContext(upper.current, size), frame.current, { ...overlay, box: box.current }, ink)
  }, [overlay, drawing, size, ink])

  const repaintOverlay = (): void => {
    if (size && upper.current && frame.current) paintOverlay(preparedContext(upper.current, size), frame.current, { ...latest.current.overlay, box: box.current }, ink)
  }

  const pointAt = ([px, py]: readonly [number, number]): Point => {
    const f = frame.current!
    const clamp = (v: number, [a, b]: readonly [number, number]): number => Math.min(b, Math.max(a, v))
    return [clamp(fromPixelX(f, px), f.window.x), clamp(fromPixelY(f, py), f.window.y)]
  }
  const isNearSwipe = (px: number): boolean => {
    const f = frame.current
    return drawing.swipe !== undefined && f !== undefined && Math.abs(px - f.area.left - drawing.swipe.at * f.area.width) < 10
  }

  const down = (event: PointerEvent<HTMLDivElement>): void => {
    const f = frame.current
    const pixel = pixelOf(event)
    if (!f || event.button > 1 || !insideArea(f, pixel[0], pixel[1])) return
    const kind = event.button === 1 ? 'pan' : isNearSwipe(pixel[0]) ? 'swipe' : mode === 'cut' || event.altKey ? 'cut' : mode === 'zoom' ? 'zoom' : 'pan'
    drag.current = { kind, startPixel: pixel, start: pointAt(pixel), window: drawing.window, moved: false }
    event.currentTarget.setPointerCapture(event.pointerId)
    if (event.button === 1) event.preventDefault()
  }

  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const f = frame.current
    if (!f) return
    const pixel = pixelOf(event)
    const held = drag.current
    if (!held) {
      const inside = insideArea(f, pixel[0], pixel[1])
      container.current!.style.cursor = !inside ? 'default' : isNearSwipe(pixel[0]) ? 'ew-resize' : mode === 'pan' ? 'grab' : 'crosshair'
      return props.onCursor(inside ? pointAt(pixel) : undefined)
    }
    if (!held.moved && Math.hypot(pixel[0] - held.startPixel[0], pixel[1] - held.startPixel[1]) < dragThreshold) return
    const first = !held.moved
    held.moved = true
    const at = pointAt(pixel)
    if (held.kind === 'pan') {
      const { window } = held
      const dx = ((held.startPixel[0] - pixel[0]) / f.area.width) * (window.x[1] - window.x[0])
      const dy = ((pixel[1] - held.startPixel[1]) / f.area.height) * (window.y[1] - window.y[0])
      props.onWindow(confined(panned(window, dx, dy), home), !first)
    } else if (held.kind === 'swipe') props.onSwipe?.((pixel[0] - f.area.left) / f.area.width)
    else if (held.kind === 'cut') {
      const unit: Point = [f.area.width / (f.window.x[1] - f.window.x[0]), f.area.height / (f.window.y[1] - f.window.y[0])]
      const to = event.shiftKey ? pointAt([toPixelX(f, snapped(held.start, at, unit)[0]), toPixelY(f, snapped(held.start, at, unit)[1])]) : at
      props.onCut?.({ from: held.start, to }, false)
    } else {
      box.current = { from: held.start, to: at }
      repaintOverlay()
    }
  }

  const up = (event: PointerEvent<HTMLDivElement>): void => {
    const held = drag.current
    drag.current = undefined
    if (!held || !frame.current) return
    const at = pointAt(pixelOf(event))
    if (!held.moved) {
      if (held.kind === 'swipe' || event.button !== 0) return
      if (held.kind === 'cut') return props.onCut?.(undefined, true)
      return event.shiftKey && props.onPin ? props.onPin(at) : props.onProbe(at)
    }
    if (held.kind === 'cut') return props.onCut?.(latest.current.overlay.cut, true)
    if (held.kind !== 'zoom') return
    box.current = undefined
    const ordered = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a])
    const window: ViewWindow = { x: ordered(held.start[0], at[0]), y: ordered(held.start[1], at[1]) }
    if (window.x[1] > window.x[0] && window.y[1] > window.y[0]) props.onWindow(window, false)
    else repaintOverlay()
  }

  return (
    <div
      ref={container}
      className="field-canvas"
      tabIndex={0}
      role="application"
      aria-roledescription="field picture"
      aria-label={description}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={() => (drag.current = undefined)}
      onPointerLeave={() => !drag.current && props.onCursor(undefined)}
      onDoubleClick={props.onHome}
    >
      <canvas ref={node => { base.current = node; assignRef(props.canvas, node) }} aria-hidden />
      <canvas ref={upper} aria-hidden />
      <div ref={line} className="field-readout">
        {props.label && <b>{props.label}</b>}
        {mark && <span className="live-mark">{mark}</span>}
        <span aria-live="off">{readout}</span>
      </div>
    </div>
  )
}
