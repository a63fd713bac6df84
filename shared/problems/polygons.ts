import type { Hole, Point2 } from './geometry'

/** Plane geometry of polygons and discs, exact enough for statements typed by hand. Polygons are closed implicitly. */

/** Twice the signed area is Σ (xᵢ yᵢ₊₁ − xᵢ₊₁ yᵢ); positive when the points run counterclockwise. */
export function signedArea(points: readonly Point2[]): number {
  return 0.5 * points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length]
    return sum + x * nextY - nextX * y
  }, 0)
}

export const counterclockwise = (points: readonly Point2[]): readonly Point2[] => (signedArea(points) < 0 ? [...points].reverse() : points)

/** Two edges that meet where they should not, as indices of their first points. */
export function selfIntersection(points: readonly Point2[]): readonly [number, number] | undefined {
  const n = points.length
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const neighbours = j === i + 1 || (i === 0 && j === n - 1)
      const [a, b, c, d] = [points[i], points[(i + 1) % n], points[j], points[(j + 1) % n]]
      if (neighbours) {
        // Neighbours share a point; they must not fold back onto each other.
        const [shared, first, second] = j === i + 1 ? [b, a, d] : [a, b, c]
        if (cross(shared, first, second) === 0 && dot(shared, first, second) > 0) return [i, j]
      } else if (segmentsMeet(a, b, c, d)) return [i, j]
    }
  }
  return undefined
}

const cross = (o: Point2, a: Point2, b: Point2): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])
const dot = (o: Point2, a: Point2, b: Point2): number => (a[0] - o[0]) * (b[0] - o[0]) + (a[1] - o[1]) * (b[1] - o[1])

function segmentsMeet(a: Point2, b: Point2, c: Point2, d: Point2): boolean {
  const [p, q, r, s] = [cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)]
  if (((p > 0 && q < 0) || (p < 0 && q > 0)) && ((r > 0 && s < 0) || (r < 0 && s > 0))) return true
  const within = (o: Point2, e: Point2, x: Point2): boolean => Math.min(o[0], e[0]) <= x[0] && x[0] <= Math.max(o[0], e[0]) && Math.min(o[1], e[1]) <= x[1] && x[1] <= Math.max(o[1], e[1])
  return (p === 0 && within(a, b, c)) || (q === 0 && within(a, b, d)) || (r === 0 && within(c, d, a)) || (s === 0 && within(c, d, b))
}

/** Whether a point lies inside by the crossing number; on the edge itself either answer may come. */
export function insidePolygon(points: readonly Point2[], [x, y]: readonly number[]): boolean {
  let inside = false
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  })
  return inside
}

export function distanceToPolygon(points: readonly Point2[], [x, y]: readonly number[]): number {
  let least = Infinity
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length]
    const [dx, dy] = [bx - ax, by - ay]
    const s = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
    least = Math.min(least, distance([x, y], [ax + s * dx, ay + s * dy]))
  })
  return least
}

export const distance = (a: readonly number[], b: readonly number[]): number => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) * (value - b[i]), 0))

const edgesCross = (a: readonly Point2[], b: readonly Point2[]): boolean =>
  a.some((p, i) => b.some((q, j) => segmentsMeet(p, a[(i + 1) % a.length], q, b[(j + 1) % b.length])))

/** Whether a hole lies wholly inside a polygon and does not touch it. */
export function insideOf(outer: readonly Point2[], hole: Hole): boolean {
  if (hole.kind === 'ball') return insidePolygon(outer, hole.center) && distanceToPolygon(outer, hole.center) > hole.radius
  return hole.points.every(p => insidePolygon(outer, p)) && !edgesCross(outer, hole.points)
}

/** Whether two holes have a point in common. */
export function holesMeet(a: Hole, b: Hole): boolean {
  if (a.kind === 'ball' && b.kind === 'ball') return distance(a.center, b.center) <= a.radius + b.radius
  if (a.kind === 'ball') return holesMeet(b, a)
  if (b.kind === 'ball') return insidePolygon(a.points, b.center) || distanceToPolygon(a.points, b.center) <= b.radius
  return edgesCross(a.points, b.points) || insidePolygon(a.points, b.points[0]) || insidePolygon(b.points, a.points[0])
}
