import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { samplePicture } from '../../../charts/picture'
import { formatValue } from '../../../charts/ticks'
import { currentWindow, goBack, goForward, goHome, isHome, visit, zoomAbout } from '../../../charts/view-window'
import { SymbolText } from '../../SymbolText'
import type { ViewProps } from '../../view'
import { ColourSheet, NumberInput } from '../ColourSheet'
import { chosenComponent, fieldLabel } from '../component'
import { FieldChooser } from '../FieldChooser'
import { engineOrder, isSpaceTime } from '../field-pictures'
import { Act, HeaderSwitches, Sheet, Switch } from '../HeaderSwitches'
import { CutChart } from '../lines/CutChart'
import { RunCurves } from '../lines/RunCurves'
import { bestPlace, pointInSpace, usePlane } from '../plane'
import type { Plane } from '../plane'
import { PlaneBar } from '../PlaneBar'
import { playbackOf, steppedTime } from '../playback'
import { savePicture } from '../save-picture'
import { TimeBar } from '../TimeBar'
import { useDetail } from '../use-detail'
import { useField } from '../use-field'
import { useInk } from '../use-ink'
import { useMeshEdges } from '../use-mesh-edges'
import { useLinkedPoints } from '../use-linked-points'
import { probe, useProbe } from '../use-probe'
import { useSize } from '../use-size'
import type { Size } from '../use-size'
import { useWindow } from '../use-window'
import { colouringOf, defaultColours, readOptions } from '../view-options'
import { FieldCanvas } from './FieldCanvas'
import type { FieldMode } from './FieldCanvas'
import { Measure } from './Measure'
import type { FieldDrawing } from './paint-field'
import type { FieldOverlay } from './paint-overlay'

const defaults = { ...defaultColours, component: '', plane: 'z', place: bestPlace, mesh: false, contours: 0, contourLabels: false, grid: false, smooth: true, pins: [] as readonly (readonly number[])[] }
type PictureOptions = typeof defaults

