import { useMemo } from 'react'
import { seriesStyle } from '../../../charts/ink'
import type { Ink } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { studyOf } from './studies'
import type { Study } from './studies'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, log: true }

/** The curves of a study over one abscissa: what was measured with markers, what was extrapolated dashed, bounds dotted. */
export default function StudyView(props: ViewProps) {
  const { client, step, document, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const study = studyOf(document.steps.find(s => s.id === step.id)?.kind)
  const wanted = useMemo(() => {
    const there = new Set(step.result?.arrays.map(a => a.name))
    const names = study ? [study.x, ...study.curves.flatMap(c => [c.array, ...(c.measured ? [c.measured] : [])])] : []
    return names.filter(name => there.has(name))
  }, [study, step.result])
  const { arrays, message } = useArrays(props, wanted)
  const series = useMemo(() => (study && arrays ? studySeries(study, arrays, ink) : []), [study, arrays, ink])
  useChartCommands('study', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleY: () => change({ log: !options.log }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-study`, ink),
  })
  if (!study) return <p className="view-note">This step is no study any more.</p>
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        <Switch word="log" pressed={options.log} onPress={() => change({ log: !options.log })} title="Logarithmic values (l)" />
        <Switch word="grid" pressed={options.grid} onPress={() => change({ grid: !options.grid })} title="Grid (g)" />
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}.csv`, 'csv', new TextEncoder().encode(csvOf(study.x, series)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series} xLabel={study.xLabel} yLabel={study.yLabel} xScale={study.xScale} yScale={options.log ? 'log' : 'linear'} grid={options.grid} mode={mode}
            ink={ink} control={control} canvas={canvas} description={`${study.reading} ${series.map(s => s.label).join(', ')}`}
          />
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}

/** One series per curve; two where part of a curve is extrapolated, joined at the last measured point. */
export function studySeries(study: Study, arrays: Readonly<Record<string, Float64Array>>, ink: Ink): Series[] {
  const x = arrays[study.x]
  if (!x) return []
  return study.curves.flatMap(({ array, label, measured, bound }, k): Series[] => {
    const y = arrays[array]
    if (!y?.some(v => v > 0)) return []
    const style = seriesStyle(k, ink)
    if (bound) return [{ id: array, label, x, y, style: { ...style, dash: [2, 3] } }]
    const flags = measured ? arrays[measured] : undefined
    if (!flags || flags.every(flag => flag !== 0)) return [{ id: array, label, x, y, style: { ...style, dash: [] }, markers: true }]
    const joins = (i: number): boolean => flags[i] === 0 || flags[i + 1] === 0
    return [
      { id: array, label: `${label}, measured`, x, y: y.map((v, i) => (flags[i] !== 0 ? v : NaN)), style: { ...style, dash: [] }, markers: true },
      { id: `${array}-extrapolated`, label: `${label}, extrapolated`, x, y: y.map((v, i) => (joins(i) ? v : NaN)), style: { ...style, dash: [5, 4] } },
    ]
  })
}
