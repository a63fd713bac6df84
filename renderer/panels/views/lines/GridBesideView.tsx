import { useMemo } from 'react'
import { seriesStyle } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { bestInTime, summaryOf } from './training-numbers'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, logX: true, logY: true }
const wanted = ['relative_l2_curve', 'grid_relative_l2', 'grid_unknowns']

/** Error over seconds: the network while it trains, and classical solvers on growing grids on the same machine. */
export default function GridBesideView(props: ViewProps) {
  const { client, step, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const { arrays, message } = useArrays(props, wanted)
  const timings = step.result?.timings
  const series = useMemo<readonly Series[]>(() => {
    if (!arrays || !timings?.training || !timings.grid) return []
    const { relative_l2_curve: curve, grid_relative_l2: errors } = arrays
    const order = bestInTime(timings.grid, errors)
    return [
      { id: 'network', label: `network · ${step.id}`, x: Float64Array.from(timings.training), y: curve, style: seriesStyle(0, ink) },
      { id: 'grid', label: 'best of the grids, each solved by itself', x: Float64Array.from(order, i => timings.grid[i]), y: Float64Array.from(order, i => errors[i]), style: { ...seriesStyle(1, ink), dash: [] }, markers: true },
    ]
  }, [arrays, timings, step.id, ink])
  useChartCommands('grid-beside', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleX: () => change({ logX: !options.logX }),
    toggleY: () => change({ logY: !options.logY }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-grid`, ink),
  })
  const summary = useMemo(() => (arrays && timings?.training && timings.grid ? summaryOf(arrays, timings as { readonly training: readonly number[]; readonly grid: readonly number[] }) : undefined), [arrays, timings])
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        <Switch word="log time" pressed={options.logX} onPress={() => change({ logX: !options.logX })} title="Logarithmic seconds (k)" />
        <Switch word="log" pressed={options.logY} onPress={() => change({ logY: !options.logY })} title="Logarithmic errors (l)" />
        <Switch word="grid" pressed={options.grid} onPress={() => change({ grid: !options.grid })} title="Grid (g)" />
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-grid.csv`, 'csv', new TextEncoder().encode(csvOf('seconds', series)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          {timings?.grid ? (
            <LineChart
              series={series} xLabel="seconds on this machine" yLabel="relative L² error" xScale={options.logX ? 'log' : 'linear'} yScale={options.logY ? 'log' : 'linear'} grid={options.grid} mode={mode} ink={ink}
              control={control} canvas={canvas} legendEnd={summary && <span className="spread-end">{summary}</span>} description={`Error over seconds of ${step.id} and of grids beside it. ${summary ?? ''}`}
            />
          ) : (
            <p className="view-note">The seconds of this training were not kept; compute the step again to see it beside a grid.</p>
          )}
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}
