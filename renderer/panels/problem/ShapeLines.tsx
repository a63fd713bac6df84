import { useApp } from '../../app/app'
import { replaceEdit, type Edit, type Path } from '../../app/patches'
import type { Json } from '../../../shared/json'
import { ExpressionField } from './ExpressionField'
import { RemoveButton } from './Section'
import { coordinatesFrom, dimensionOf, pointsFrom, pointsText, reshaped, shapes } from './shape'
import type { Domain, Hole, Shape } from './shape'
import { editProblem } from './spelled'
import { coordinateNames } from './statement'
import { scalarFrom, TextField } from './TextField'

type Scalar = number | string

/** The lines that give a domain its shape: the outer one and its holes. */
export function ShapeLines({ domain }: { readonly domain: Domain }) {
  const app = useApp()
  const dimension = dimensionOf(domain)
  const set = (path: Path, value: Json | undefined): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'domain', ...path], value))
  const shape = domain.shape ?? 'box'
  return (
    <>
      <div className="line" data-path="problem.domain">
        <label className="line-name" htmlFor="domain-shape">
          Shape
        </label>
        <select id="domain-shape" className="select" value={shape} onChange={event => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'domain'], reshaped(domain, event.target.value as Shape)))}>
          {shapes.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      {(shape === 'box' || shape === 'mask' || shape === 'l-shape') && <Bounds domain={domain} set={set} />}
      {(shape === 'disk' || shape === 'ball') && (
        <>
          <PointLine name="Centre" label="Centre of the domain" path="problem.domain.center" value={domain.center ?? coordinateNames.slice(0, dimension).map(() => 0)} count={dimension} onCommit={value => set(['center'], value)} />
          <div className="line" data-path="problem.domain.radius">
            <span className="line-name">Radius</span>
            <div className="interval">
              <TextField label="Radius of the domain" value={String(domain.radius ?? 1)} onCommit={text => set(['radius'], scalarFrom(text))} />
            </div>
          </div>
        </>
      )}
      {shape === 'polygon' && <CornerLine label="Corners of the polygon" path="problem.domain.points" points={domain.points ?? []} onCommit={value => set(['points'], value)} />}
      {shape === 'mask' && (
        <div className="line wide">
          <span className="line-name">Where</span>
          <ExpressionField path={['problem', 'domain', 'where']} kind="condition" label="Inequality of the domain" hint="x^2 + y^2 < 1" />
        </div>
      )}
      {dimension > 1 && <Holes domain={domain} dimension={dimension} />}
    </>
  )
}

function Bounds({ domain, set }: { readonly domain: Domain; readonly set: (path: Path, value: Json | undefined) => void }) {
  const app = useApp()
  const bounds = domain.bounds ?? (domain.shape === 'l-shape' ? [[-1, 1], [-1, 1]] : [])
  const canBePeriodic = domain.shape !== 'l-shape'
  const setAxes = (count: number): void => {
    editProblem(app, spelled => {
      const grown = Array.from({ length: count }, (_, i) => bounds[i] ?? [0, 1])
      const edits: Edit[] = [replaceEdit(spelled, ['problem', 'domain', 'bounds'], grown as unknown as Json)]
      if (domain.periodic) edits.push(replaceEdit(spelled, ['problem', 'domain', 'periodic'], Array.from({ length: count }, (_, i) => domain.periodic?.[i] ?? false)))
      if (domain.holes && count === 1) edits.push(replaceEdit(spelled, ['problem', 'domain', 'holes'], undefined))
      return edits
    })
  }
  const setEnd = (axis: number, end: 0 | 1, text: string): void => set(['bounds'], bounds.map((pair, i) => (i === axis ? (end === 0 ? [scalarFrom(text), pair[1]] : [pair[0], scalarFrom(text)]) : pair)) as unknown as Json)
  const setPeriodic = (axis: number, periodic: boolean): void => set(['periodic'], bounds.map((_, i) => (i === axis ? periodic : (domain.periodic?.[i] ?? false))))
  return (
    <>
      {domain.shape !== 'l-shape' && (
        <div className="line">
          <span className="line-name" id="axes-label">
            Axes
          </span>
          <div className="segmented narrow" role="radiogroup" aria-labelledby="axes-label">
            {[1, 2, 3].map(count => (
              <button key={count} type="button" role="radio" aria-checked={bounds.length === count} onClick={() => setAxes(count)}>
                {count}-D
              </button>
            ))}
          </div>
        </div>
      )}
      {bounds.map((bound, i) => (
        <div className="line" key={i} data-path={`problem.domain.bounds[${i}]`}>
          <span className="line-name symbol">{coordinateNames[i]}</span>
          <div className="interval">
            <TextField label={`Lower end of ${coordinateNames[i]}`} value={String(bound[0])} onCommit={text => setEnd(i, 0, text)} />
            <span className="secondary">to</span>
            <TextField label={`Upper end of ${coordinateNames[i]}`} value={String(bound[1])} onCommit={text => setEnd(i, 1, text)} />
            {canBePeriodic && (
              <label className="inline">
                <input type="checkbox" className="check" checked={domain.periodic?.[i] ?? false} onChange={event => setPeriodic(i, event.target.checked)} />
                periodic
              </label>
            )}
          </div>
        </div>
      ))}
    </>
  )
}

