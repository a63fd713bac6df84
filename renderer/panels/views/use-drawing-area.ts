import { useEffect, useLayoutEffect, useRef } from 'react'
import type { Ref, RefObject } from 'react'
import { useSize } from './use-size'
import type { Size } from './use-size'

export interface DrawingArea {
  readonly container: RefObject<HTMLDivElement | null>
  readonly size: Size | undefined
  /** Where a pointer is, in CSS pixels of the container. */
  pixelOf(event: { readonly clientX: number; readonly clientY: number }): readonly [number, number]
}

/** A turn of the wheel: `factor` > 1 zooms in; `continues` when it follows the last one at once. Returns false where the page may scroll. */
export interface WheelTurn { readonly pixel: readonly [number, number]; readonly factor: number; readonly continues: boolean; readonly isShifted: boolean }

/** What every drawing on canvas has: its element and size, the place of a pointer in it, and a wheel that zooms instead of scrolling the page. */
export function useDrawingArea(onWheel: (turn: WheelTurn) => boolean, onSize?: (size: Size) => void): DrawingArea {
  const container = useRef<HTMLDivElement>(null)
  const size = useSize(container)
  const latest = useRef(onWheel)
  useLayoutEffect(() => {
    latest.current = onWheel
  })
  useEffect(() => {
    if (size) onSize?.(size)
  }, [size, onSize])

  const pixelOf = useRef((event: { readonly clientX: number; readonly clientY: number }): readonly [number, number] => {
    const bounds = container.current!.getBoundingClientRect()
    return [event.clientX - bounds.left, event.clientY - bounds.top]
  }).current

  // React attaches wheel listeners as passive ones; a page that scrolls under the picture would be wrong.
  useEffect(() => {
    const node = container.current!
    let before = -Infinity
    const wheel = (event: WheelEvent): void => {
      const delta = event.deltaMode === 1 ? event.deltaY * 30 : event.deltaY
      const factor = Math.exp(-Math.max(-120, Math.min(120, delta)) * 0.002)
      if (!latest.current({ pixel: pixelOf(event), factor, continues: event.timeStamp - before < 500, isShifted: event.shiftKey })) return
      event.preventDefault()
      before = event.timeStamp
    }
    node.addEventListener('wheel', wheel, { passive: false })
    return () => node.removeEventListener('wheel', wheel)
  }, [pixelOf])
  return { container, size, pixelOf }
}

/** Hands a value to whoever asked for it by a ref of either kind. */
export function assignRef<T>(target: Ref<T> | undefined, value: T | null): void {
  if (typeof target === 'function') target(value)
  else if (target) target.current = value
}
