import type { Expression } from '../expressions/ast'
import { evaluate } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Geometry, Hole, Point2 } from './geometry'
import type { ParsedStatement, SideName } from './parsed'
import { sideAxis, sideEnd, sideName } from './parsed'

export type Point = Record<string, number>

/** A point of the boundary: the sides of the (bounding) box it lies on, and whether a hole or a mask's cut makes it boundary. */
export interface BoundaryPoint {
  readonly at: Point
  readonly sides: readonly SideName[]
  readonly inner: boolean
  /** Outward unit normal where the part is a side, an edge or a sphere. */
  readonly normal?: readonly number[]
}

/** Sample points of one bounded side of a box, `perAxis` in each direction, as far as they belong to the domain. */
export function* sidePoints(statement: ParsedStatement, side: SideName, perAxis: number, libm: Libm): Generator<BoundaryPoint> {
  const { axes, time, geometry } = statement
  const fixedAxis = sideAxis(side)
  const fixed = axes[fixedAxis]
  const free = axes.map((_, i) => i).filter(i => i !== fixedAxis)
  for (let k = 0; k < perAxis ** free.length; k++) {
    const at: Point = { t: time?.[0] ?? 0, [fixed.name]: sideEnd(side) === 'lower' ? fixed.lower : fixed.upper }
    let rest = k
    for (const i of free) {
      const { name, lower, upper } = axes[i]
      at[name] = lower + ((upper - lower) * (rest % perAxis)) / (perAxis - 1)
      rest = Math.floor(rest / perAxis)
    }
    if (geometry?.where && evaluate(geometry.where, at, libm) === 0) continue
    yield { at, sides: [side], inner: false, normal: axes.map((_, i) => (i === fixedAxis ? (sideEnd(side) === 'lower' ? -1 : 1) : 0)) }
  }
}

/** Sample points of everything that is no side of a box: polygons, circles, spheres, holes, and what a mask cuts. */
export function* innerPoints(statement: ParsedStatement, libm: Libm): Generator<BoundaryPoint> {
  const { geometry, axes } = statement
  if (!geometry) return
  const parts: [Geometry['outer'] | Hole, boolean][] = [[geometry.outer, false], ...geometry.holes.map(hole => [hole, true] as [Hole, boolean])]
  for (const [part, inner] of parts) {
    if (part.kind === 'box') continue
    const turn = inner ? -1 : 1
    const points = part.kind === 'polygon' ? edgePoints(part.points, axes.length) : spherePoints(part.center, part.radius, libm)
    for (const { point, normal } of points) {
      const at: Point = { t: statement.time?.[0] ?? 0 }
      axes.forEach((axis, i) => { at[axis.name] = point[i] })
      const sides = inner ? [] : axes.flatMap((axis, i) => (['lower', 'upper'] as const).filter(end => Math.abs(point[i] - axis[end]) <= 1e-12 * (axis.upper - axis.lower) && normal[i] * (end === 'lower' ? -1 : 1) > 0.999).map(end => sideName(i, end)))
      yield { at, sides, inner, normal: normal.map(n => turn * n) }
    }
  }
  if (geometry.where) yield* cutPoints(statement, geometry.where, libm)
}

function* edgePoints(points: readonly Point2[], dimension: number): Generator<{ point: number[]; normal: number[] }> {
  const perEdge = dimension > 2 ? 0 : points.length > 64 ? 4 : 32
  for (const [i, [ax, ay]] of points.entries()) {
    const [bx, by] = points[(i + 1) % points.length]
    const length = Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay))
    // Between the corners, where two edges with different conditions may meet.
    for (let k = 0; k < perEdge; k++) {
      const s = (k + 0.5) / perEdge
      yield { point: [ax + s * (bx - ax), ay + s * (by - ay)], normal: [(by - ay) / length, (ax - bx) / length] }
    }
  }
}

/** Evenly on the circle; by the golden angle on the sphere. */
function* spherePoints(center: readonly number[], radius: number, libm: Libm): Generator<{ point: number[]; normal: number[] }> {
  const count = center.length === 2 ? 128 : 400
  for (let k = 0; k < count; k++) {
    const z = center.length === 2 ? 0 : 1 - (2 * k + 1) / count
    const angle = center.length === 2 ? (2 * Math.PI * (k + 0.5)) / count : 2.399963229728653 * k
    const ring = Math.sqrt(1 - z * z)
    const normal = [ring * libm.cos(angle), ring * libm.sin(angle), z].slice(0, center.length)
    yield { point: center.map((c, i) => c + radius * normal[i]), normal }
  }
}

/** Where the inequality changes along grid lines of the box, by bisection. */
function* cutPoints(statement: ParsedStatement, where: Expression, libm: Libm): Generator<BoundaryPoint> {
  const { axes, time } = statement
  const perAxis = axes.length === 3 ? 13 : axes.length === 2 ? 41 : 401
  const inside = (at: Point): boolean => evaluate(where, at, libm) !== 0
  for (const [along, axis] of axes.entries()) {
    const others = axes.filter((_, i) => i !== along)
    for (let k = 0; k < perAxis ** others.length; k++) {
      const base: Point = { t: time?.[0] ?? 0 }
      let rest = k
      for (const other of others) {
        base[other.name] = other.lower + ((other.upper - other.lower) * ((rest % perAxis) + 0.5)) / perAxis
        rest = Math.floor(rest / perAxis)
      }
      const place = (s: number): Point => ({ ...base, [axis.name]: axis.lower + s * (axis.upper - axis.lower) })
      let before = inside(place(0))
      for (let i = 1; i <= perAxis; i++) {
        const now = inside(place(i / perAxis))
        if (now !== before) {
          let [a, b] = [(i - 1) / perAxis, i / perAxis]
          for (let step = 0; step < 30; step++) {
            const middle = 0.5 * (a + b)
            if (inside(place(middle)) === before) a = middle
            else b = middle
          }
          yield { at: place(0.5 * (a + b)), sides: [], inner: true }
        }
        before = now
      }
    }
  }
}
