import { useLayoutEffect, useState } from 'react'
import type { RefObject } from 'react'

export interface Size {
  /** CSS pixels. */
  readonly width: number
  readonly height: number
  /** Device pixels per CSS pixel. */
  readonly ratio: number
  /** CSS pixels per 1/16 rem: 2 at 200 % text. */
  readonly unit: number
}

/** The size of an element, followed as it changes; undefined until it is on screen. */
export function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>()
  useLayoutEffect(() => {
    const node = element.current
    if (!node) return
    const measure = (): void => {
      const { width, height } = node.getBoundingClientRect()
      if (width < 1 || height < 1) return
      const next = { width: Math.floor(width), height: Math.floor(height), ratio: window.devicePixelRatio || 1, unit: parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1 }
      setSize(before => (before && before.width === next.width && before.height === next.height && before.ratio === next.ratio && before.unit === next.unit ? before : next))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`)
    query.addEventListener('change', measure)
    return () => {
      observer.disconnect()
      query.removeEventListener('change', measure)
    }
  }, [element])
  return size
}

/** A canvas sized to whole device pixels, its context scaled to CSS pixels and cleared. */
export function preparedContext(canvas: HTMLCanvasElement, { width, height, ratio }: Size): CanvasRenderingContext2D {
  const w = Math.round(width * ratio)
  const h = Math.round(height * ratio)
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const context = canvas.getContext('2d')!
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  return context
}
