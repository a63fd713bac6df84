import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { FaultError } from '../../../../shared/fault'
import type { FieldPicture } from '../../../../shared/protocol/contract'
import { seriesStyle } from '../../../charts/ink'
import { homeWindow } from '../../../charts/line-painter'
import type { Series } from '../../../charts/line-painter'
import { formatValue } from '../../../charts/ticks'
import type { ViewProps } from '../../view'
import { timeIndexOf } from '../../view'
import { fieldCacheOf } from '../field-cache'
import { timesOf } from '../field-pictures'
import { chosenComponent, fieldLabel } from '../component'
import { FieldChooser } from '../FieldChooser'
import { Act, HeaderSwitches, Sheet, Switch } from '../HeaderSwitches'
import { linkedCursorOf } from '../linked-cursor'
import { playbackOf, steppedTime } from '../playback'
import { saveBytes, savePicture } from '../save-picture'
import { TimeBar } from '../TimeBar'
import { useFrames } from '../use-field'
import { useInk } from '../use-ink'
import { useSize } from '../use-size'
import { readOptions } from '../view-options'
import { csvOf, curveKey, curveOfFrame, curveOfPicture, otherCurves } from './curves'
import { LineChart } from './LineChart'
import type { ChartControl, LineMode } from './LineChart'
import { useChartCommands } from './use-chart-commands'

const defaults = { component: '', others: [] as readonly string[], grid: true, logY: false, points: false }
type CurveOptions = typeof defaults

/** Nodes read of one curve: far more than a screen is wide. */
const nodes = 4097

