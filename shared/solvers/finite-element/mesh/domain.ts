import type { Libm } from '../../../expressions/libm'
import { error, type Fault } from '../../../fault'
import type { AnalysedProblem } from '../../../problems/analysed'
import type { Geometry, Point2 } from '../../../problems/geometry'
import { boxMesh, insidePolygon, latticePolygonMesh } from './box'
import type { BoundaryLoop } from './delaunay-refinement'
import { delaunayMesh } from './delaunay-refinement'
import type { BoundaryCurve, DomainMesh } from './domain-mesh'
import { ballMesh, diskMesh } from './round'

/** Points on a circle at least, so that a small hole in a coarse mesh is still round. */
const fewestOnCircle = 24

/** Faults of domains that no mesh is made of here. */
export function checkDomain({ axes, geometry, cube }: AnalysedProblem): Fault[] {
  const where = { path: 'problem.domain' }
  const refuse = (what: string, tip: string): Fault[] => [error('method-domain', what, { where, tip })]
  if (cube || axes.length === 0) return refuse(`Finite elements mesh domains of one to three dimensions, not of ${cube?.dimension ?? 'more'}.`, 'Use a neural solver.')
  if (!geometry) return []
  if (geometry.where) return refuse('Finite elements take no domain that is cut out by an inequality.', 'Describe it as a polygon, a disk or a box with holes, or use finite differences.')
  if (axes.length === 3 && geometry.holes.length > 0) return refuse('Finite elements mesh holes in two dimensions only.', 'Use finite differences in three dimensions.')
  if (geometry.holes.length > 0 && axes.some(a => a.periodic)) return refuse('Finite elements take holes only in domains without periodic axes.', 'Give the sides conditions of their own, or use finite differences.')
  return crossing(geometry, axes) ? refuse('A hole touches or crosses the outer boundary or another hole.', 'Move the holes apart and inside; a hole across the boundary can be part of the outer polygon.') : []
}

/** A mesh of the problem's domain with cells about `bounds/(n − 1)` wide (`bounds/n` along a periodic axis). Deterministic. Throws FaultError `mesh-failed`. */
export function meshOfDomain({ axes, geometry }: AnalysedProblem, resolution: readonly number[], libm: Libm): DomainMesh {
  const bounds = axes.map(a => [a.lower, a.upper] as const)
  const cells = axes.map((a, i) => Math.max(a.periodic ? 3 : 1, a.periodic ? resolution[i] : resolution[i] - 1))
  const widths = bounds.map(([lower, upper], i) => (upper - lower) / cells[i])
  const outer = geometry?.outer ?? { kind: 'box' }
  if (!geometry || geometry.holes.length === 0) {
    if (outer.kind === 'box') return boxMesh(bounds, cells)
    if (outer.kind === 'ball') {
      const layers = Math.max(2, Math.ceil(outer.radius / Math.min(...widths) - 1e-9))
      return axes.length === 2 ? diskMesh(outer.center, outer.radius, layers, libm) : ballMesh(outer.center, outer.radius, layers)
    }
    const lattice = latticePolygonMesh(outer.points, [widths[0], widths[1]])
    if (lattice) return lattice
  }
  const width = Math.min(...widths)
  const curves: BoundaryCurve[] = []
  const loops: BoundaryLoop[] = []
  const add = (shape: Geometry['outer'] | Geometry['holes'][number], hole: boolean): void => {
    const circle = shape.kind === 'ball' ? { center: shape.center, radius: shape.radius } : undefined
    loops.push({ points: outline(shape, bounds, width, libm), curve: curves.length })
    curves.push({ hole, circle })
  }
  add(outer, false)
  for (const hole of geometry?.holes ?? []) add(hole, true)
  return delaunayMesh(loops, curves, width)
}

