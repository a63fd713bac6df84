import { formatValue } from '../../charts/ticks'
import type { ArrayInfo } from '../../../shared/protocol/contract'
import { bestPlace } from './plane'
import type { Plane } from './plane'

/** The plane in which a field of three coordinates is shown: across which axis, and where. */
export function PlaneBar({ array, plane, onChange }: { readonly array: ArrayInfo; readonly plane: Plane; readonly onChange: (choice: { readonly plane?: string; readonly place?: number }) => void }) {
  const axis = array.axes![plane.across]
  const intervals = Math.max(1, axis.periodic ? axis.nodes : axis.nodes - 1)
  return (
    <div className="plane-bar" role="group" aria-label="Plane">
      <div className="segmented" role="radiogroup" aria-label="Across">
        {array.axes!.map(({ name }, k) => (
          <button key={name} type="button" role="radio" aria-checked={k === plane.across} onClick={() => onChange({ plane: name, place: bestPlace })}>
            {name}
          </button>
        ))}
      </div>
      <input
        type="range" min={0} max={axis.nodes - 1} step={1} value={plane.index} aria-label={`Place of the plane along ${axis.name}`} aria-valuetext={`${axis.name} = ${formatValue(plane.at, 4)}`}
        onChange={event => onChange({ place: Number(event.target.value) / intervals })}
      />
      <output>
        {axis.name} = {formatValue(plane.at, 4)}
      </output>
    </div>
  )
}
