import { useRef } from 'react'

interface Properties {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  /** The panel is on the right: it grows to the left. */
  readonly reversed?: boolean
  readonly onChange: (value: number) => void
}

/** A hairline between panels that can be dragged, or moved with the arrow keys. */
export function Splitter({ label, value, least, most, reversed = false, onChange }: Properties) {
  const start = useRef<{ readonly x: number; readonly value: number }>(undefined)
  const sign = reversed ? -1 : 1
  const set = (next: number): void => onChange(Math.round(Math.min(most, Math.max(least, next))))
  return (
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, value }
      }}
      onPointerMove={event => {
        // Widths are in units of the text size, so a drag is too.
        const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
        if (start.current) set(start.current.value + (sign * (event.clientX - start.current.x)) / unit)
      }}
      onPointerUp={() => {
        start.current = undefined
      }}
      onKeyDown={event => {
        const step = event.key === 'ArrowRight' ? 16 : event.key === 'ArrowLeft' ? -16 : 0
        if (step === 0) return
        event.preventDefault()
        set(value + sign * step)
      }}
    />
  )
}
