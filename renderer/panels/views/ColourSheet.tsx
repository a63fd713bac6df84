import { useEffect, useId, useRef, useState } from 'react'
import { colourMaps, colourTable } from '../../charts/colour-maps'
import type { ColourMap } from '../../charts/colour-maps'
import { transforms } from '../../charts/value-scale'
import type { Colouring, ColourOptions } from './view-options'

const transformNames = { linear: 'linear', log: 'log', symlog: 'sym. log' } as const
const rangeNames = { all: 'all times', time: 'this time', typed: 'typed' } as const

/** Colour map, scale and range of a view. */
export function ColourSheet({ colours, colouring, hasTimes, onChange }: { readonly colours: ColourOptions; readonly colouring: Colouring; readonly hasTimes: boolean; readonly onChange: (change: Partial<ColourOptions>) => void }) {
  const { scale } = colouring
  const ranges = (hasTimes ? ['all', 'time', 'typed'] : ['all', 'typed']) as readonly (keyof typeof rangeNames)[]
  return (
    <>
      <div className="colour-map-choice" role="radiogroup" aria-label="Colour map">
        {colourMaps.map(map => (
          <button key={map.id} type="button" role="radio" aria-checked={colouring.map.id === map.id} onClick={() => onChange({ map: map.id })}>
            {map.name}
            <Swatch map={map} />
          </button>
        ))}
      </div>
      <hr />
      <div className="row">
        <span className="label">Scale</span>
        <div className="segmented" role="radiogroup" aria-label="Colour scale">
          {transforms.map(id => (
            <button key={id} type="button" role="radio" aria-checked={scale.transform === id} onClick={() => onChange({ transform: id })}>
              {transformNames[id]}
            </button>
          ))}
        </div>
      </div>
      <div className="row">
        <span className="label">Range</span>
        <div className="segmented" role="radiogroup" aria-label="Colour range">
          {ranges.map(id => (
            <button key={id} type="button" role="radio" aria-checked={colours.range === id} onClick={() => onChange(id === 'typed' ? { range: id, lower: scale.lower, upper: scale.upper } : { range: id })}>
              {hasTimes || id === 'typed' ? rangeNames[id] : 'auto'}
            </button>
          ))}
        </div>
      </div>
      <div className="row">
        <span className="label">From, to</span>
        <div className="pair">
          <NumberInput label="Lower end of the colour range" value={scale.lower} onCommit={lower => onChange({ range: 'typed', lower, upper: scale.upper })} />
          <NumberInput label="Upper end of the colour range" value={scale.upper} onCommit={upper => onChange({ range: 'typed', lower: scale.lower, upper })} />
        </div>
      </div>
    </>
  )
}

function Swatch({ map }: { readonly map: ColourMap }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { entries, size } = colourTable(map)
    canvas.current!.getContext('2d')!.putImageData(new ImageData(new Uint8ClampedArray(entries), size, 1), 0, 0)
  }, [map])
  return <canvas ref={canvas} width={256} height={1} aria-hidden />
}

/** A number: Tab and Enter commit, Esc reverts; what is no number is refused. */
export function NumberInput({ label, value, onCommit }: { readonly label: string; readonly value: number; readonly onCommit: (value: number) => void }) {
  const [text, setText] = useState<string>()
  const id = useId()
  const parsed = text === undefined ? value : Number(text.replace('−', '-').replace(',', '.'))
  const invalid = text !== undefined && (text.trim() === '' || !Number.isFinite(parsed))
  const commit = (): void => {
    if (text !== undefined && !invalid) onCommit(parsed)
    setText(undefined)
  }
  return (
    <input
      id={id}
      className="input"
      type="text"
      inputMode="decimal"
      aria-label={label}
      aria-invalid={invalid}
      value={text ?? plain(value)}
      onChange={event => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={event => {
        event.stopPropagation()
        if (event.key === 'Enter') commit()
        if (event.key === 'Escape' && text !== undefined) {
          event.preventDefault()
          setText(undefined)
        }
      }}
    />
  )
}

/** As typed on a keyboard: 1e-3, not 10⁻³. */
const plain = (value: number): string => String(Number(value.toPrecision(4)))
