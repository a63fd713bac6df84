import { useCallback, useMemo, useRef, useState } from 'react'
import type { ViewProps } from '../../view'
import { useInk } from '../use-ink'
import { useSize } from '../use-size'
import { readOptions } from '../view-options'
import type { ChartControl, LineMode } from './LineChart'

/** What every panel with one line chart holds: its options, size and ink, the chart's control and canvas, and whether dragging zooms or pans. */
export function usePlotPanel<Options extends Readonly<Record<string, unknown>>>(props: ViewProps, defaults: Options) {
  const { setOptions, theme } = props
  const options = useMemo(() => readOptions<Options>(props.options, defaults), [props.options, defaults])
  const change = useCallback((part: Partial<Options>) => setOptions({ ...options, ...part } as never), [options, setOptions])
  const panel = useRef<HTMLDivElement>(null)
  const panelSize = useSize(panel)
  const ink = useInk(theme, panelSize?.unit)
  const control = useRef<ChartControl>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [mode, setMode] = useState<LineMode>('zoom')
  const toggleMode = useCallback((next: LineMode) => setMode(current => (current === 'pan' && next === 'pan' ? 'zoom' : next)), [])
  return { options, change, panel, panelSize, ink, control, canvas, mode, toggleMode }
}
