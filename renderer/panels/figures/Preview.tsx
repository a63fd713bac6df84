import { useEffect, useRef, useState } from 'react'
import type { Rendered } from './use-rendered'

const zooms = [['fit', 'Fit'], ['1', 'True size'], ['2', '200 %']] as const
/** CSS millimetre in pixels. */
const millimetre = 96 / 25.4

/** The page on a neutral desk, in true millimetres; zoom is a matter of the view only. */
export function Preview({ rendered }: { readonly rendered: Rendered }) {
  const [zoom, setZoom] = useState<(typeof zooms)[number][0]>('fit')
  const desk = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<readonly [number, number]>([400, 300])
  useEffect(() => {
    const element = desk.current
    if (!element) return
    const observer = new ResizeObserver(() => setRoom([element.clientWidth - 48, element.clientHeight - 48]))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const { widthMm, heightMm, address } = rendered
  const fit = widthMm > 0 ? Math.min(room[0] / (widthMm * millimetre), room[1] / (heightMm * millimetre), 2) : 1
  const scale = zoom === 'fit' ? fit : Number(zoom)
  return (
    <div className="preview">
      <div className="preview-head">
        <span className="secondary">
          {[widthMm > 0 && `${Number(widthMm.toFixed(1))} × ${Number(heightMm.toFixed(1))} mm`, rendered.pending && 'drawing…'].filter(Boolean).join(' · ')}
        </span>
        <div className="words" role="radiogroup" aria-label="Zoom">
          {zooms.map(([id, label]) => (
            <button key={id} type="button" role="radio" aria-checked={zoom === id} className="word" onClick={() => setZoom(id)}>
              {label}
            </button>
          ))}
        </div>
      </div>
      <div className="desk" ref={desk} tabIndex={0} role="group" aria-label="Preview of the figure">
        {address && <img className="page" src={address} alt="The figure as it will be exported" style={{ width: `${widthMm * millimetre * scale}px`, height: `${heightMm * millimetre * scale}px` }} />}
        {!address && rendered.pending && <span className="dot running" aria-hidden />}
        {!address && !rendered.pending && <p className="secondary">{rendered.failed ? 'The figure cannot be drawn.' : 'No figure yet.'}</p>}
      </div>
    </div>
  )
}
