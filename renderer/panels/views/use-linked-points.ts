import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import { clippedCut } from '../../charts/line-cut'
import type { Cut, Point } from '../../charts/line-cut'
import type { LinkedView } from '../view'
import { engineOrder } from './field-pictures'
import type { ShownField } from './field-pictures'
import { linkedCursorOf } from './linked-cursor'

export interface LinkedPoints {
  /** In the picture's own order. */
  readonly cursor: Point | undefined
  /** False while the pointer is over another view. */
  readonly isOwnCursor: boolean
  readonly probe: Point | undefined
  readonly cut: Cut | undefined
  /** In the engine's order. */
  readonly enginePoints: { readonly cursor: readonly number[] | undefined; readonly probe: readonly number[] | undefined; readonly cut: Cut | undefined }
  setCursor(point: Point | undefined): void
  setEngineCursor(point: readonly number[] | undefined): void
  setProbe(point: Point): void
  setCut(cut: Cut | undefined): void
}

/** Cursor, probe and cut that all views share, in the order of this view's picture. On a space–time picture a probe also chooses the time. */
export function useLinkedPoints(linked: StoreApi<LinkedView>, field: ShownField | undefined, isSpaceTime: boolean): LinkedPoints {
  const [identity] = useState(() => Symbol('view'))
  const cursors = linkedCursorOf(linked)
  const shared = useStore(cursors, state => state)
  const shownProbe = useStore(linked, state => state.probe)
  const cut = useStore(linked, state => state.cut)
  const axes = field ? engineSymbols(field) : ''
  const probe = shownProbe?.axes === axes ? shownProbe.at : undefined
  return useMemo<LinkedPoints>(() => {
    const order = { isSpaceTime }
    const own = (point: readonly number[] | undefined): Point | undefined => (point && point.length >= 2 ? engineOrder(order, [point[0], point[1]]) : undefined)
    const [from, to] = [own(cut?.from), own(cut?.to)]
    const clipped = from && to && field ? clippedCut({ from, to }, field.domain.x, field.domain.y) : undefined
    const at = shared.axes === axes ? shared.at : undefined
    return {
      cursor: own(at),
      isOwnCursor: shared.source === identity,
      probe: own(probe),
      cut: clipped,
      enginePoints: { cursor: at, probe, cut: clipped && { from: engineOrder(order, clipped.from), to: engineOrder(order, clipped.to) } },
      setCursor: point => cursors.setState({ at: point && engineOrder(order, point), axes, source: point ? identity : undefined }),
      setEngineCursor: point => cursors.setState({ at: point, axes, source: undefined }),
      setProbe: point => linked.setState({ probe: { axes, at: engineOrder(order, point) }, ...(isSpaceTime ? { time: point[0], playing: false } : {}) }),
      setCut: next => linked.setState({ cut: next && { from: engineOrder(order, next.from), to: engineOrder(order, next.to) } }),
    }
  }, [linked, cursors, shared, probe, cut, field, isSpaceTime, axes, identity])
}

/** Symbols in the engine's order, joined: a cursor over x and y means nothing over x and t. */
export const engineSymbols = ({ symbols, isSpaceTime }: ShownField): string => (isSpaceTime ? [symbols[1], symbols[0]] : symbols).join()
