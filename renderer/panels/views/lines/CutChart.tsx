import { useEffect, useMemo, useRef, useState } from 'react'
import type { EngineClient, ResultInfo, Results } from '../../../../shared/protocol/contract'
import type { Ink } from '../../../charts/ink'
import { seriesStyle } from '../../../charts/ink'
import { cutAbscissa } from '../../../charts/line-cut'
import type { Cut } from '../../../charts/line-cut'
import type { Series } from '../../../charts/line-painter'
import type { Plane } from '../plane'
import { pointInSpace } from '../plane'
import type { ArrayName } from '../use-probe'
import { LineChart } from './LineChart'
import type { ChartControl } from './LineChart'

export interface CutChartProps {
  readonly client: EngineClient
  readonly experiment: string
  readonly fields: readonly (ArrayName & { readonly label: string; readonly result: ResultInfo })[]
  /** In the engine's order. */
  readonly cut: Cut
  readonly axes: readonly [string, string]
  readonly symbol: string
  readonly timeIndex: number | undefined
  readonly isSpaceTime: boolean
  /** The plane that the cut lies in, of a field with three axes. */
  readonly plane?: Plane
  readonly ink: Ink
  onCursor?(point: readonly number[] | undefined): void
  /** Without it the chart stays. */
  onClose?(): void
  /** Where the cut lies, in words. */
  readonly caption?: string
}

const samples = 513

/** Values along a line cut, exact from the engine. */
export function CutChart({ client, experiment, fields, cut, axes, symbol, timeIndex, isSpaceTime, plane, ink, onCursor, onClose, caption }: CutChartProps) {
  const [shown, setShown] = useState<{ readonly read: Results['field.cut']; readonly cut: Cut }>()
  const control = useRef<ChartControl>(null)
  const wanted = JSON.stringify([plane?.across ?? null, plane?.index ?? null, fields.map(f => [f.step, f.array, f.component ?? null]), cut, timeIndex])
  const running = useRef(false)
  const [again, setAgain] = useState(0)
  const results = fields.map(f => f.result)
  useEffect(() => {
    // One request at a time: while the line is dragged the latest place wins.
    if (running.current) return
    running.current = true
    const asked = wanted
    client
      .call('field.cut', {
        experiment, refs: fields.map(({ step, array, component }) => ({ step, array, ...(component === undefined ? {} : { component }) })), from: [...pointInSpace(plane, cut.from)], to: [...pointInSpace(plane, cut.to)], samples,
        ...(timeIndex === undefined || isSpaceTime ? {} : { timeIndex }), ...(isSpaceTime ? { spacetime: true } : {}),
      })
      .then(
        read => setShown({ read, cut }),
        () => setShown(undefined),
      )
      .finally(() => {
        running.current = false
        if (asked !== latest.current) setAgain(n => n + 1)
      })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `wanted` stands for fields, cut and time; results by identity
  }, [client, experiment, wanted, again, ...results])
  const latest = useRef(wanted)
  useEffect(() => {
    latest.current = wanted
  }, [wanted])

  const along = cutAbscissa(shown?.cut ?? cut)
  const series = useMemo<readonly Series[]>(() => {
    if (!shown) return []
    const { read, cut: place } = shown
    const total = read.distance[read.distance.length - 1]
    const axis = along === 'second' ? 1 : 0
    // Coordinates are those of the line that was read, not of the one that may have moved on meanwhile.
    const x = along === 'distance' ? read.distance : read.distance.map(d => place.from[axis] + (d / total) * (place.to[axis] - place.from[axis]))
    const turned = (v: Float64Array): Float64Array => (x.length < 2 || x[x.length - 1] >= x[0] ? v : v.slice().reverse())
    return read.values.map((values, k) => ({ id: String(k), label: fields[k]?.label ?? '', x: turned(x), y: turned(values), style: seriesStyle(k, ink) }))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- labels change only with what was read
  }, [shown, along, ink])

  const cursorPoint = (at: number | undefined): void => {
    if (at === undefined) return onCursor?.(undefined)
    const span = along === 'distance' ? Math.hypot(cut.to[0] - cut.from[0], cut.to[1] - cut.from[1]) : along === 'first' ? cut.to[0] - cut.from[0] : cut.to[1] - cut.from[1]
    const start = along === 'distance' ? 0 : along === 'first' ? cut.from[0] : cut.from[1]
    const s = (at - start) / span
    onCursor?.([cut.from[0] + s * (cut.to[0] - cut.from[0]), cut.from[1] + s * (cut.to[1] - cut.from[1])])
  }
  const label = along === 'first' ? axes[0] : along === 'second' ? axes[1] : 'distance along the cut'
  return (
    <LineChart
      series={series}
      xLabel={label}
      yLabel={symbol}
      ink={ink}
      description={`Values of ${symbol} along the cut from (${cut.from.join(', ')}) to (${cut.to.join(', ')})`}
      onCursor={cursorPoint}
      control={control}
      legendEnd={
        <>
          <span className="spread" />
          {caption && <span>{caption}</span>}
          {onClose && (
            <button type="button" className="view-switch" onClick={onClose} title="Close the cut (Esc)">
              close
            </button>
          )}
        </>
      }
    />
  )
}
