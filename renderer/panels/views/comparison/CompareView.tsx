import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { samplePicture } from '../../../charts/picture'
import { formatValue } from '../../../charts/ticks'
import { currentWindow, goBack, goForward, goHome, visit, zoomAbout } from '../../../charts/view-window'
import type { ViewProps } from '../../view'
import { ColourSheet } from '../ColourSheet'
import { chosenComponent } from '../component'
import { ComponentChooser } from '../FieldChooser'
import { FieldCanvas } from '../field/FieldCanvas'
import type { FieldMode } from '../field/FieldCanvas'
import { Measure } from '../field/Measure'
import type { FieldDrawing } from '../field/paint-field'
import { isSpaceTime } from '../field-pictures'
import type { ShownField } from '../field-pictures'
import { Choice, HeaderSwitches, Sheet, Switch } from '../HeaderSwitches'
import { CutChart } from '../lines/CutChart'
import { bestPlace, pointInSpace, usePlane } from '../plane'
import { PlaneBar } from '../PlaneBar'
import { playbackOf, steppedTime } from '../playback'
import { savePicture } from '../save-picture'
import { TimeBar } from '../TimeBar'
import { useField } from '../use-field'
import { useInk } from '../use-ink'
import { useLinkedPoints } from '../use-linked-points'
import { useProbe } from '../use-probe'
import { useSize } from '../use-size'
import { useWindow } from '../use-window'
import { colouringOf, defaultColours, readOptions } from '../view-options'
import type { Colouring } from '../view-options'
import { columnsFor, comparedArrays, comparedNames, comparedUnknown, joined, tellingCut, relativeError } from './comparison'

const modes = [{ id: 'side', word: 'side by side' }, { id: 'swipe', word: 'swipe' }, { id: 'difference', word: 'difference' }, { id: 'error', word: 'error' }] as const
type Mode = (typeof modes)[number]['id']

const defaults = { ...defaultColours, component: '', plane: 'z', place: bestPlace, mode: 'side', swipe: 0.5, contours: 0, grid: false }
type CompareOptions = typeof defaults

interface Shown { readonly key: string; readonly label: string; readonly symbol: string; readonly field: ShownField; readonly colouring: Colouring; readonly swiped?: ShownField }

