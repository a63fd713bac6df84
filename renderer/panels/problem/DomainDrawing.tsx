import { isRound } from '../../../shared/fields/outline'
import type { Corners, Round } from '../../../shared/fields/outline'
import type { Domain } from './shape'
import { hasSides, outlineOf } from './shape'

const width = 132
const height = 100
const margin = 17

/** The planar domain in small: its sides as conditions name them, dashed where periodic, its holes. Nothing where its numbers are not known yet. */
export function DomainDrawing({ domain, parameters }: { readonly domain: Domain; readonly parameters: Readonly<Record<string, number>> }) {
  const outline = outlineOf(domain, parameters)
  if (!outline) return null
  const [x0, x1, y0, y1] = outline.box
  const scale = Math.min((width - 2 * margin) / (x1 - x0), (height - 2 * margin) / (y1 - y0))
  const left = (width - scale * (x1 - x0)) / 2
  const top = (height - scale * (y1 - y0)) / 2
  const place = ([x, y]: readonly [number, number]): [number, number] => [left + scale * (x - x0), top + scale * (y1 - y)]
  const path = (shape: Round | Corners): string => {
    if (!isRound(shape)) return `M${shape.points.map(p => place(p).map(v => v.toFixed(2)).join(' ')).join('L')}Z`
    const [cx, cy] = place(shape.center)
    const r = scale * shape.radius
    return `M${cx - r} ${cy}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`
  }
  const sides = hasSides(domain)
  const [right, bottom] = [left + scale * (x1 - x0), top + scale * (y1 - y0)]
  const edges: readonly [string, string, boolean][] = [
    ['left', `M${left} ${bottom}V${top}`, outline.periodic[0]], ['right', `M${right} ${bottom}V${top}`, outline.periodic[0]],
    ['bottom', `M${left} ${bottom}H${right}`, outline.periodic[1]], ['top', `M${left} ${top}H${right}`, outline.periodic[1]],
  ]
  return (
    <svg className="domain-drawing" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`The domain${outline.holes.length > 0 ? ` with ${outline.holes.length} ${outline.holes.length === 1 ? 'hole' : 'holes'}` : ''}`}>
      <path className={domain.shape === 'mask' ? 'inside masked' : 'inside'} fillRule="evenodd" d={[outline.outer, ...outline.holes].map(path).join('')} />
      {outline.holes.map((hole, i) => (
        <path key={i} className="edge" d={path(hole)} />
      ))}
      {sides ? edges.map(([name, d, periodic]) => <path key={name} className={periodic ? 'edge periodic' : 'edge'} d={d} />) : <path className="edge" d={path(outline.outer)} />}
      {sides && (
        <>
          <text x={left - 4} y={(top + bottom) / 2} transform={`rotate(-90 ${left - 4} ${(top + bottom) / 2})`} textAnchor="middle">{outline.periodic[0] ? 'periodic' : 'left'}</text>
          <text x={right + 4} y={(top + bottom) / 2} transform={`rotate(90 ${right + 4} ${(top + bottom) / 2})`} textAnchor="middle">{outline.periodic[0] ? 'periodic' : 'right'}</text>
          <text x={(left + right) / 2} y={bottom + 10} textAnchor="middle">{outline.periodic[1] ? 'periodic' : 'bottom'}</text>
          <text x={(left + right) / 2} y={top - 4} textAnchor="middle">{outline.periodic[1] ? 'periodic' : 'top'}</text>
        </>
      )}
      {outline.holes.slice(0, 1).map((hole, i) => {
        const [x, y] = place(isRound(hole) ? [hole.center[0] + hole.radius, hole.center[1]] : hole.points.reduce((far, p) => (p[0] > far[0] ? p : far)))
        return <text key={i} x={x + 3} y={y + 3}>{outline.holes.length === 1 ? 'hole' : 'holes'}</text>
      })}
    </svg>
  )
}
