import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { PointerEvent, ReactNode, Ref } from 'react'
import { colourBarTicks, colourBarWidth } from '../../../charts/colour-bar'
import { colourTable } from '../../../charts/colour-maps'
import { continuedPicture, rimOf } from '../../../charts/continued-picture'
import { contourLevels } from '../../../charts/contours'
import type { Ink } from '../../../charts/ink'
import type { DomainOutline } from '../../../../shared/fields/outline'
import { linearTicks, tickLabels } from '../../../charts/ticks'
import { normalise } from '../../../charts/value-scale'
import { boxAxes } from '../../../scene/box-axes'
import type { AxisTicks } from '../../../scene/box-axes'
import { pannedCamera, project, projectorOf, rayOf, rotated, zoomed } from '../../../scene/camera'
import type { OrbitCamera, Projector } from '../../../scene/camera'
import type { FieldRenderer } from '../../../scene/field-renderer'
import { boxOf, boxPoint, pickSurface } from '../../../scene/height-field'
import type { HeightField, SurfacePick } from '../../../scene/height-field'
import { paintSceneOverlay } from '../../../scene/paint-scene'
import { createSurfaceRenderer } from '../../../scene/surface-renderer'
import type { ShownField } from '../field-pictures'
import { assignRef, useDrawingArea } from '../use-drawing-area'
import { preparedContext } from '../use-size'
import type { Size } from '../use-size'
import type { Colouring } from '../view-options'

export interface SurfaceDrawing {
  readonly field: ShownField
  readonly colouring: Colouring
  readonly symbol: string
  /** The rim of the domain, where it is not that of its bounding box. */
  readonly outline?: DomainOutline
  readonly exaggeration: number
  readonly contours: number
  readonly grid: boolean
}

export interface SurfaceControl {
  /** What is shown, on its background, as a canvas. */
  snapshot(): HTMLCanvasElement | undefined
}

export interface SurfaceCanvasProps {
  readonly drawing: SurfaceDrawing
  readonly camera: OrbitCamera
  readonly probe?: { readonly x: number; readonly y: number; readonly value: number; readonly text: string }
  readonly ink: Ink
  readonly description: string
  readonly readout: ReactNode
  readonly mark?: string
  readonly control?: Ref<SurfaceControl>
  onSize?(size: Size, isSoftware: boolean): void
  onCamera(camera: OrbitCamera): void
  onPick(pick: SurfacePick | undefined): void
}