function outline(shape: Geometry['outer'] | Geometry['holes'][number], [[x0, x1], [y0, y1]]: readonly (readonly [number, number])[], width: number, libm: Libm): Point2[] {
  if (shape.kind === 'box') return [[x0, y0], [x1, y0], [x1, y1], [x0, y1]]
  if (shape.kind === 'polygon') return [...shape.points]
  const count = Math.max(fewestOnCircle, Math.ceil((2 * Math.PI * shape.radius) / width))
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count
    return [shape.center[0] + shape.radius * libm.cos(angle), shape.center[1] + shape.radius * libm.sin(angle)]
  })
}

/** Whether holes meet each other or reach beyond the outer shape. */
function crossing({ outer, holes }: Geometry, axes: AnalysedProblem['axes']): boolean {
  if (holes.length === 0) return false
  const box: Point2[] = [[axes[0].lower, axes[1].lower], [axes[0].upper, axes[1].lower], [axes[0].upper, axes[1].upper], [axes[0].lower, axes[1].upper]]
  const rim = outer.kind === 'box' ? { kind: 'polygon' as const, points: box } : outer
  return holes.some((hole, i) => !isInside(hole, rim) || holes.slice(0, i).some(other => !areApart(hole, other)))
}

type Shape = { readonly kind: 'polygon'; readonly points: readonly Point2[] } | { readonly kind: 'ball'; readonly center: readonly number[]; readonly radius: number }

const sides = (points: readonly Point2[]): (readonly [Point2, Point2])[] => points.map((p, i) => [p, points[(i + 1) % points.length]])
const cornersOf = (shape: Shape): Point2[] => (shape.kind === 'polygon' ? [...shape.points] : [[shape.center[0], shape.center[1]]])

/** Distance of the outlines' skeletons (a circle counts as its centre). */
function distance(a: Shape, b: Shape): number {
  if (a.kind === 'ball' && b.kind === 'ball') return Math.sqrt((a.center[0] - b.center[0]) ** 2 + (a.center[1] - b.center[1]) ** 2)
  const lines = (s: Shape): (readonly [Point2, Point2])[] => (s.kind === 'polygon' ? sides(s.points) : [[cornersOf(s)[0], cornersOf(s)[0]]])
  let least = Infinity
  for (const [p, q] of lines(a)) for (const [r, s] of lines(b)) least = Math.min(least, segmentsMeet(p, q, r, s) ? 0 : Math.min(toSegment(p, r, s), toSegment(q, r, s), toSegment(r, p, q), toSegment(s, p, q)))
  return least
}

function toSegment([px, py]: Point2, [ax, ay]: Point2, [bx, by]: Point2): number {
  const [dx, dy] = [bx - ax, by - ay]
  const square = dx * dx + dy * dy
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((px - ax) * dx + (py - ay) * dy) / square))
  return Math.sqrt((px - ax - t * dx) ** 2 + (py - ay - t * dy) ** 2)
}

function segmentsMeet([ax, ay]: Point2, [bx, by]: Point2, [cx, cy]: Point2, [dx, dy]: Point2): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number): number => (qx - px) * (ry - py) - (qy - py) * (rx - px)
  return side(ax, ay, bx, by, cx, cy) * side(ax, ay, bx, by, dx, dy) < 0 && side(cx, cy, dx, dy, ax, ay) * side(cx, cy, dx, dy, bx, by) < 0
}

const radiusOf = (shape: Shape): number => (shape.kind === 'ball' ? shape.radius : 0)
const contains = (shape: Shape, [x, y]: Point2): boolean => (shape.kind === 'polygon' ? insidePolygon(shape.points, x, y) : (x - shape.center[0]) ** 2 + (y - shape.center[1]) ** 2 < shape.radius ** 2)

function isInside(hole: Shape, outer: Shape): boolean {
  if (outer.kind === 'polygon') return distance(hole, outer) > radiusOf(hole) && cornersOf(hole).every(p => contains(outer, p))
  return cornersOf(hole).every(([x, y]) => Math.sqrt((x - outer.center[0]) ** 2 + (y - outer.center[1]) ** 2) + radiusOf(hole) < outer.radius)
}

const areApart = (a: Shape, b: Shape): boolean => distance(a, b) > radiusOf(a) + radiusOf(b) && !contains(a, cornersOf(b)[0]) && !contains(b, cornersOf(a)[0])