/** A field of two axes (or of one and the time) as a picture. */
export default function PictureView(props: ViewProps) {
  const { client, experiment, document, outline, step, array, linked, theme, header, onCommand } = props
  const options = useMemo(() => readOptions<PictureOptions>(props.options, defaults), [props.options])
  const setOptions = props.setOptions
  const change = useCallback((part: Partial<PictureOptions>) => setOptions({ ...options, ...part } as never), [options, setOptions])
  const [size, setSize] = useState<Size>()
  const panel = useRef<HTMLDivElement>(null)
  const panelSize = useSize(panel)
  const ink = useInk(theme, panelSize?.unit)
  const [mode, setMode] = useState<FieldMode>('probe')
  // Opened only where the line was drawn, and only when it is drawn: the picture must not shrink under the pointer.
  const [cutOpen, setCutOpen] = useState(false)
  const canvas = useRef<HTMLCanvasElement>(null)
  const pixels = useMemo(() => (size ? ([size.width * size.ratio, size.height * size.ratio] as const) : undefined), [size])
  const component = chosenComponent(array, options.component)
  const symbol = fieldLabel(array, component)
  const { plane, settle } = usePlane(array, options.plane, options.place, useCallback((place: number) => change({ place }), [change]))
  const source = { ...props, component, plane }
  const { field, isLive, liveTime, fault, times, timeIndex } = useField(source, pixels)
  useEffect(() => settle(field), [settle, field])
  const spacetime = isSpaceTime(array, document)

  const { history, window, move } = useWindow(field?.domain)
  const detail = useDetail(source, isLive ? undefined : field, window, pixels)

  const mesh = useMeshEdges(source, options.mesh)
  const linkedMap = useStore(linked, state => state.colourMap)
  const linkedRange = useStore(linked, state => state.range)
  const colouring = useMemo(() => field && colouringOf(field, array.name, options, { colourMap: linkedMap, range: linkedRange }), [field, array.name, options, linkedMap, linkedRange])

  const points = useLinkedPoints(linked, field, spacetime)
  const { cursor, isOwnCursor, cut, enginePoints } = points
  const linkedTime = useStore(linked, state => state.time)

  const common = { client, experiment, plane, refs: useMemo(() => [{ step: step.id, array: array.name, ...(component === undefined ? {} : { component }) }], [step.id, array.name, component]), result: isLive ? undefined : step.result, timeIndex, times, isSpaceTime: spacetime }
  const probed = useProbe({ ...common, point: enginePoints.probe && pointInSpace(plane, enginePoints.probe) })
  const rested = useProbe({ ...common, point: isOwnCursor && enginePoints.cursor ? pointInSpace(plane, enginePoints.cursor) : undefined }, 140)
  const pins = usePins(common, options.pins)

  const drawing = useMemo<FieldDrawing | undefined>(
    () => field && colouring && window && {
      field, detail, colouring, symbol, outline: plane ? undefined : outline, mesh: options.mesh ? mesh : undefined, window, bar: true,
      contours: options.contours, contourLabels: options.contourLabels, grid: options.grid, smooth: options.smooth,
    },
    [field, detail, colouring, symbol, outline, plane, window, options, mesh],
  )
  const overlay = useMemo<FieldOverlay>(() => {
    const at = points.probe
    return {
      cursor, cursorElsewhere: !isOwnCursor, cut,
      time: spacetime && linkedTime !== undefined ? linkedTime : undefined,
      probe: at && field ? { at, text: formatValue(probed?.[0] ?? samplePicture(field.picture, ...at)) } : undefined,
      pins: pins.map(pin => ({ at: engineOrder({ isSpaceTime: spacetime }, [pin.point[0], pin.point[1]]), text: pin.value === undefined ? '' : formatValue(pin.value) })),
    }
  }, [points.probe, cursor, isOwnCursor, cut, spacetime, linkedTime, probed, pins, field])

  useEffect(
    () =>
      onCommand(id => {
        if (id === 'picture.home') move(goHome)
        else if (id === 'picture.back') move(goBack)
        else if (id === 'picture.forward') move(goForward)
        else if (id === 'picture.zoom') setMode(m => (m === 'zoom' ? 'probe' : 'zoom'))
        else if (id === 'picture.pan') setMode(m => (m === 'pan' ? 'probe' : 'pan'))
        else if (id === 'picture.cut') setMode(m => (m === 'cut' ? 'probe' : 'cut'))
        else if (id === 'picture.grid') change({ grid: !options.grid })
        else if (id === 'picture.contours') change({ contours: options.contours > 0 ? 0 : 10 })
        else if (id === 'picture.zoom-in' || id === 'picture.zoom-out')
          move(h => visit(h, zoomAbout(currentWindow(h), ...middle(currentWindow(h)), id === 'picture.zoom-in' ? 1.5 : 1 / 1.5)))
        else if (id === 'picture.play') playbackOf(linked).toggle()
        else if (id === 'picture.previous' || id === 'picture.next') linked.setState({ playing: false, time: steppedTime(times, linked.getState().time, id === 'picture.next' ? 1 : -1) })
        else if (id === 'picture.save') void savePicture(client, canvas.current, `${step.id}-${array.name}`, ink)
        else if (id === 'picture.clear') {
          linked.setState({ probe: undefined, cut: undefined })
          if (options.pins.length > 0) change({ pins: [] })
          setMode('probe')
        }
      }),
    [onCommand, move, change, options, linked, times, client, step.id, array.name, ink],
  )

  const symbols = field?.symbols ?? ['x', 'y']
  const readout = (() => {
    if (!field) return ''
    if (!cursor) return window && history && !isHome(history) ? 'h shows all of it' : `${formatValue(field.minimum, 4)} … ${formatValue(field.maximum, 4)}${field.nonFinite > 0 && !field.hasOutside ? ` · ${field.nonFinite} not finite` : ''}`
    const value = isOwnCursor && rested ? rested[0] : samplePicture(detail?.picture ?? field.picture, ...cursor)
    return <>
      <SymbolText name={symbols[0]} />{` = ${formatValue(cursor[0])}   `}
      <SymbolText name={symbols[1]} />{` = ${formatValue(cursor[1])}   `}
      {Number.isNaN(value) && field.hasOutside ? 'outside the domain' : <><SymbolText name={symbol} />{` = ${formatValue(value, rested ? 7 : 5)}`}</>}
    </>
  })()

  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize} lead={<FieldChooser {...props} component={component} />}>
        <Switch word="zoom" pressed={mode === 'zoom'} title="Zoom into a box (o)" onPress={() => setMode(mode === 'zoom' ? 'probe' : 'zoom')} />
        <Switch word="cut" pressed={mode === 'cut'} title="Drag a line cut (x)" onPress={() => setMode(mode === 'cut' ? 'probe' : 'cut')} />
        <Switch word="contours" pressed={options.contours > 0} title="Contour lines (c)" onPress={() => change({ contours: options.contours > 0 ? 0 : 10 })} />
        {array.mesh?.dimension === 2 && <Switch word="mesh" pressed={options.mesh} title="Edges of the mesh" onPress={() => change({ mesh: !options.mesh })} />}
        {colouring && (
          <Sheet word={colouring.map.name} title="Colours, range and lines">
            <ColourSheet colours={options} colouring={colouring} hasTimes={times.length > 1 && !spacetime} onChange={change} />
            <hr />
            <div className="row">
              <span className="label">Contours</span>
              <div className="pair">
                <NumberInput label="Number of contour lines" value={options.contours} onCommit={n => change({ contours: Math.max(0, Math.min(50, Math.round(n))) })} />
              </div>
            </div>
            <label className="tick"><input type="checkbox" className="check" checked={options.contourLabels} onChange={event => change({ contourLabels: event.target.checked, contours: options.contours || 10 })} /> Values on contours</label>
            <label className="tick"><input type="checkbox" className="check" checked={options.grid} onChange={event => change({ grid: event.target.checked })} /> Grid</label>
            <label className="tick"><input type="checkbox" className="check" checked={!options.smooth} onChange={event => change({ smooth: !event.target.checked })} /> Flat cells instead of interpolation</label>
            <hr />
            <Act word="Save as PNG" onPress={() => void savePicture(client, canvas.current, `${step.id}-${array.name}`, ink)} />
          </Sheet>
        )}
      </HeaderSwitches>
      <div className="view-stage stacked">
        <div className="stage-part">
          {drawing && window && history ? (
            <FieldCanvas
              drawing={drawing}
              overlay={overlay}
              ink={ink}
              home={history.home}
              mode={mode}
              canvas={canvas}
              description={`${symbol} of ${step.id} over ${symbols.join(' and ')}, from ${formatValue(field!.minimum)} to ${formatValue(field!.maximum)}`}
              readout={readout}
              mark={isLive ? `live${liveTime === undefined ? '' : ` · t = ${formatValue(liveTime, 4)}`}` : undefined}
              onSize={setSize}
              onWindow={(next, continuing) => move(h => visit(h, next, continuing))}
              onHome={() => move(goHome)}
              onCursor={points.setCursor}
              onProbe={points.setProbe}
              onPin={point => change({ pins: [...options.pins, engineOrder({ isSpaceTime: spacetime }, point)].slice(-12) })}
              onCut={(next, finished) => {
                points.setCut(next)
                setCutOpen(next !== undefined && (finished || cutOpen))
              }}
            />
          ) : (
            <>
              <Measure onSize={setSize} />
              {props.live && !field && <RunCurves client={client} experiment={experiment} step={step.id} ink={ink}><p className="view-note">{step.id} is running. The picture appears with its first frame.</p></RunCurves>}
            </>
          )}
          {fault && !field && <p className="view-note">{fault.message}{fault.tip && <span className="tip">{fault.tip}</span>}</p>}
        </div>
        {cutOpen && enginePoints.cut && field && step.result && !isLive && (
          <div className="view-below">
            <CutChart
              client={client}
              experiment={experiment}
              fields={[{ step: step.id, array: array.name, ...(component === undefined ? {} : { component }), label: `${symbol} · ${step.id}`, result: step.result }]}
              plane={plane}
              cut={enginePoints.cut}
              axes={field.isSpaceTime ? [symbols[1], symbols[0]] : [symbols[0], symbols[1]]}
              symbol={symbol}
              timeIndex={times.length > 0 ? timeIndex : undefined}
              isSpaceTime={field.isSpaceTime}
              ink={ink}
              onCursor={points.setEngineCursor}
              onClose={() => points.setCut(undefined)}
            />
          </div>
        )}
      </div>
      {plane && <PlaneBar array={array} plane={plane} onChange={change} />}
      {!spacetime && <TimeBar linked={linked} times={times} />}
    </div>
  )
}

const middle = (window: { x: readonly [number, number]; y: readonly [number, number] }): [number, number] => [(window.x[0] + window.x[1]) / 2, (window.y[0] + window.y[1]) / 2]

/** Pinned points with their exact values at the shown time. */
function usePins(common: Omit<Parameters<typeof useProbe>[0], 'point'> & { readonly plane: Plane | undefined }, points: readonly (readonly number[])[]): readonly { readonly point: readonly number[]; readonly value: number | undefined }[] {
  const { client, experiment, refs, result, timeIndex, isSpaceTime, plane } = common
  const [values, setValues] = useState<readonly number[]>([])
  const latest = useRef(common)
  useEffect(() => {
    latest.current = common
  })
  useEffect(() => {
    let wanted = true
    if (!result || points.length === 0) return setValues([])
    Promise.all(points.map(point => probe({ ...latest.current, point: pointInSpace(latest.current.plane, point) }).then(([value]) => value))).then(
      read => wanted && setValues(read),
      () => wanted && setValues([]),
    )
    return () => void (wanted = false)
  }, [client, experiment, refs, result, timeIndex, isSpaceTime, plane, points])
  return useMemo(() => points.map((point, k) => ({ point, value: values[k] })), [points, values])
}