/** A field of one space coordinate at the shown time, with those of other steps over it, each on its own points. */
export default function CurveView(props: ViewProps) {
  const { client, experiment, step, steps, array, live, linked, theme, header, setOptions, onCommand } = props
  const isComparison = props.document.steps.find(s => s.id === step.id)?.kind === 'compare'
  const options = useMemo(
    // Of two compared fields one is drawn over the other from the start.
    () => readOptions<CurveOptions>(props.options, isComparison && array.name !== 'difference' ? { ...defaults, others: [`${step.id}/${array.name === 'a' ? 'b' : 'a'}`] } : defaults),
    [props.options, isComparison, step.id, array.name],
  )
  const change = useCallback((part: Partial<CurveOptions>) => setOptions({ ...options, ...part } as never), [options, setOptions])
  const panel = useRef<HTMLDivElement>(null)
  const panelSize = useSize(panel)
  const ink = useInk(theme, panelSize?.unit)
  const [mode, setMode] = useState<LineMode>('zoom')
  const [identity] = useState(() => Symbol(array.name))
  const control = useRef<ChartControl>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const time = useStore(linked, state => state.time)
  const times = timesOf(array)
  const component = chosenComponent(array, options.component)
  const symbol = fieldLabel(array, component)
  const own = useMemo(() => ({ step: step.id, array: array.name }), [step.id, array.name])
  const offered = useMemo(() => otherCurves(steps, own, array), [steps, own, array])
  const chosen = useMemo(() => offered.filter(c => options.others.includes(curveKey(c))), [offered, options.others])
  const { frames, drawn } = useFrames(props, [nodes])
  const frame = live ? frames.at(-1) : undefined

  const shown = useMemo(
    () => (step.result ? [{ ...own, component, info: array, result: step.result }, ...chosen.map(c => ({ step: c.step, array: c.array, component: chosenComponent(c.info, options.component), info: c.info, result: c.state.result! }))] : []),
    [own, array, step.result, chosen, component, options.component],
  )
  const [read, setRead] = useState<readonly (FieldPicture | undefined)[]>([])
  const [message, setMessage] = useState<string>()
  const ready = useRef(true)
  useEffect(() => {
    let wanted = true
    ready.current = false
    const cache = fieldCacheOf(client)
    const requests = shown.map(({ info, ...name }) => ({ experiment, ...name, size: [nodes], ...(info.times ? { timeIndex: timeIndexOf(info.times, time) } : {}) }))
    Promise.all(requests.map(request => cache.read(request))).then(
      all => {
        ready.current = true
        if (wanted) setRead(all)
      },
      (reason: unknown) => {
        ready.current = true
        if (wanted) setMessage(reason instanceof FaultError ? reason.message : 'The field could not be read.')
      },
    )
    if (linked.getState().playing)
      for (const request of requests) if (request.timeIndex !== undefined) for (const ahead of [1, 2]) cache.read({ ...request, timeIndex: (request.timeIndex + ahead) % times.length }).catch(() => undefined)
    return () => void (wanted = false)
  }, [client, experiment, shown, time, linked, times.length])
  useEffect(() => (times.length > 1 ? playbackOf(linked).join({ times, isReady: () => ready.current }) : undefined), [linked, times])

  const series = useMemo<readonly Series[]>(() => {
    const style = (k: number): Pick<Series, 'style' | 'markers'> => ({ style: seriesStyle(k, ink), markers: options.points })
    if (frame) return [{ id: 'live', label: `${symbol} · ${step.id}`, ...curveOfFrame(frame, array), ...style(0) }]
    return shown.flatMap((s, k) => {
      const picture = read[k]
      return picture && picture.shape.length === 1 ? [{ id: curveKey(s), label: `${fieldLabel(s.info, s.component)} · ${s.step}`, ...curveOfPicture(picture, s.info), ...style(k) }] : []
    })
  }, [frame, shown, read, array, symbol, step.id, ink, options.points])
  useEffect(drawn, [frames, drawn])

  // The axes stay where they are while time plays: they hold the values of all times.
  const home = useMemo(() => {
    const fitted = homeWindow(series, 'linear', options.logY ? 'log' : 'linear')
    if (frame || options.logY || read.length === 0 || times.length < 2) return fitted
    const lower = Math.min(...read.map(p => p?.minimumOverall ?? Infinity))
    const upper = Math.max(...read.map(p => p?.maximumOverall ?? -Infinity))
    const air = 0.05 * (upper - lower)
    return upper > lower ? { x: fitted.x, y: [lower - air, upper + air] as const } : fitted
  }, [series, read, frame, options.logY, times.length])

  const coordinate = array.axes?.[0]?.name ?? 'x'
  const cursors = linkedCursorOf(linked)
  const cursor = useStore(cursors, state => state)
  const elsewhere = cursor.source !== identity && cursor.axes.split(',').includes(coordinate) ? cursor.at?.[0] : undefined
  const toggleMode = (next: LineMode): void => setMode(mode === next && next === 'pan' ? 'zoom' : next)
  const saveCurves = (): void => void saveBytes(client, `${step.id}-${array.name}.csv`, 'csv', new TextEncoder().encode(csvOf(coordinate, series)), 'text/csv')
  useChartCommands('curve', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleY: () => change({ logY: !options.logY }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-${array.name}`, ink),
    other: name => {
      if (name === 'play') playbackOf(linked).toggle()
      else if (name === 'previous' || name === 'next') linked.setState({ playing: false, time: steppedTime(times, time, name === 'next' ? 1 : -1) })
    },
  })

  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize} lead={<FieldChooser {...props} component={component} />}>
        <Switch word="points" pressed={options.points} onPress={() => change({ points: !options.points })} title="Show the nodes" />
        <Switch word="log" pressed={options.logY} onPress={() => change({ logY: !options.logY })} title="Logarithmic values (l)" />
        {offered.length > 0 && (
          <Sheet word="overlay" title="Lay other fields over this one">
            {offered.map(c => (
              <label key={curveKey(c)} className="tick">
                <input
                  type="checkbox"
                  className="check"
                  checked={options.others.includes(curveKey(c))}
                  onChange={event => change({ others: event.target.checked ? [...options.others, curveKey(c)] : options.others.filter(k => k !== curveKey(c)) })}
                />
                {c.array} · {c.step}
              </label>
            ))}
          </Sheet>
        )}
        <Act word="csv" onPress={saveCurves} title="Save the curves as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series}
            xLabel={coordinate}
            yLabel={chosen.length === 0 ? symbol : ''}
            yScale={options.logY ? 'log' : 'linear'}
            grid={options.grid}
            mode={mode}
            ink={ink}
            home={home}
            control={control}
            canvas={canvas}
            description={`${symbol} of ${step.id} over ${coordinate}`}
            cursor={elsewhere}
            onCursor={x => cursors.setState({ at: x === undefined ? undefined : [x], axes: coordinate, source: identity })}
            mark={frame ? `live${frame.time === undefined ? '' : ` · t = ${formatValue(frame.time, 4)}`}` : undefined}
          />
          {message && series.length === 0 && <p className="view-note">{message}</p>}
        </div>
      </div>
      <TimeBar linked={linked} times={times} />
    </div>
  )
}