function Holes({ domain, dimension }: { readonly domain: Domain; readonly dimension: number }) {
  const app = useApp()
  const holes = domain.holes ?? []
  const set = (next: readonly Hole[]): void => editProblem(app, spelled => replaceEdit(spelled, ['problem', 'domain', 'holes'], next.length > 0 ? (next as unknown as Json) : undefined))
  const change = (i: number, hole: Hole): void => set(holes.map((other, k) => (k === i ? hole : other)))
  const round: Hole = { disk: { center: Array.from({ length: dimension }, () => 0.5), radius: 0.1 } }
  return (
    <>
      {holes.map((hole, i) => (
        <div className="line" key={i} data-path={`problem.domain.holes[${i}]`}>
          <span className="line-name">Hole {i + 1}</span>
          {'disk' in hole ? (
            <div className="interval wide">
              <TextField
                label={`Centre of hole ${i + 1}`} value={hole.disk.center.join(', ')} fault={text => (coordinatesFrom(text, dimension) ? undefined : `Give ${dimension} coordinates, with commas.`)}
                onCommit={text => change(i, { disk: { ...hole.disk, center: coordinatesFrom(text, dimension)! } })}
              />
              <span className="secondary">radius</span>
              <TextField label={`Radius of hole ${i + 1}`} value={String(hole.disk.radius)} onCommit={text => change(i, { disk: { ...hole.disk, radius: scalarFrom(text) } })} />
            </div>
          ) : (
            <TextField
              label={`Corners of hole ${i + 1}`} value={pointsText(hole.polygon.points)} fault={text => (pointsFrom(text) ? undefined : cornersHelp)}
              onCommit={text => change(i, { polygon: { points: pointsFrom(text) as [Scalar, Scalar][] } })}
            />
          )}
          <RemoveButton label={`Remove hole ${i + 1}`} onClick={() => set(holes.filter((_, k) => k !== i))} />
        </div>
      ))}
      <div className="line">
        <span className="line-name">{holes.length === 0 ? 'Holes' : ''}</span>
        <button type="button" className="button quiet" onClick={() => set([...holes, round])}>
          Add {dimension === 2 ? 'a round hole' : 'a ball'}
        </button>
        {dimension === 2 && (
          <button type="button" className="button quiet" onClick={() => set([...holes, { polygon: { points: [[0.4, 0.4], [0.6, 0.4], [0.5, 0.6]] } }])}>
            Add a polygon
          </button>
        )}
      </div>
    </>
  )
}

const cornersHelp = 'Give at least three points, as in 0, 0; 1, 0; 0, 1.'

function CornerLine({ label, path, points, onCommit }: { readonly label: string; readonly path: string; readonly points: readonly (readonly Scalar[])[]; readonly onCommit: (value: Json) => void }) {
  return (
    <div className="line" data-path={path}>
      <span className="line-name">Corners</span>
      <TextField label={label} value={pointsText(points)} fault={text => (pointsFrom(text) ? undefined : cornersHelp)} onCommit={text => onCommit(pointsFrom(text) as unknown as Json)} />
    </div>
  )
}

function PointLine({ name, label, path, value, count, onCommit }: { readonly name: string; readonly label: string; readonly path: string; readonly value: readonly Scalar[]; readonly count: number; readonly onCommit: (value: Json) => void }) {
  return (
    <div className="line" data-path={path}>
      <span className="line-name">{name}</span>
      <div className="interval">
        <TextField label={label} value={value.join(', ')} fault={text => (coordinatesFrom(text, count) ? undefined : `Give ${count} coordinates, with commas.`)} onCommit={text => onCommit(coordinatesFrom(text, count) as unknown as Json)} />
      </div>
    </div>
  )
}