/** The surface on a WebGL canvas, its axes and colour bar on a canvas above. Draws when something changed, never by itself. */
export function SurfaceCanvas(props: SurfaceCanvasProps) {
  const { drawing, camera, probe, ink, description, readout, mark, onSize } = props
  const upper = useRef<HTMLCanvasElement>(null)
  const renderer = useRef<FieldRenderer>(undefined)
  const view = useRef<{ projector: Projector; height: HeightField }>(undefined)
  const drag = useRef<{ kind: 'rotate' | 'pan'; x: number; y: number; camera: OrbitCamera } | undefined>(undefined)
  const [failure, setFailure] = useState<string>()
  const [ready, setReady] = useState(false)
  const lastPaint = useRef(0)
  const { container, size, pixelOf } = useDrawingArea(({ factor }) => {
    props.onCamera(zoomed(camera, factor))
    return true
  })
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })

  useEffect(() => {
    const node = container.current!
    let made: FieldRenderer
    try {
      made = createSurfaceRenderer()
    } catch {
      setFailure('Surfaces need WebGL 2, which this window does not have. The picture view shows the same field.')
      return
    }
    made.canvas.setAttribute('aria-hidden', 'true')
    node.prepend(made.canvas)
    renderer.current = made
    const lost = (event: Event): void => {
      event.preventDefault()
      setFailure('The graphics device was lost. Close this view and open it again.')
    }
    made.canvas.addEventListener('webglcontextlost', lost)
    setReady(true)
    return () => {
      made.canvas.removeEventListener('webglcontextlost', lost)
      renderer.current = undefined
      made.canvas.remove()
      made.dispose()
      setReady(false)
    }
  }, [container])

  useEffect(() => {
    if (size && ready) onSize?.(size, renderer.current?.isSoftware ?? false)
  }, [size, ready, onSize])

  useLayoutEffect(() => {
    const made = renderer.current
    if (!made || !size || !upper.current) return
    const context = preparedContext(upper.current, size)
    const { field, colouring, symbol, exaggeration } = drawing
    const { scale } = colouring
    const table = colourTable(colouring.map)
    const barLength = Math.max(60, Math.min(size.height - 90 * ink.unit, 360 * ink.unit))
    const sceneWidth = Math.max(40, size.width - colourBarWidth(context, scale, barLength, symbol, ink) - 16)
    const rim = rimOf(drawing.outline, field)
    const height: HeightField = { picture: rim ? continuedPicture(field.picture, rim) : field.picture, scale, domain: field.domain, ...(rim ? { rim } : {}) }
    const box = boxOf(height, !field.isSpaceTime, exaggeration)
    context.font = ink.tickFont
    const shown = Math.min(sceneWidth, size.height)
    const count = Math.max(2, Math.min(6, Math.floor(shown / (70 * ink.unit))))
    const along = (symbolText: string, [lower, upperEnd]: readonly [number, number]): AxisTicks => {
      const values = linearTicks(lower, upperEnd, count)
      return { symbol: symbolText, positions: values.map(v => (v - lower) / (upperEnd - lower)), labels: tickLabels(values) }
    }
    const upright = colourBarTicks(scale, shown * 0.42 * exaggeration, ink.unit)
    const ticks: [AxisTicks, AxisTicks, AxisTicks] = [
      along(field.symbols[0], field.domain.x), along(field.symbols[1], field.domain.y),
      { symbol, positions: upright.values.map(v => normalise(scale, v)), labels: upright.labels },
    ]
    const widest = ticks.flatMap(t => t.labels).reduce((w, text) => Math.max(w, context.measureText(text).width), 0)
    const projector = projectorOf(camera, box, sceneWidth, size.height, widest + 18 * ink.unit)
    view.current = { projector, height }
    const axes = boxAxes(box, projector, ticks, text => context.measureText(text).width, 13 * ink.unit)
    made.resize(sceneWidth, size.height, size.ratio)
    made.canvas.style.width = `${sceneWidth}px`
    made.canvas.style.height = `${size.height}px`
    made.setField(height, box)
    made.setAppearance({
      colours: table, levels: contourLevels(scale, drawing.contours).map(v => normalise(scale, v)),
      edges: axes.edges, grid: drawing.grid ? axes.grid : [], edgeColour: ink.dark ? '#59606e' : '#a9b0bc', gridColour: ink.dark ? '#2c323c' : '#e3e6eb', background: ink.background,
    })
    made.setView(camera, projector)
    // A processor draws fewer triangles while one picture follows the other, and all of them when it has come to rest.
    const now = performance.now()
    const isHurried = made.isSoftware && now - lastPaint.current < 400
    made.setCoarse(isHurried)
    made.render()
    lastPaint.current = performance.now()
    const marked = probe && probe.x >= field.domain.x[0] && probe.x <= field.domain.x[1] && Number.isFinite(probe.value) ? project(projector, boxPoint(height, box, probe.x, probe.y, probe.value)) : undefined
    const tolerance = 1e-6 * (Math.abs(scale.upper) + Math.abs(scale.lower))
    paintSceneOverlay(
      context,
      {
        axes, symbols: [field.symbols[0], field.symbols[1], symbol], scale, colours: table, title: symbol, sceneWidth,
        clipped: { below: field.minimum < scale.lower - tolerance, above: field.maximum > scale.upper + tolerance, missing: field.nonFinite > 0 && !field.hasOutside },
        ...(marked && probe ? { pick: { at: [marked[0], marked[1]] as const, text: probe.text } } : {}),
      },
      projector, size.height, ink,
    )
    if (!isHurried) return
    const timer = setTimeout(() => {
      made.setCoarse(false)
      made.render()
    }, 250)
    return () => clearTimeout(timer)
  }, [drawing, camera, probe, size, ink, ready])

  useEffect(() => {
    const control: SurfaceControl = {
      snapshot: () => {
        const made = renderer.current
        if (!made || !upper.current) return undefined
        const flat = document.createElement('canvas')
        flat.width = upper.current.width
        flat.height = upper.current.height
        const context = flat.getContext('2d')!
        made.setCoarse(false)
        // The drawing buffer lives only until the end of this task.
        made.render()
        context.drawImage(made.canvas, 0, 0)
        context.drawImage(upper.current, 0, 0)
        return flat
      },
    }
    assignRef(latest.current.control, control)
  }, [])

  const down = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button > 1) return
    const [x, y] = pixelOf(event)
    drag.current = { kind: event.button === 1 || event.shiftKey ? 'pan' : 'rotate', x, y, camera }
    event.currentTarget.setPointerCapture(event.pointerId)
    if (event.button === 1) event.preventDefault()
  }
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    const held = drag.current
    const seen = view.current
    if (!held || !seen || !size) return
    const [x, y] = pixelOf(event)
    props.onCamera(held.kind === 'rotate' ? rotated(held.camera, x - held.x, y - held.y, size.height) : pannedCamera(held.camera, seen.projector, x - held.x, y - held.y))
  }
  const pick = (event: { clientX: number; clientY: number }): void => {
    const seen = view.current
    if (!seen) return
    const [x, y] = pixelOf(event)
    const { origin, direction } = rayOf(seen.projector, x, y)
    const box = boxOf(seen.height, !drawing.field.isSpaceTime, drawing.exaggeration)
    props.onPick(pickSurface(seen.height, box, origin, direction))
  }
  return (
    <div
      ref={container}
      className="scene-canvas"
      tabIndex={0}
      role="application"
      aria-roledescription="surface"
      aria-label={description}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => (drag.current = undefined)}
      onPointerCancel={() => (drag.current = undefined)}
      onDoubleClick={pick}
    >
      <canvas ref={upper} aria-hidden />
      <div className="field-readout scene-readout">
        {mark && <span className="live-mark">{mark}</span>}
        <span>{readout}</span>
      </div>
      {failure && <p className="view-note">{failure}</p>}
    </div>
  )
}
