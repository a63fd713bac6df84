import { evaluate } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Geometry } from './geometry'
import type { ParsedStatement } from './parsed'
import { distance, insidePolygon } from './polygons'
import { samplePoints } from './sampling'

/** Whether a point, by the names of its coordinates, lies in the domain. */
export function isInside(geometry: Geometry | undefined, axes: readonly { readonly name: string }[], point: Readonly<Record<string, number>>, libm: Libm): boolean {
  if (!geometry) return true
  const place = axes.map(a => point[a.name])
  const within = (part: Geometry['outer']): boolean => (part.kind === 'box' ? true : part.kind === 'polygon' ? insidePolygon(part.points, place) : distance(part.center, place) <= part.radius)
  if (!within(geometry.outer) || geometry.holes.some(within)) return false
  return !geometry.where || evaluate(geometry.where, point, libm) !== 0
}

/** Points of a coarse grid over the domain; in a cube of many dimensions, two dozen points that share no coordinate. */
export function* domainPoints({ axes, cube, geometry, coordinates }: Pick<ParsedStatement, 'axes' | 'cube' | 'geometry' | 'coordinates'>, perAxis: number, time: number, libm: Libm): Generator<Record<string, number>> {
  if (cube) {
    for (let k = 1; k <= 24; k++) {
      const point: Record<string, number> = { t: time }
      coordinates.forEach((name, i) => {
        const s = k * (0.6180339887498949 + 0.1 * i) + 0.37 * i
        point[name] = cube.lower + (s - Math.floor(s)) * (cube.upper - cube.lower)
      })
      yield point
    }
    return
  }
  for (const point of samplePoints(axes, perAxis, time)) if (isInside(geometry, axes, point, libm)) yield point
}
