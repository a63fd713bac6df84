import { useEffect, useState } from 'react'
import type { ViewWindow } from '../../charts/view-window'
import { sameWindow } from '../../charts/view-window'
import { fieldCacheOf } from './field-cache'
import { regionOf, shownField } from './field-pictures'
import type { ShownField } from './field-pictures'
import type { FieldSource } from './use-field'
import { neededNodes } from './use-field'
import { timeIndexOf } from '../view'

/** Reads the zoomed part anew where the whole picture had to be thinned out: zooming in shows more, down to the nodes. */
export function useDetail({ client, experiment, step, array, linked, component, plane }: FieldSource, whole: ShownField | undefined, window: ViewWindow | undefined, pixels: readonly [number, number] | undefined): ShownField | undefined {
  const [detail, setDetail] = useState<{ readonly whole: ShownField; readonly field: ShownField }>()
  const { result } = step
  useEffect(() => {
    // A plane of three axes is read once, at the size of the panel.
    const region = !plane && whole && window && !sameWindow(window, whole.domain) ? regionOf(array, whole, window) : undefined
    if (!region || !whole || !result || !pixels) return setDetail(undefined)
    let wanted = true
    const timer = setTimeout(() => {
      const size = region.map(([from, to], k) => Math.min(neededNodes(pixels[k]), to - from))
      const timeIndex = array.times ? timeIndexOf(array.times, linked.getState().time) : undefined
      const isWhole = region.map(([from, to], k) => from === 0 && to === array.axes![k].nodes) as [boolean, boolean]
      fieldCacheOf(client).read({ experiment, step: step.id, array: array.name, ...(component === undefined ? {} : { component }), result, region, size, ...(timeIndex === undefined ? {} : { timeIndex }) }).then(
        read => wanted && setDetail({ whole, field: shownField(read, array, isWhole) }),
        () => undefined,
      )
    }, 120)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [client, experiment, step.id, array, result, whole, window, pixels, linked, component, plane])
  // The detail of an earlier time must not lie over a later picture.
  return detail && detail.whole === whole ? detail.field : undefined
}
