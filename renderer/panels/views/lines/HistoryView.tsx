import { useMemo, useState } from 'react'
import { seriesStyle } from '../../../charts/ink'
import { homeWindow } from '../../../charts/line-painter'
import type { Series } from '../../../charts/line-painter'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Sheet, Switch } from '../HeaderSwitches'
import { useLiveCurves } from '../live-curves'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { drawnTogether, familyOf, indexName, isHistory, isPlainList, isLoss, listName, placesOf, spansDecades } from './lists'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, logX: false, scale: 'auto', besides: [] as readonly string[], hidden: [] as readonly string[] }

interface List { readonly name: string; readonly x: Float64Array; readonly values: Float64Array }

const errorName = 'relative_l2_curve'
/** Families that are drawn over others as a whole, by the list that leads them. */
const familyTitles: Readonly<Record<string, string>> = { gradient: 'gradient norms', weight: 'weights of the terms' }
const familyHead = (name: string): string => (familyOf(name) in familyTitles ? familyOf(name) : name)

/** Lists of numbers over their index, growing while the step runs: residuals over iterations, losses over training steps. Logarithmic where they span decades. */
export default function HistoryView(props: ViewProps) {
  const { client, experiment, step, array, live, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const growing = useLiveCurves(client, experiment, step.id)
  const isLive = live && growing.some(piece => piece.name === array.name)
  const there = useMemo(() => (isLive ? growing.map(piece => piece.name) : (step.result?.arrays ?? []).filter(isPlainList).map(({ name }) => name)), [isLive, growing, step.result])
  const names = drawnTogether(array.name, there, options.besides).join('\n')
  const { arrays, message } = useArrays(props, useMemo(() => names.split('\n').filter(Boolean).flatMap(name => [name, ...[placesOf(name)].filter(place => place !== undefined)]), [names]), isLive)

  const lists = useMemo<readonly List[]>(() => {
    const wanted = names.split('\n')
    if (isLive) return wanted.flatMap(name => growing.find(piece => piece.name === name) ?? [])
    return arrays ? wanted.flatMap(name => (arrays[name] ? [{ name, values: arrays[name], x: arrays[placesOf(name) ?? ''] ?? Float64Array.from(arrays[name], (_, i) => i) }] : [])) : []
  }, [names, isLive, growing, arrays])
  // Beside its loss a training has its error, on a scale of its own.
  const isApart = isLoss(array.name) && lists.length > 1 && lists.some(({ name }) => name === errorName)
  const log = options.scale === 'auto' ? lists.length > 0 && (isLoss(array.name) || lists.every(({ values }) => spansDecades(values))) : options.scale === 'log'
  const all = useMemo<readonly Series[]>(
    () => lists.map(({ name, x, values }, k) => ({
      // On a logarithmic axis counting begins with one.
      id: name, label: k === 0 || name === errorName ? `${listName(name)} · ${step.id}` : isLoss(array.name) ? listName(name.replace(/^loss_/, '')) : listName(name), x: options.logX && x[0] === 0 ? x.map(v => v + 1) : x, y: values, style: seriesStyle(k, ink), markers: x.length <= 64,
    })),
    [lists, step.id, array.name, ink, options.logX],
  )
  const series = useMemo(() => (isApart ? all.filter(s => s.id !== errorName) : all), [all, isApart])
  const errors = useMemo(() => (isApart ? all.filter(s => s.id === errorName).map(s => ({ ...s, style: { ...s.style, dash: [] } })) : []), [all, isApart])
  // Both over the same steps.
  const errorsHome = useMemo(() => {
    if (!isApart || series.length === 0) return undefined
    const scales = [options.logX ? 'log' : 'linear', log ? 'log' : 'linear'] as const
    const [above, below] = [homeWindow(series, ...scales), homeWindow(errors, ...scales)]
    return { x: [above.x[0], Math.max(above.x[1], errors[0].x.at(-1) ?? 0)] as const, y: below.y }
  }, [isApart, series, errors, options.logX, log])
  const [cursor, setCursor] = useState<number>()
  const others = [...new Set(there.filter(name => name !== array.name && isHistory(name) && familyOf(name) !== familyOf(array.name)).map(familyHead))]
  const membersOf = (head: string): string[] => there.filter(name => familyHead(name) === head)
  const isWide = panelSize !== undefined && panelSize.width > 1.5 * panelSize.height
  useChartCommands('history', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleX: () => change({ logX: !options.logX }),
    toggleY: () => change({ scale: log ? 'linear' : 'log' }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-${array.name}`, ink),
  })
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        <Switch word="log" pressed={log} onPress={() => change({ scale: log ? 'linear' : 'log' })} title="Logarithmic values (l)" />
        <Switch word="grid" pressed={options.grid} onPress={() => change({ grid: !options.grid })} title="Grid (g)" />
        {others.length > 0 && (
          <Sheet word="overlay" title="Draw other lists of this step as well">
            {others.map(name => (
              <label key={name} className="tick">
                <input
                  type="checkbox" className="check" checked={options.besides.includes(name)}
                  onChange={event => change({ besides: [...options.besides.filter(other => familyHead(other) !== name), ...(event.target.checked ? [name, ...membersOf(name).filter(other => other !== name)] : [])] })}
                />
                {familyTitles[name] ?? listName(name)}
              </label>
            ))}
          </Sheet>
        )}
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-${array.name}.csv`, 'csv', new TextEncoder().encode(csvOf(indexName(array.name), all)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className={`view-stage ${isApart && !isWide ? 'stacked' : ''}`}>
        <div className="stage-part" style={isApart ? { flexGrow: 3 } : undefined}>
          <LineChart
            series={series} xLabel={isApart && !isWide ? '' : indexName(array.name)} yLabel={isApart ? 'loss' : series.length === 1 ? listName(array.name) : ''} xScale={options.logX ? 'log' : 'linear'} yScale={log ? 'log' : 'linear'}
            grid={options.grid} mode={mode} ink={ink} control={control} canvas={canvas} mark={isLive ? 'live' : undefined}
            cursor={isApart ? cursor : undefined} onCursor={isApart ? setCursor : undefined} hidden={options.hidden} onHidden={hidden => change({ hidden })}
            description={`${listName(array.name)} of ${step.id}, ${lists[0]?.values.length ?? 0} numbers`}
          />
          {message && !isLive && <p className="view-note">{message}</p>}
        </div>
        {isApart && (
          <div className="stage-part" style={{ flexGrow: 2 }}>
            <LineChart
              series={errors} xLabel={indexName(array.name)} yLabel={listName(errorName)} xScale={options.logX ? 'log' : 'linear'} yScale={log ? 'log' : 'linear'} grid={options.grid} mode={mode} ink={ink}
              cursor={cursor} onCursor={setCursor} home={errorsHome} description={`${listName(errorName)} of ${step.id}, ${errors[0].y.length} numbers`}
            />
          </div>
        )}
      </div>
    </div>
  )
}
