import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { samplePicture } from '../../../charts/picture'
import { formatValue } from '../../../charts/ticks'
import { defaultCamera, fromDirection, rotated, zoomed } from '../../../scene/camera'
import type { Direction, OrbitCamera } from '../../../scene/camera'
import { SymbolText } from '../../SymbolText'
import type { ViewProps } from '../../view'
import { ColourSheet, NumberInput } from '../ColourSheet'
import { chosenComponent, fieldLabel } from '../component'
import { FieldChooser } from '../FieldChooser'
import { engineOrder, isSpaceTime } from '../field-pictures'
import { Act, Choice, HeaderSwitches, Sheet, Switch } from '../HeaderSwitches'
import { Measure } from '../field/Measure'
import { bestPlace, pointInSpace, usePlane } from '../plane'
import { PlaneBar } from '../PlaneBar'
import { playbackOf, steppedTime } from '../playback'
import { savePicture } from '../save-picture'
import { TimeBar } from '../TimeBar'
import { useField } from '../use-field'
import { useInk } from '../use-ink'
import { engineSymbols } from '../use-linked-points'
import { useProbe } from '../use-probe'
import { useSize } from '../use-size'
import type { Size } from '../use-size'
import { colouringOf, defaultColours, readOptions } from '../view-options'
import { SurfaceCanvas } from './SurfaceCanvas'
import type { SurfaceControl, SurfaceDrawing } from './SurfaceCanvas'

const defaults = { ...defaultColours, component: '', plane: 'z', place: bestPlace, contours: 0, grid: true, exaggeration: 1, azimuth: defaultCamera.azimuth, elevation: defaultCamera.elevation, zoom: 1, projection: 'perspective' }
type SurfaceOptions = typeof defaults

/** Nodes per axis that a processor draws fluently, and that a graphics device does. */
const limits = { software: 193, device: 1025 }
const directions: readonly Direction[] = ['+x', '-x', '+y', '-y', '+z', '-z']

