import { useCallback, useMemo } from 'react'
import { seriesStyle } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import { toPixelX, toPixelY } from '../../../charts/plot-frame'
import type { PlotFrame } from '../../../charts/plot-frame'
import { formatValue } from '../../../charts/ticks'
import type { ViewProps } from '../../view'
import { Act, Choice, HeaderSwitches, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { readingOf, spectrumLists, type SpectrumKind } from './spectra'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, log: true, hidden: [] as readonly string[] }
const kinds = [{ id: 'singular_values', word: 'singular values' }, { id: 'ntk', word: 'tangent kernel' }] as const

/** The singular values of the last linear problem with the cut-off, or the eigenvalues of the tangent kernel before and after the training: how fast they decay says what is learned, and when. */
export default function SpectrumView(props: ViewProps) {
  const { client, step, array, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const kind: SpectrumKind = array.name === 'singular_values' ? 'singular_values' : 'ntk'
  const lists = useMemo(() => spectrumLists(kind, (step.result?.arrays ?? []).map(a => a.name)), [kind, step.result])
  const { arrays, message } = useArrays(props, useMemo(() => lists.map(l => l.name), [lists]))
  const series = useMemo<readonly Series[]>(() => (arrays ? lists.flatMap(({ name, label, group, isStart, isBare }): Series[] => {
    const values = arrays[name]
    if (!values) return []
    const style = seriesStyle(group, ink)
    return [{ id: name, label, x: Float64Array.from(values, (_, k) => k + 1), y: values, style: { ...style, dash: isStart ? [4, 4] : [] }, ...(isBare ? { bare: true } : {}) }]
  }) : []), [arrays, lists, ink])
  const { cutoff, rank } = step.result?.metrics ?? {}
  const largest = arrays?.singular_values?.[0]
  const paintMore = useCallback((context: CanvasRenderingContext2D, frame: PlotFrame) => {
    if (kind !== 'singular_values' || cutoff === undefined || largest === undefined) return
    const y = Math.round(toPixelY(frame, cutoff * largest)) + 0.5
    const { left, width } = frame.area
    if (!Number.isFinite(y)) return
    context.strokeStyle = ink.secondary
    context.lineWidth = 1.25
    context.setLineDash([5, 4])
    context.beginPath()
    context.moveTo(left, y)
    context.lineTo(left + width, y)
    context.stroke()
    context.setLineDash([])
    context.font = ink.textFont
    context.textAlign = 'left'
    context.textBaseline = 'bottom'
    const text = `cut-off ${formatValue(cutoff, 2)}, ${String(rank)} kept`
    // Left of where the curve crosses it the plot is empty below the curve.
    const x = Math.max(left + 6, Math.min(left + 10, toPixelX(frame, 1)))
    context.lineWidth = 4
    context.lineJoin = 'round'
    context.strokeStyle = ink.halo
    context.strokeText(text, x, y - 3)
    context.fillStyle = ink.text
    context.fillText(text, x, y - 3)
  }, [kind, cutoff, rank, largest, ink])
  useChartCommands('spectrum', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleY: () => change({ log: !options.log }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-${array.name}`, ink),
  })
  const offered = kinds.filter(({ id }) => step.result?.arrays.some(a => a.name === id))
  const yLabel = kind === 'ntk' ? 'eigenvalue of K' : 'singular value'
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        {offered.length > 1 && <Choice label="Spectrum" options={offered} value={kind} onChange={id => props.showArray(id)} />}
        <Switch word="log" pressed={options.log} onPress={() => change({ log: !options.log })} title="Logarithmic values (l)" />
        <Switch word="grid" pressed={options.grid} onPress={() => change({ grid: !options.grid })} title="Grid (g)" />
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-${array.name}.csv`, 'csv', new TextEncoder().encode(csvOf('index', series)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series} xLabel="index" yLabel={yLabel} xScale="linear" yScale={options.log ? 'log' : 'linear'} grid={options.grid} mode={mode} ink={ink} control={control} canvas={canvas}
            hidden={options.hidden} onHidden={hidden => change({ hidden })} paintMore={paintMore} description={`${readingOf(kind)} ${series.map(s => s.label).join(', ')}`}
          />
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}
