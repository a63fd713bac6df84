import type { Statement } from '../../../shared/experiment/document'
import { isRound } from '../../../shared/fields/outline'
import type { Corners, DomainOutline, Round } from '../../../shared/fields/outline'
import type { Json } from '../../../shared/json'
import { constantValue } from '../inspector/constant-value'

export type Domain = Statement['domain']
export type Shape = Domain['shape']
export type Hole = NonNullable<Domain['holes']>[number]

/** The shapes of a domain as screens call them. */
export const shapes: readonly { readonly id: Shape; readonly name: string }[] = [
  { id: 'box', name: 'Box' }, { id: 'disk', name: 'Disk' }, { id: 'ball', name: 'Ball' }, { id: 'l-shape', name: 'L-shape' }, { id: 'polygon', name: 'Polygon' }, { id: 'mask', name: 'Where an inequality holds' },
]

/** Coordinates of a domain. */
export const dimensionOf = ({ shape, bounds, dimension }: Domain): number => (shape === 'disk' || shape === 'polygon' || shape === 'l-shape' ? 2 : shape === 'ball' ? 3 : (dimension ?? bounds?.length ?? 1))

/** Sides by name exist where the outer boundary is a box. */
export const hasSides = ({ shape, dimension }: Domain): boolean => (shape === 'box' || shape === 'mask' || shape === undefined) && (dimension === undefined || dimension <= 3)

/** The domain in another shape, around the same place where that makes sense; holes stay in the plane. */
export function reshaped(domain: Domain, shape: Shape): Json {
  const holes: { readonly [key: string]: Json } = domain.holes && dimensionOf(domain) === dimensionOf({ shape, bounds: domain.bounds } as Domain) ? { holes: domain.holes as unknown as Json } : {}
  const bounds = (domain.bounds ?? [[-1, 1], [-1, 1]]) as unknown as Json[]
  const planar = bounds.length === 2 ? bounds : [bounds[0] ?? [-1, 1], bounds[1] ?? [-1, 1]]
  switch (shape) {
    case 'box': return { shape, bounds, ...holes }
    case 'mask': return { shape, bounds: planar, where: 'x^2 + y^2 < 1', ...holes }
    case 'l-shape': return { shape, bounds: planar, ...holes }
    case 'disk': return { shape, center: [0, 0], radius: 1, ...holes }
    case 'ball': return { shape, center: [0, 0, 0], radius: 1 }
    case 'polygon': return { shape, points: domain.points ?? [[0, 0], [1, 0], [1, 1], [0, 1]], ...holes } as Json
  }
}

/** `0, 0; 1, 0; 0, 1` as points; a coordinate may be an expression. */
export function pointsFrom(text: string): (number | string)[][] | undefined {
  const points = text.split(';').map(part => part.trim()).filter(Boolean).map(part => part.split(',').map(c => c.trim()).filter(Boolean))
  if (points.length < 3 || points.some(point => point.length !== 2)) return undefined
  return points.map(point => point.map(c => (Number.isFinite(Number(c)) ? Number(c) : c)))
}
export const pointsText = (points: readonly (readonly (number | string)[])[]): string => points.map(point => point.join(', ')).join('; ')

/** `0.3, 0.3` as so many coordinates. */
export function coordinatesFrom(text: string, count: number): (number | string)[] | undefined {
  const parts = text.split(/[,;]/).map(part => part.trim()).filter(Boolean)
  return parts.length === count ? parts.map(c => (Number.isFinite(Number(c)) ? Number(c) : c)) : undefined
}

/** Outlines of a planar domain in its own coordinates: a polygon or a circle, then the holes. Undefined where a number is not known here, or the domain is not planar. */
export interface Outline extends DomainOutline {
  /** Per axis, drawn dashed. */
  readonly periodic: readonly [boolean, boolean]
}

export function outlineOf(domain: Domain, parameters: Readonly<Record<string, number>>): Outline | undefined {
  const value = (given: number | string): number => (typeof given === 'number' ? given : (parameters[given] ?? constantValue(given) ?? NaN))
  const point = (pair: readonly (number | string)[]): readonly [number, number] => [value(pair[0]), value(pair[1])]
  if (dimensionOf(domain) !== 2) return undefined
  const [[x0, x1], [y0, y1]] = (domain.bounds?.length === 2 ? domain.bounds : [[-1, 1], [-1, 1]]).map(pair => pair.map(value)) as [[number, number], [number, number]]
  const outer = ((): Round | Corners => {
    if (domain.shape === 'disk') return { center: point(domain.center ?? [0, 0]), radius: value(domain.radius ?? 1) }
    if (domain.shape === 'polygon') return { points: (domain.points ?? []).map(point) }
    const [xm, ym] = [(x0 + x1) / 2, (y0 + y1) / 2]
    return { points: domain.shape === 'l-shape' ? [[x0, y0], [xm, y0], [xm, ym], [x1, ym], [x1, y1], [x0, y1]] : [[x0, y0], [x1, y0], [x1, y1], [x0, y1]] }
  })()
  const holes = (domain.holes ?? []).map((hole): Round | Corners => ('disk' in hole ? { center: point(hole.disk.center), radius: value(hole.disk.radius) } : { points: hole.polygon.points.map(point) }))
  const corners = isRound(outer)
    ? [[outer.center[0] - outer.radius, outer.center[1] - outer.radius], [outer.center[0] + outer.radius, outer.center[1] + outer.radius]]
    : outer.points.map(p => [...p])
  const box = [Math.min(...corners.map(c => c[0])), Math.max(...corners.map(c => c[0])), Math.min(...corners.map(c => c[1])), Math.max(...corners.map(c => c[1]))] as const
  const numbers = [...box, ...[outer, ...holes].flatMap(shape => (isRound(shape) ? [...shape.center, shape.radius] : shape.points.flat()))]
  if (!numbers.every(Number.isFinite) || !(box[1] > box[0]) || !(box[3] > box[2])) return undefined
  return { box, outer, holes, periodic: [domain.periodic?.[0] ?? false, domain.periodic?.[1] ?? false] }
}