/** Two fields on one range, their difference and its size, with one cursor, one window and one time. */
export default function CompareView(props: ViewProps) {
  const { client, experiment, document, step, array, linked, theme, header, setOptions, onCommand } = props
  const options = useMemo(() => readOptions<CompareOptions>(props.options, defaults), [props.options])
  const change = useCallback((part: Partial<CompareOptions>) => setOptions({ ...options, ...part } as never), [options, setOptions])
  const mode = modes.some(m => m.id === options.mode) ? (options.mode as Mode) : 'side'
  const stage = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const size = useSize(stage)
  const panel = useRef<HTMLDivElement>(null)
  const panelSize = useSize(panel)
  const ink = useInk(theme, panelSize?.unit)
  const [drag, setDrag] = useState<FieldMode>('probe')
  const [cutOpen, setCutOpen] = useState(false)
  const [swipe, setSwipe] = useState(options.swipe)
  const spacetime = isSpaceTime(array, document)
  const pixels = useMemo(() => (size ? ([size.width * size.ratio, size.height * size.ratio] as const) : undefined), [size])

  const compared = useMemo(() => comparedArrays(step), [step])
  const component = chosenComponent(array, options.component)
  const { plane, settle } = usePlane(array, options.plane, options.place, useCallback((place: number) => change({ place }), [change]))
  const common = { ...props, live: false, component, plane }
  const a = useField({ ...common, array: compared?.a ?? array }, pixels)
  const b = useField({ ...common, array: compared?.b ?? array }, pixels)
  const d = useField({ ...common, array: compared?.difference ?? array }, pixels)
  useEffect(() => settle(b.field), [settle, b.field])
  const [nameA, nameB] = comparedNames(step.id, document)
  const { history, window, move } = useWindow(b.field?.domain)
  const points = useLinkedPoints(linked, b.field, spacetime)
  const { cursor, isOwnCursor, enginePoints } = points
  const linkedTime = useStore(linked, state => state.time)
  const linkedMap = useStore(linked, state => state.colourMap)

  const shown = useMemo<readonly Shown[]>(() => {
    if (!a.field || !b.field || !d.field) return []
    const both = colouringOf(joined(a.field, b.field), 'a', options, { colourMap: linkedMap })
    const own = { ...defaultColours, range: options.range === 'typed' ? 'all' : options.range } as const
    const difference: Shown = { key: 'difference', label: component === 'magnitude' ? `|${nameA} − ${nameB}|` : `${nameA} − ${nameB}`, symbol: '', field: d.field, colouring: colouringOf(d.field, 'difference', { ...own, map: component === 'magnitude' ? '' : 'diverging' }) }
    if (mode === 'difference') return [difference]
    if (mode === 'error') {
      const field = relativeError(d.field, Math.max(Math.abs(b.field.minimumOverall), Math.abs(b.field.maximumOverall)))
      return [{ key: 'error', label: `|${nameA} − ${nameB}| / max |${nameB}|`, symbol: '', field, colouring: colouringOf(field, 'error', own) }]
    }
    if (mode === 'swipe') return [{ key: 'swipe', label: '', symbol: '', field: a.field, swiped: b.field, colouring: both }]
    return [{ key: 'a', label: nameA, symbol: '', field: a.field, colouring: both }, { key: 'b', label: nameB, symbol: '', field: b.field, colouring: both }, difference]
  }, [a.field, b.field, d.field, mode, options, linkedMap, nameA, nameB, component])

  const refs = useMemo(() => ['a', 'b'].map(name => ({ step: step.id, array: name, ...(component === undefined ? {} : { component }) })), [step.id, component])
  const rested = useProbe({ client, experiment, refs, result: step.result, timeIndex: b.timeIndex, times: b.times, isSpaceTime: spacetime, point: enginePoints.cursor && pointInSpace(plane, enginePoints.cursor) }, 140)

  useEffect(
    () =>
      onCommand(id => {
        const name = id.replace('compare.', '')
        if (name === 'home') move(goHome)
        else if (name === 'back') move(goBack)
        else if (name === 'forward') move(goForward)
        else if (name === 'zoom' || name === 'pan' || name === 'cut') setDrag(now => (now === name ? 'probe' : name))
        else if (name === 'zoom-in' || name === 'zoom-out')
          move(h => {
            const w = currentWindow(h)
            return visit(h, zoomAbout(w, (w.x[0] + w.x[1]) / 2, (w.y[0] + w.y[1]) / 2, name === 'zoom-in' ? 1.5 : 1 / 1.5))
          })
        else if (name === 'mode') change({ mode: modes[(modes.findIndex(m => m.id === mode) + 1) % modes.length].id })
        else if (name === 'swipe-left' || name === 'swipe-right') setSwipe(s => Math.min(1, Math.max(0, s + (name === 'swipe-left' ? -0.05 : 0.05))))
        else if (name === 'grid') change({ grid: !options.grid })
        else if (name === 'contours') change({ contours: options.contours > 0 ? 0 : 10 })
        else if (name === 'play') playbackOf(linked).toggle()
        else if (name === 'previous' || name === 'next') linked.setState({ playing: false, time: steppedTime(b.times, linked.getState().time, name === 'next' ? 1 : -1) })
        else if (name === 'save') void savePicture(client, canvas.current, `${step.id}-${mode}`, ink)
        else if (name === 'clear') {
          linked.setState({ probe: undefined, cut: undefined })
          setDrag('probe')
        }
      }),
    [onCommand, move, change, options, mode, linked, b.times, client, step.id, ink],
  )

  const metrics = step.result?.metrics ?? {}
  const lastTime = b.times.at(-1)
  const domain = b.field?.domain
  const aspect = !domain || spacetime ? 1.8 : (domain.x[1] - domain.x[0]) / (domain.y[1] - domain.y[0])
  const columns = size && shown.length > 0 ? columnsFor(shown.length, aspect, size.width, size.height, { x: 130 * size.unit, y: 75 * size.unit }) : 1
  // Three pictures in two columns leave a place: the two fields along the cut, or along a telling line until one is drawn.
  const hasProfile = mode === 'side' && columns === 2 && shown.length === 3
  const telling = useMemo(() => (b.field ? tellingCut(b.field, linkedTime) : undefined), [b.field, linkedTime])
  const profile = enginePoints.cut ?? telling?.cut
  // In little room the ranges are written instead of drawn.
  const isTight = size !== undefined && size.width / columns < 290 * size.unit
  const symbols = b.field?.symbols ?? ['x', 'y']
  const fault = a.fault ?? b.fault ?? d.fault
  const main = shown[0]

  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize} lead={<ComponentChooser array={array} name={comparedUnknown(step.id, document, props.steps)} component={component} onChange={next => change({ component: next })} />}>
        <Choice label="Way of comparing" options={modes} value={mode} onChange={next => change({ mode: next })} />
        <span className="gap" />
        <Switch word="cut" pressed={drag === 'cut'} title="Drag a line cut (x)" onPress={() => setDrag(drag === 'cut' ? 'probe' : 'cut')} />
        {main && (
          <Sheet word={main.colouring.map.name} title="Colours and range of the two fields">
            <ColourSheet colours={options} colouring={main.colouring} hasTimes={b.times.length > 1 && !spacetime} onChange={change} />
          </Sheet>
        )}
      </HeaderSwitches>
      <div className="comparison-line">
        <span className="figure">
          relative L² error <strong>{formatValue(metrics.relative_l2 ?? NaN, 3)}</strong>
          {lastTime !== undefined && <span>at t = {formatValue(lastTime, 4)}</span>}
        </span>
        {metrics.relative_l2_spacetime !== undefined && (
          <span className="figure">
            over space and time <b>{formatValue(metrics.relative_l2_spacetime, 3)}</b>
          </span>
        )}
        {metrics.max_error !== undefined && (
          <span className="figure">
            largest difference <b>{formatValue(metrics.max_error, 3)}</b>
          </span>
        )}
        {cursor && rested && (
          <span className="figure">
            here {formatValue(rested[0], 6)} − {formatValue(rested[1], 6)} = <b>{formatValue(rested[0] - rested[1], 3)}</b>
          </span>
        )}
      </div>
      <div className="view-stage stacked">
        <div ref={stage} className="comparison-stage" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridAutoRows: 'minmax(0, 1fr)' }}>
          {history && window && shown.length > 0 ? (
            shown.map((s, k) => (
              <div key={s.key} className="stage-part">
                <ComparedField
                  shown={s} window={window} ink={ink} options={options} swipeAt={swipe} swipeNames={[nameA, nameB]} outline={plane ? undefined : props.outline}
                  overlay={{ cursor, cursorElsewhere: !isOwnCursor, cut: points.cut, pins: [], time: spacetime ? linkedTime : undefined, probe: points.probe && { at: points.probe, text: formatValue(samplePicture(s.field.picture, ...points.probe)) } }}
                  isTight={isTight} home={history.home} mode={drag} canvas={k === 0 ? canvas : undefined} symbols={symbols}
                  onWindow={(next, continuing) => move(h => visit(h, next, continuing))}
                  onHome={() => move(goHome)} onCursor={points.setCursor} onProbe={points.setProbe} onCut={(next, finished) => {
                points.setCut(next)
                setCutOpen(next !== undefined && (finished || cutOpen))
              }}
                  onSwipe={at => setSwipe(Math.min(1, Math.max(0, at)))}
                />
              </div>
            ))
          ) : (
            <Measure onSize={ignore} />
          )}
          {hasProfile && profile && step.result && (
            <div className="stage-part">
              <CutChart
                client={client} experiment={experiment} cut={profile} symbol="" ink={ink} caption={enginePoints.cut ? undefined : telling?.words}
                fields={[{ ...refs[0], label: nameA, result: step.result }, { ...refs[1], label: nameB, result: step.result }]} plane={plane}
                axes={spacetime ? [symbols[1], symbols[0]] : [symbols[0], symbols[1]]} timeIndex={b.times.length > 0 ? b.timeIndex : undefined} isSpaceTime={spacetime}
                onCursor={points.setEngineCursor} onClose={enginePoints.cut ? () => points.setCut(undefined) : undefined}
              />
            </div>
          )}
          {fault && shown.length === 0 && <p className="view-note">{fault.message}</p>}
        </div>
        {cutOpen && !hasProfile && enginePoints.cut && b.field && step.result && (
          <div className="view-below">
            <CutChart
              client={client} experiment={experiment} cut={enginePoints.cut} symbol="" ink={ink}
              fields={[{ ...refs[0], label: nameA, result: step.result }, { ...refs[1], label: nameB, result: step.result }]} plane={plane}
              axes={spacetime ? [symbols[1], symbols[0]] : [symbols[0], symbols[1]]} timeIndex={b.times.length > 0 ? b.timeIndex : undefined} isSpaceTime={spacetime}
              onCursor={points.setEngineCursor} onClose={() => points.setCut(undefined)}
            />
          </div>
        )}
      </div>
      {plane && <PlaneBar array={array} plane={plane} onChange={change} />}
      {!spacetime && <TimeBar linked={linked} times={b.times} />}
    </div>
  )
}

