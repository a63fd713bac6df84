import { addJets, applyFunction, columnsOfJet, multiplyJets, scaleJet, shiftJet, sqrtFunction, subtractJets, type Jet } from '../taylor'
import type { JetFunction } from './boundary'

type Point = readonly number[]

/** Signed distance to the line through a and b, positive to its left. */
export const distanceToLine = (a: Point, b: Point): JetFunction => x => {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.sqrt(dx * dx + dy * dy)
  return shiftJet(addJets(scaleJet(columnsOfJet(x, 0, 1), -dy / length), scaleJet(columnsOfJet(x, 1, 1), dx / length)), (dy * a[0] - dx * a[1]) / length)
}

const norm = (a: Jet, b: Jet): Jet => applyFunction(sqrtFunction, addJets(multiplyJets(a, a), multiplyJets(b, b)))

/** a ∧ b = a + b − √(a² + b²): positive where both are, like the smaller one near its zeros. Not differentiable where both vanish. Shapiro 1991 (Theory of R-functions and applications, Cornell TR 91-1219). */
export const conjunction = (a: JetFunction, b: JetFunction): JetFunction => x => {
  const [p, q] = [a(x), b(x)]
  return subtractJets(addJets(p, q), norm(p, q))
}

/** a ∨ b = a + b + √(a² + b²). */
export const disjunction = (a: JetFunction, b: JetFunction): JetFunction => x => {
  const [p, q] = [a(x), b(x)]
  return addJets(addJets(p, q), norm(p, q))
}

/**
 * A function that is positive inside a counterclockwise polygon, 0 on its edges and negative outside, with slope 1 across every edge away from corners: half-planes joined by R-functions along the tree of
 * convex hulls and pockets (Peterson 1984, Halfspace representation of extrusions, solids of revolution, and pyramids).
 */
export function distanceInPolygon(given: readonly Point[]): JetFunction {
  const points = given.filter((b, i) => turn(given[(i + given.length - 1) % given.length], b, given[(i + 1) % given.length]) !== 0)
  const n = points.length
  const corners = hullOf(points)
  const chains = corners.map((from, k) => {
    const to = corners[(k + 1) % corners.length]
    return Array.from({ length: ((to - from + n) % n || n) + 1 }, (_, i) => points[(from + i) % n])
  })
  return chains.map(chain => ofChain(chain, conjunction, disjunction)).reduce(conjunction)
}

type Joining = (a: JetFunction, b: JetFunction) => JetFunction

/** An edge, or a pocket: the hull of its chain beyond the lid turns the other way. */
function ofChain(chain: readonly Point[], own: Joining, other: Joining): JetFunction {
  if (chain.length === 2) return distanceToLine(chain[0], chain[1])
  // Seen from outside the pocket is the polygon: run backwards it is counterclockwise.
  const turned = own === conjunction ? [...chain].reverse() : chain
  const corners = hullOf(turned).sort((a, b) => a - b)
  if (corners.length === 2) return chain.slice(1).map((b, i) => distanceToLine(chain[i], b)).reduce(other)
  const pieces = corners.slice(1).map((to, k) => turned.slice(corners[k], to + 1)).map(piece => (own === conjunction ? [...piece].reverse() : piece))
  return pieces.map(piece => ofChain(piece, other, own)).reduce(other)
}

/** Twice the area of the triangle, positive where it runs counterclockwise. */
const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** Indices of the corners of the convex hull, in the order of the points, which run counterclockwise around it. */
function hullOf(points: readonly Point[]): number[] {
  const order = points.map((_, i) => i).sort((i, j) => points[i][0] - points[j][0] || points[i][1] - points[j][1])
  const half = (list: readonly number[]): number[] => {
    const kept: number[] = []
    for (const k of list) {
      while (kept.length >= 2 && turn(points[kept[kept.length - 2]], points[kept[kept.length - 1]], points[k]) <= 0) kept.pop()
      kept.push(k)
    }
    return kept.slice(0, -1)
  }
  const hull = [...half(order), ...half([...order].reverse())]
  const first = hull.indexOf(Math.min(...hull))
  return [...hull.slice(first), ...hull.slice(0, first)]
}

/** Whether no corner turns the other way: then no edge's line enters the polygon. */
export const isConvex = (points: readonly Point[]): boolean => points.every((b, i) => turn(points[(i + points.length - 1) % points.length], b, points[(i + 1) % points.length]) >= 0)
