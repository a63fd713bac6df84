import { useEffect, useRef } from 'react'
import { useSize } from '../use-size'
import type { Size } from '../use-size'

/** Finds out how large the picture will be before there is one. */
export function Measure({ onSize }: { readonly onSize: (size: Size) => void }) {
  const place = useRef<HTMLDivElement>(null)
  const size = useSize(place)
  useEffect(() => {
    if (size) onSize(size)
  }, [size, onSize])
  return <div ref={place} className="field-canvas" aria-busy="true" />
}