const ignore = (): void => undefined

type CanvasProps = Parameters<typeof FieldCanvas>[0]
type ComparedFieldProps = Pick<CanvasProps, 'ink' | 'home' | 'mode' | 'canvas' | 'overlay' | 'onWindow' | 'onHome' | 'onCursor' | 'onProbe' | 'onCut' | 'onSwipe'> & {
  readonly shown: Shown
  readonly window: FieldDrawing['window']
  readonly options: CompareOptions
  readonly isTight: boolean
  readonly swipeAt: number
  readonly swipeNames: readonly [string, string]
  readonly outline: ViewProps['outline']
  readonly symbols: readonly [string, string]
}

/** One picture of the comparison. */
function ComparedField({ shown, window, options, isTight, swipeAt, swipeNames, outline, symbols, overlay, ...rest }: ComparedFieldProps) {
  const { field, swiped, colouring, symbol, label } = shown
  const drawing = useMemo<FieldDrawing>(
    () => ({
      field, colouring, symbol, outline, window, bar: !isTight, barRoom: 84, contours: options.contours, contourLabels: false, grid: options.grid, smooth: true,
      ...(swiped ? { swipe: { field: swiped, at: swipeAt } } : {}),
    }),
    [field, swiped, swipeAt, colouring, symbol, outline, window, isTight, options.contours, options.grid],
  )
  const value = overlay.cursor && !swiped ? samplePicture(field.picture, ...overlay.cursor) : NaN
  const readout = !overlay.cursor ? (isTight ? `${formatValue(colouring.scale.lower, 3)} … ${formatValue(colouring.scale.upper, 3)}` : '') : `${symbols[0]} = ${formatValue(overlay.cursor[0], 4)}   ${symbols[1]} = ${formatValue(overlay.cursor[1], 4)}${swiped ? '' : `   ${formatValue(value)}`}`
  const [left, right] = swipeNames
  const over = useSteadyOverlay(swiped ? { ...overlay, swipe: { at: swipeAt, left, right } } : overlay)
  return <FieldCanvas {...rest} drawing={drawing} overlay={over} label={label} readout={readout} description={label || `${left} left of the line, ${right} right of it`} />
}

/** The overlay keeps its identity while its content is the same. */
function useSteadyOverlay<T>(overlay: T): T {
  const key = JSON.stringify(overlay)
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the key is the content
  return useMemo(() => overlay, [key])
}
