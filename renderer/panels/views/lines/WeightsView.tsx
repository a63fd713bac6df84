import { useMemo } from 'react'
import { seriesStyle } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { stairs } from './training-numbers'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, log: false, hidden: [] as readonly string[] }
const wanted = ['weights_edges', 'weights_histogram', 'weights_histogram_start']

/** Shares of the trained parameters by their value, before and after the training, as stairs over the same bins. */
export default function WeightsView(props: ViewProps) {
  const { client, step, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const { arrays, message } = useArrays(props, wanted)
  const series = useMemo<readonly Series[]>(() => (arrays ? [
    { id: 'end', label: 'end', ...stairs(arrays.weights_edges, arrays.weights_histogram), style: { ...seriesStyle(0, ink), dash: [] } },
    { id: 'start', label: 'start', ...stairs(arrays.weights_edges, arrays.weights_histogram_start), style: { ...seriesStyle(1, ink), dash: [4, 4] } },
  ] : []), [arrays, ink])
  useChartCommands('weights', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleY: () => change({ log: !options.log }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-weights`, ink),
  })
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        <Switch word="log" pressed={options.log} onPress={() => change({ log: !options.log })} title="Logarithmic shares (l)" />
        <Switch word="grid" pressed={options.grid} onPress={() => change({ grid: !options.grid })} title="Grid (g)" />
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-weights.csv`, 'csv', new TextEncoder().encode(csvOf('parameter', series)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series} xLabel="parameter" yLabel="share of the parameters" yScale={options.log ? 'log' : 'linear'} grid={options.grid} mode={mode} ink={ink} control={control} canvas={canvas}
            hidden={options.hidden} onHidden={hidden => change({ hidden })} description={`Histogram of the parameters of ${step.id} at the start and at the end`}
          />
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}
