import { useMemo } from 'react'
import { bandsOf } from '../../../../shared/figures/bands'
import { seriesStyle } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Sheet, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { bandPlaces } from './bands'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { listName } from './lists'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, logX: true, logY: true }

/** The runs of a sweep: a line where the middle one of every setting is, and a band between the least and the greatest. */
export default function BandsView(props: ViewProps) {
  const { client, step, array, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const places = useMemo(() => bandPlaces(array, step), [array, step])
  const wanted = useMemo(() => (places ? [array.name, places.x, places.group] : []), [array.name, places])
  const { arrays, message } = useArrays(props, wanted)
  const series = useMemo<readonly Series[]>(() => {
    if (!places || !arrays) return []
    const labels = step.result?.arrays.find(a => a.name === places.group)?.labels
    const bands = bandsOf({ values: arrays[array.name], shape: array.shape }, arrays[places.x], { values: arrays[places.group], ...(labels ? { labels } : {}) }) ?? []
    return bands.map(({ label, x, median, lower, upper, runs }, k) => ({
      id: label ?? String(k), label: `${label ?? listName(array.name)}${runs > 1 ? ` · median of ${runs}` : ''}`, x, y: median, style: seriesStyle(k, ink), markers: array.shape.length === 1 && x.length <= 24, ...(runs > 1 ? { band: { lower, upper } } : {}),
    }))
  }, [places, arrays, array, step.result, ink])
  useChartCommands('bands', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleX: () => change({ logX: !options.logX }),
    toggleY: () => change({ logY: !options.logY }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-${array.name}`, ink),
  })
  const drawable = useMemo(() => (step.result?.arrays ?? []).flatMap(a => { const found = bandPlaces(a, step); return found ? [{ name: a.name, text: bandTitle(a.name, found.xLabel) }] : [] }), [step])
  // What was varied may be zero or negative, and then has no logarithm.
  const canLogX = series.every(({ x }) => x.every(v => v > 0))
  const name = listName(array.name.replace(/_curves$/, ''))
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        {drawable.length > 1 && (
          <Sheet word="show" title="What is drawn">
            {drawable.map(choice => (
              <label key={choice.name} className="tick">
                <input type="radio" className="check" name={`bands-${step.id}`} checked={choice.name === array.name} onChange={() => props.showArray(choice.name)} />
                {choice.text}
              </label>
            ))}
          </Sheet>
        )}
        {canLogX && <Switch word={`log ${places?.xLabel ?? 'x'}`} pressed={options.logX} onPress={() => change({ logX: !options.logX })} title="Logarithmic abscissa (k)" />}
        <Switch word="log" pressed={options.logY} onPress={() => change({ logY: !options.logY })} title="Logarithmic values (l)" />
        <Switch word="grid" pressed={options.grid} onPress={() => change({ grid: !options.grid })} title="Grid (g)" />
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-${array.name}.csv`, 'csv', new TextEncoder().encode(csvOf(places?.xLabel ?? 'x', withEdges(series))), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series} xLabel={places?.xLabel ?? ''} yLabel={name} xScale={options.logX && canLogX ? 'log' : 'linear'} yScale={options.logY ? 'log' : 'linear'} grid={options.grid} mode={mode}
            ink={ink} control={control} canvas={canvas} description={`${name} of the runs of ${step.id}: ${series.map(s => s.label).join(', ')}`}
          />
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}

const bandTitle = (name: string, over: string): string => `${listName(name.replace(/_curves$/, ''))} over ${over}`

/** Medians with the edges of their bands, as columns. */
export function withEdges(series: readonly Series[]): Series[] {
  return series.flatMap(s => [s, ...(s.band ? [{ ...s, label: `${s.label}, least`, y: s.band.lower }, { ...s, label: `${s.label}, greatest`, y: s.band.upper }] : [])])
}
