import { useSpelled } from '../problem/spelled'
import { TextField } from '../problem/TextField'
import { endsOf, rangeFrom, type AxisSource } from './import-choices'

interface Properties {
  readonly axis: string
  readonly source: string
  readonly sources: readonly AxisSource[]
  readonly onChange: (source: string) => void
}

/** Where one axis of an imported field comes from: an array of the file, equally spaced nodes, or nowhere. */
export function AxisChoice({ axis, source, sources, onChange }: Properties) {
  const problem = useSpelled()?.problem
  const statement = problem && !('catalogue' in problem) ? problem : undefined
  const [lower, upper] = (axis === 't' ? statement?.time : statement?.domain.bounds?.['xyz'.indexOf(axis)]) ?? [0, 1]
  const ends = endsOf(source)
  const listed = sources.some(item => item.value === source)
  return (
    <div className="axis-choice">
      <label>
        <span className="symbol">{axis}</span>
        <select className="select" value={ends ? 'equal' : source} onChange={event => onChange(event.target.value === 'equal' ? rangeFrom(String(lower), String(upper)) : event.target.value)}>
          <option value="">not an axis</option>
          {source !== '' && !ends && !listed && <option value={source}>{source}</option>}
          {sources.map(item => (
            <option key={item.value} value={item.value}>
              {item.label}
            </option>
          ))}
          <option value="equal">equally spaced</option>
        </select>
      </label>
      {ends && (
        <div className="interval">
          <TextField label={`First ${axis}`} value={ends[0]} onCommit={text => onChange(rangeFrom(text, ends[1]))} />
          <span className="secondary">to</span>
          <TextField label={`Last ${axis}`} value={ends[1]} onCommit={text => onChange(rangeFrom(ends[0], text))} />
        </div>
      )}
    </div>
  )
}
