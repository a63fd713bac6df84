import { useMemo } from 'react'
import type { ReactNode } from 'react'
import type { EngineClient } from '../../../../shared/protocol/contract'
import { seriesStyle } from '../../../charts/ink'
import type { Ink } from '../../../charts/ink'
import type { Series } from '../../../charts/line-painter'
import { useLiveCurves } from '../live-curves'
import { LineChart } from './LineChart'
import { indexName, listName, spansDecades } from './lists'

/** While a step has no picture yet: what it measures as it runs, residuals over iterations for the most part; `children` before the second point. */
export function RunCurves({ client, experiment, step, ink, isOver = false, children }: { readonly client: EngineClient; readonly experiment: string; readonly step: string; readonly ink: Ink; readonly isOver?: boolean; readonly children?: ReactNode }) {
  const pieces = useLiveCurves(client, experiment, step)
  const series = useMemo<readonly Series[]>(
    () => pieces.filter(piece => piece.x.length > 1).map(({ name, x, values }, k) => ({ id: name, label: listName(name), x, y: values, style: seriesStyle(k, ink), markers: x.length <= 40 })),
    [pieces, ink],
  )
  if (series.length === 0) return <>{children}</>
  return (
    <div className={`run-curves ${isOver ? 'below-words' : ''}`}>
      <LineChart series={series} xLabel={indexName(series[0].id)} yLabel="" yScale={series.every(({ y }) => spansDecades(y)) ? 'log' : 'linear'} ink={ink} mark={isOver ? undefined : 'live'} description={`What ${step} measures while it runs`} />
    </div>
  )
}