/** A field as a landscape whose height and colour are its value. */
export default function SurfaceView(props: ViewProps) {
  const { client, experiment, document, outline, step, array, linked, theme, header, onCommand, setOptions } = props
  const options = useMemo(() => readOptions<SurfaceOptions>(props.options, defaults), [props.options])
  const change = useCallback((part: Partial<SurfaceOptions>) => setOptions({ ...options, ...part } as never), [options, setOptions])
  const [size, setSize] = useState<Size>()
  const [limit, setLimit] = useState(limits.software)
  const panel = useRef<HTMLDivElement>(null)
  const panelSize = useSize(panel)
  const ink = useInk(theme, panelSize?.unit)
  const control = useRef<SurfaceControl>(null)
  const pixels = useMemo(() => (size ? ([size.width * size.ratio, size.height * size.ratio] as const) : undefined), [size])
  const component = chosenComponent(array, options.component)
  const symbol = fieldLabel(array, component)
  const { plane, settle } = usePlane(array, options.plane, options.place, useCallback((place: number) => change({ place }), [change]))
  const { field, isLive, liveTime, fault, times, timeIndex } = useField({ ...props, component, plane }, pixels, limit)
  useEffect(() => settle(field), [settle, field])
  const spacetime = isSpaceTime(array, document)

  const [camera, setCamera] = useState<OrbitCamera>(() => ({
    ...defaultCamera, azimuth: options.azimuth, elevation: options.elevation, zoom: options.zoom, projection: options.projection === 'parallel' ? 'parallel' : 'perspective',
  }))
  // The camera is remembered with the layout once it has come to rest.
  useEffect(() => {
    const { azimuth, elevation, zoom, projection } = camera
    if (azimuth === options.azimuth && elevation === options.elevation && zoom === options.zoom && projection === options.projection) return
    const timer = setTimeout(() => change({ azimuth, elevation, zoom, projection }), 600)
    return () => clearTimeout(timer)
  }, [camera, options, change])

  const linkedMap = useStore(linked, state => state.colourMap)
  const linkedRange = useStore(linked, state => state.range)
  const colouring = useMemo(() => field && colouringOf(field, array.name, options, { colourMap: linkedMap, range: linkedRange }), [field, array.name, options, linkedMap, linkedRange])
  const drawing = useMemo<SurfaceDrawing | undefined>(
    () => field && colouring && { field, colouring, symbol, outline: plane ? undefined : outline, exaggeration: Math.min(10, Math.max(0.05, options.exaggeration)), contours: options.contours, grid: options.grid },
    [field, colouring, symbol, outline, plane, options],
  )

  const linkedProbe = useStore(linked, state => state.probe)
  const axes = field ? engineSymbols(field) : ''
  const probePoint = linkedProbe?.axes === axes ? linkedProbe.at : undefined
  const refs = useMemo(() => [{ step: step.id, array: array.name, ...(component === undefined ? {} : { component }) }], [step.id, array.name, component])
  const probed = useProbe({ client, experiment, refs, result: isLive ? undefined : step.result, timeIndex, times, isSpaceTime: spacetime, point: probePoint && pointInSpace(plane, probePoint) })
  const probe = useMemo(() => {
    if (!field || !probePoint) return undefined
    const [x, y] = engineOrder(field, [probePoint[0], probePoint[1]])
    const value = samplePicture(field.picture, x, y)
    return { x, y, value, text: formatValue(probed?.[0] ?? value, probed ? 7 : 5) }
  }, [field, probePoint, probed])

  const save = useCallback(() => void savePicture(client, control.current?.snapshot() ?? null, `${step.id}-${array.name}-surface`, ink), [client, step.id, array.name, ink])

  useEffect(
    () =>
      onCommand(id => {
        const name = id.replace('surface.', '')
        if (name === 'home') setCamera(c => ({ ...defaultCamera, projection: c.projection }))
        else if (directions.includes(name as Direction)) setCamera(c => fromDirection(c, name as Direction))
        else if (name === 'projection') setCamera(c => ({ ...c, projection: c.projection === 'parallel' ? 'perspective' : 'parallel' }))
        else if (name === 'left' || name === 'right') setCamera(c => rotated(c, name === 'left' ? -40 : 40, 0, 480))
        else if (name === 'up' || name === 'down') setCamera(c => rotated(c, 0, name === 'up' ? 40 : -40, 480))
        else if (name === 'zoom-in' || name === 'zoom-out') setCamera(c => zoomed(c, name === 'zoom-in' ? 1.2 : 1 / 1.2))
        else if (name === 'grid') change({ grid: !options.grid })
        else if (name === 'contours') change({ contours: options.contours > 0 ? 0 : 12 })
        else if (name === 'taller' || name === 'flatter') change({ exaggeration: options.exaggeration * (name === 'taller' ? 1.25 : 0.8) })
        else if (name === 'play') playbackOf(linked).toggle()
        else if (name === 'previous' || name === 'next') linked.setState({ playing: false, time: steppedTime(times, linked.getState().time, name === 'next' ? 1 : -1) })
        else if (name === 'clear') linked.setState({ probe: undefined })
        else if (name === 'save') save()
      }),
    [onCommand, change, options, linked, times, save],
  )

  const symbols = field?.symbols ?? ['x', 'y']
  const readout = probe ? <>
    <SymbolText name={symbols[0]} />{` = ${formatValue(probe.x)}   `}
    <SymbolText name={symbols[1]} />{` = ${formatValue(probe.y)}   `}
    <SymbolText name={symbol} />{` = ${probe.text}`}
  </> : 'double-click reads a value'
  const measured = useCallback((next: Size, isSoftware: boolean) => {
    setSize(next)
    setLimit(isSoftware ? limits.software : limits.device)
  }, [])
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize} lead={<FieldChooser {...props} component={component} />}>
        <Choice label="Projection" value={camera.projection} onChange={projection => setCamera(c => ({ ...c, projection }))} options={[{ id: 'perspective', word: 'perspective' }, { id: 'parallel', word: 'parallel' }]} />
        <Switch word="contours" pressed={options.contours > 0} title="Contour lines (c)" onPress={() => change({ contours: options.contours > 0 ? 0 : 12 })} />
        {colouring && (
          <Sheet word={colouring.map.name} title="Colours, range and shape">
            <ColourSheet colours={options} colouring={colouring} hasTimes={times.length > 1 && !spacetime} onChange={change} />
            <hr />
            <div className="row">
              <span className="label">Height</span>
              <div className="pair">
                <NumberInput label="Exaggeration of the height" value={options.exaggeration} onCommit={exaggeration => change({ exaggeration: Math.min(10, Math.max(0.05, exaggeration)) })} />×
              </div>
            </div>
            <label className="tick"><input type="checkbox" className="check" checked={options.grid} onChange={event => change({ grid: event.target.checked })} /> Grid on floor and walls</label>
            <div className="row">
              <span className="label">Look from</span>
              <div className="segmented">
                {directions.map(direction => (
                  <button key={direction} type="button" onClick={() => setCamera(c => fromDirection(c, direction))}>
                    {direction.replace('-', '−')}
                  </button>
                ))}
              </div>
            </div>
            <hr />
            <Act word="Save as PNG" onPress={save} />
          </Sheet>
        )}
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          {drawing ? (
            <SurfaceCanvas
              drawing={drawing}
              camera={camera}
              probe={probe}
              ink={ink}
              control={control}
              description={`Surface of ${symbol} of ${step.id} over ${symbols.join(' and ')}, from ${formatValue(drawing.field.minimum)} to ${formatValue(drawing.field.maximum)}`}
              readout={readout}
              mark={isLive ? `live${liveTime === undefined ? '' : ` · t = ${formatValue(liveTime, 4)}`}` : undefined}
              onSize={measured}
              onCamera={setCamera}
              onPick={pick => linked.setState({ probe: pick && field ? { axes, at: engineOrder(field, [pick.x, pick.y]) } : undefined })}
            />
          ) : (
            <>
              <Measure onSize={setSize} />
              {props.live && !fault && <p className="view-note">The surface appears with the first frame.</p>}
            </>
          )}
          {fault && !field && <p className="view-note">{fault.message}{fault.tip && <span className="tip">{fault.tip}</span>}</p>}
        </div>
      </div>
      {plane && <PlaneBar array={array} plane={plane} onChange={change} />}
      {!spacetime && <TimeBar linked={linked} times={times} />}
    </div>
  )
}
