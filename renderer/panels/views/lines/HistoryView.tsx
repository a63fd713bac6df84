import { useMemo } from 'react'
import { seriesStyle } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, logX: false, scale: 'auto' }

/** A list of numbers over its index: residuals over cycles, losses over steps. Logarithmic where all are positive and they span decades. */
export default function HistoryView(props: ViewProps) {
  const { client, step, array, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const { arrays, message } = useArrays(props, [array.name])
  const values = arrays?.[array.name]
  const spansDecades = array.minimum > 0 && array.maximum / array.minimum > 30
  const log = options.scale === 'auto' ? spansDecades || (values !== undefined && values.some(v => v > 0) && values.every(v => !(v < 0)) && array.minimum >= 0 && smallest(values) * 30 < array.maximum) : options.scale === 'log'
  const series = useMemo<readonly Series[]>(
    () => (values ? [{ id: array.name, label: `${array.name} · ${step.id}`, x: Float64Array.from(values, (_, i) => (options.logX ? i + 1 : i)), y: values, style: seriesStyle(0, ink), markers: values.length <= 64 }] : []),
    [values, array.name, step.id, ink, options.logX],
  )
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
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-${array.name}.csv`, 'csv', new TextEncoder().encode(csvOf('index', series)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series} xLabel={/residual/.test(array.name) ? 'iteration' : 'index'} yLabel={array.name} xScale={options.logX ? 'log' : 'linear'} yScale={log ? 'log' : 'linear'}
            grid={options.grid} mode={mode} ink={ink} control={control} canvas={canvas} description={`${array.name} of ${step.id}, ${array.shape.join(' × ')} numbers`}
          />
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}

const smallest = (values: Float64Array): number => values.reduce((m, v) => (v > 0 && v < m ? v : m), Infinity)
