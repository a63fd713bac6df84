import { useEffect, useState } from 'react'
import type { ComponentChoice } from '../../../shared/fields/components'
import type { EngineClient, ResultInfo } from '../../../shared/protocol/contract'

export interface ArrayName { readonly step: string; readonly array: string; readonly component?: ComponentChoice }

export interface ProbeRequest {
  readonly client: EngineClient
  readonly experiment: string
  readonly refs: readonly ArrayName[]
  /** Values of an older result are dropped. */
  readonly result: ResultInfo | undefined
  /** In the engine's order; for a space–time picture (x, t). */
  readonly point: readonly number[] | undefined
  readonly timeIndex: number
  readonly times: readonly number[]
  readonly isSpaceTime: boolean
}

/** Exact values at a point, one per array; between output times of a space–time picture linear in t. */
export async function probe({ client, experiment, refs, point, timeIndex, times, isSpaceTime }: ProbeRequest): Promise<readonly number[]> {
  const at = (index: number | undefined, place: readonly number[]): Promise<readonly number[]> =>
    client.call('field.probe', { experiment, refs: refs.map(ref => ({ ...ref })), point: [...place], ...(index === undefined ? {} : { timeIndex: index }) })
  if (!isSpaceTime) return at(times.length > 0 ? timeIndex : undefined, point!)
  const [x, t] = point!
  const above = Math.min(times.length - 1, Math.max(1, times.findIndex(time => time >= t)))
  const weight = (t - times[above - 1]) / (times[above] - times[above - 1])
  const [before, after] = await Promise.all([at(above - 1, [x]), at(above, [x])])
  return before.map((v, k) => (weight <= 0 ? v : weight >= 1 ? after[k] : v + weight * (after[k] - v)))
}

/** `probe` after the point has rested for `rest` milliseconds; undefined until then. */
export function useProbe(request: ProbeRequest, rest = 0): readonly number[] | undefined {
  const [values, setValues] = useState<{ key: string; values: readonly number[] }>()
  const { client, experiment, result, isSpaceTime } = request
  const key = JSON.stringify([request.refs, request.point, request.timeIndex, isSpaceTime])
  useEffect(() => {
    if (!result || !request.point) return setValues(undefined)
    let wanted = true
    const timer = setTimeout(() => {
      probe(request).then(
        read => wanted && setValues({ key, values: read }),
        () => wanted && setValues(undefined),
      )
    }, rest)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `key` stands for the point, the arrays and the time
  }, [client, experiment, result, key, rest])
  return values?.key === key ? values.values : undefined
}
