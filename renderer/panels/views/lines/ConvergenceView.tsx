import { useCallback, useMemo } from 'react'
import { fittedOrder, slopeTriangle } from '../../../charts/convergence'
import { seriesStyle } from '../../../charts/ink'
import type { Ink } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import { toPixelX, toPixelY } from '../../../charts/plot-frame'
import type { PlotFrame } from '../../../charts/plot-frame'
import type { ViewProps } from '../../view'
import { Act, HeaderSwitches, Switch } from '../HeaderSwitches'
import { saveBytes, savePicture } from '../save-picture'
import { csvOf } from './curves'
import { LineChart } from './LineChart'
import { useArrays } from './use-array'
import { useChartCommands } from './use-chart-commands'
import { usePlotPanel } from './use-plot-panel'

const defaults = { grid: true, logX: true, logY: true }
const names: Readonly<Record<string, string>> = { relative_l2: 'relative L² error', relative_h1: 'relative H¹ error' }

/** Errors over mesh widths on logarithmic axes, with the fitted order beside the one that theory promises. */
export default function ConvergenceView(props: ViewProps) {
  const { client, step, document, header, onCommand } = props
  const { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode } = usePlotPanel(props, defaults)
  const measured = useMemo(() => Object.keys(names).filter(name => step.result?.arrays.some(a => a.name === name && a.maximum > 0)), [step.result])
  const { arrays, message } = useArrays(props, ['h', ...measured])
  const theory = theoreticalOrder(document.steps.find(s => s.id === step.id))

  const fits = useMemo(() => (arrays ? measured.map(name => fittedOrder(arrays.h, arrays[name])) : []), [arrays, measured])
  const series = useMemo<readonly Series[]>(() => {
    if (!arrays) return []
    return measured.map((name, k) => {
      const order = fits[k] ? ` · order ${fits[k].order.toFixed(2)}` : ''
      const promised = name === 'relative_l2' && theory !== undefined ? ` (theory ${theory})` : ''
      return { id: name, label: names[name] + order + promised, x: arrays.h, y: arrays[name], style: seriesStyle(k, ink), markers: true }
    })
  }, [arrays, measured, fits, theory, ink])
  const triangle = useMemo(() => {
    if (!arrays?.relative_l2) return undefined
    const order = theory ?? (fits[0] ? Math.round(fits[0].order) : undefined)
    const corners = order === undefined ? undefined : slopeTriangle(arrays.h, arrays.relative_l2, order)
    return corners && order !== undefined ? { ...corners, order } : undefined
  }, [arrays, theory, fits])
  const paintMore = useCallback((context: CanvasRenderingContext2D, frame: PlotFrame) => triangle && options.logX && options.logY && paintTriangle(context, frame, triangle, ink), [triangle, ink, options.logX, options.logY])

  useChartCommands('convergence', onCommand, control, {
    toggleGrid: () => change({ grid: !options.grid }),
    toggleX: () => change({ logX: !options.logX }),
    toggleY: () => change({ logY: !options.logY }),
    toggleMode,
    save: () => void savePicture(client, canvas.current, `${step.id}-convergence`, ink),
  })
  return (
    <div ref={panel} className="view">
      <HeaderSwitches header={header} size={panelSize}>
        <Switch word="log h" pressed={options.logX} onPress={() => change({ logX: !options.logX })} title="Logarithmic mesh width (k)" />
        <Switch word="log error" pressed={options.logY} onPress={() => change({ logY: !options.logY })} title="Logarithmic errors (l)" />
        <Act word="csv" onPress={() => void saveBytes(client, `${step.id}-convergence.csv`, 'csv', new TextEncoder().encode(csvOf('h', series)), 'text/csv')} title="Save as CSV" />
      </HeaderSwitches>
      <div className="view-stage">
        <div className="stage-part">
          <LineChart
            series={series} xLabel="mesh width h" yLabel="" xScale={options.logX ? 'log' : 'linear'} yScale={options.logY ? 'log' : 'linear'} grid={options.grid} mode={mode}
            ink={ink} control={control} canvas={canvas} paintMore={paintMore} description={`Convergence of ${step.id}: ${series.map(s => s.label).join(', ')}`}
          />
          {message && <p className="view-note">{message}</p>}
        </div>
      </div>
    </div>
  )
}

/** A finite difference scheme of order p promises ‖u_h − u‖ = O(hᵖ) for smooth solutions; spectral methods promise no power. */
function theoreticalOrder(step: { readonly [option: string]: unknown } | undefined): number | undefined {
  if (!step || (step.method !== undefined && step.method !== 'finite-difference')) return undefined
  return typeof step.order === 'number' ? step.order : 2
}

function paintTriangle(context: CanvasRenderingContext2D, frame: PlotFrame, { left, right, order }: { left: readonly [number, number]; right: readonly [number, number]; order: number }, ink: Ink): void {
  const [x0, y0, x1, y1] = [toPixelX(frame, left[0]), toPixelY(frame, left[1]), toPixelX(frame, right[0]), toPixelY(frame, right[1])]
  context.strokeStyle = ink.secondary
  context.lineWidth = 1.25
  context.lineJoin = 'round'
  context.beginPath()
  context.moveTo(x0, y0)
  context.lineTo(x1, y0)
  context.lineTo(x1, y1)
  context.closePath()
  context.stroke()
  context.font = ink.tickFont
  context.fillStyle = ink.text
  context.textAlign = 'left'
  context.textBaseline = 'middle'
  context.fillText(String(order), x1 + 6, (y0 + y1) / 2)
  context.textAlign = 'center'
  context.textBaseline = 'top'
  context.fillText('1', (x0 + x1) / 2, y0 + 5)
}
