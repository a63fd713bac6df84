import type { Geometry, Point2 } from '../../../problems/geometry'

export type Place = readonly [number, number, number]
export type Source = 'hole' | 'outer' | 'mask'

/** One curve or surface that bounds the domain: where its side of it is, and where a grid line leaves it. */
export interface Shape {
  readonly source: Source
  /** 1 within the domain's side, 0 on the shape itself (within `tolerance`), −1 beyond. */
  side(place: Place, tolerance: number): -1 | 0 | 1
  /** The least distance t > 0 at which place + t direction e_axis meets the shape; Infinity when it does not. */
  crossing(place: Place, axis: number, direction: -1 | 1): number
  /** True when the shape at this place is a piece of a plane normal to the axis. */
  isNormal(place: Place, axis: number, tolerance: number): boolean
}

/** Balls and polygons of a geometry; its mask is not among them. */
export function shapesOf({ outer, holes }: Geometry): Shape[] {
  const shapes: Shape[] = []
  if (outer.kind === 'polygon') shapes.push(polygon(outer.points, 'outer'))
  if (outer.kind === 'ball') shapes.push(ball(outer.center, outer.radius, 'outer'))
  for (const hole of holes) shapes.push(hole.kind === 'ball' ? ball(hole.center, hole.radius, 'hole') : polygon(hole.points, 'hole'))
  return shapes
}

function ball(center: readonly number[], radius: number, source: Source): Shape {
  const sign = source === 'outer' ? 1 : -1
  const offset = (place: Place, axis: number): number => (axis < center.length ? place[axis] - center[axis] : 0)
  const squared = (place: Place): number => {
    const [x, y, z] = [offset(place, 0), offset(place, 1), offset(place, 2)]
    return x * x + y * y + z * z
  }
  return {
    source,
    side(place, tolerance) {
      const distance = (squared(place) - radius * radius) / (2 * radius)
      return Math.abs(distance) <= tolerance ? 0 : (distance < 0 ? sign : -sign) as 1 | -1
    },
    crossing(place, axis, direction) {
      const along = direction * offset(place, axis)
      const c = squared(place) - radius * radius
      // t² + 2 along t + c = 0, without cancellation.
      const discriminant = along * along - c
      if (discriminant < 0) return Infinity
      const q = -(along + (along < 0 ? -1 : 1) * Math.sqrt(discriminant))
      const roots = [q, q === 0 ? 0 : c / q].filter(t => t > 0)
      return roots.length > 0 ? Math.min(...roots) : Infinity
    },
    isNormal: () => false,
  }
}

function polygon(points: readonly Point2[], source: Source): Shape {
  const sign = source === 'outer' ? 1 : -1
  const edges = points.map((from, i) => [from, points[(i + 1) % points.length]] as const)
  const isOn = ([[ax, ay], [bx, by]]: (typeof edges)[number], [x, y]: Place, tolerance: number): boolean => {
    const [ex, ey] = [bx - ax, by - ay]
    const length = Math.sqrt(ex * ex + ey * ey)
    const along = ((x - ax) * ex + (y - ay) * ey) / length
    const across = ((x - ax) * ey - (y - ay) * ex) / length
    return Math.abs(across) <= tolerance && along >= -tolerance && along <= length + tolerance
  }
  return {
    source,
    side(place, tolerance) {
      if (edges.some(edge => isOn(edge, place, tolerance))) return 0
      const [x, y] = place
      let within = false
      for (const [[ax, ay], [bx, by]] of edges) if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) within = !within
      return (within ? sign : -sign) as 1 | -1
    },
    crossing(place, axis, direction) {
      const other = 1 - axis
      let least = Infinity
      for (const [a, b] of edges) {
        const [low, high] = [Math.min(a[other], b[other]), Math.max(a[other], b[other])]
        if (a[other] === b[other] || place[other] < low || place[other] > high) continue
        const t = direction * (a[axis] + ((place[other] - a[other]) / (b[other] - a[other])) * (b[axis] - a[axis]) - place[axis])
        if (t > 0) least = Math.min(least, t)
      }
      return least
    },
    isNormal: (place, axis, tolerance) => edges.some(edge => Math.abs(edge[0][axis] - edge[1][axis]) <= tolerance && isOn(edge, place, tolerance)),
  }
}
