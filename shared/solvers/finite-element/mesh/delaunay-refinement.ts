import { error, FaultError } from '../../../fault'
import type { BoundaryCurve, DomainMesh } from './domain-mesh'
import { edgeKey } from './domain-mesh'
import { longestEdgeFirst } from './round'
import { Triangulation } from './triangulation'

/** A closed line of boundary points, either orientation, on one curve or one per piece (piece i from point i to the next). */
export interface BoundaryLoop {
  readonly points: readonly (readonly [number, number])[]
  readonly curve: number
}

/** Circumradius over shortest edge: 1/(2 sin of the smallest angle); 1.19 asks for 24.8°. Ruppert's proof covers 20.7°, practice reaches 30°. */
const largestRatio = 1.19
/** Largest circumradius of a triangle in widths, and the area of the equilateral triangle of it in squared widths. */
const largestCircumradius = 0.7
const largestCell = 1.299 * largestCircumradius ** 2
/** Input corners sharper than this (cosine) get splits on common circles around them, so that neighbouring segments do not encroach on each other without end. */
const sharpCosine = 0.5

/**
 * Triangles of circumradius at most 0.7 width (edges near `width`) and smallest angle 20° or more, except at input corners that are sharper themselves, between closed boundary lines.
 * Delaunay refinement: a segment with a point in its diametral circle is halved; a triangle that is too large or too thin gets a point at its circumcentre, unless that would encroach on segments, which are then halved instead
 * (J. Ruppert, A Delaunay refinement algorithm for quality 2-dimensional mesh generation, 1995, doi:10.1006/jagm.1995.1021). Segments of a circle are halved on it.
 * Throws FaultError `mesh-failed` when it does not end within `maximumPoints`, or within many times the points that the area and the boundary ask for at this width: parts far thinner than the width.
 */
export function delaunayMesh(loops: readonly BoundaryLoop[], curves: readonly BoundaryCurve[], width: number, maximumPoints = 2_000_000): DomainMesh {
  const [area, length, given] = sizesOf(loops)
  // No triangle is larger than the equilateral one of the largest circumradius, and there are at most two per point.
  if (area / (2 * largestCell * width * width) > maximumPoints) throw tooFine(maximumPoints)
  return new Refinement(loops, curves, width, Math.min(maximumPoints, 20_000 + 20 * (area / (width * width) + length / width) + 100 * given)).run()
}

/** Area of the outer loop, length of all loops and number of their points. */
function sizesOf(loops: readonly BoundaryLoop[]): readonly [number, number, number] {
  let [twice, length, given] = [0, 0, 0]
  for (const [k, { points }] of loops.entries()) {
    given += points.length
    for (const [i, [ax, ay]] of points.entries()) {
      const [bx, by] = points[(i + 1) % points.length]
      if (k === 0) twice += ax * by - bx * ay
      length += Math.sqrt((bx - ax) ** 2 + (by - ay) ** 2)
    }
  }
  return [Math.abs(twice) / 2, length, given]
}

class Refinement {
  private readonly mesh: Triangulation
  private readonly sharp = new Set<number>()
  private readonly segmentQueue: (readonly [number, number])[] = []
  private readonly triangleQueue: (readonly [number, number])[] = []
  private floodIsDue = true
  private readonly largestRadius: number

  constructor(loops: readonly BoundaryLoop[], private readonly curves: readonly BoundaryCurve[], width: number, private readonly maximumPoints: number) {
    this.largestRadius = largestCircumradius * width
    const all = loops.flatMap(loop => loop.points)
    const bounds = [0, 1].map(a => [Math.min(...all.map(p => p[a])), Math.max(...all.map(p => p[a]))] as const)
    this.mesh = new Triangulation(bounds)
    for (const { points, curve } of loops) {
      const numbers = points.map(([x, y]) => this.mesh.insert(x, y))
      numbers.forEach((a, i) => {
        const b = numbers[(i + 1) % numbers.length]
        if (a === b) return
        this.mesh.segments.set(edgeKey(a, b), curve)
        this.segmentQueue.push([a, b])
      })
      if (!curves[curve].circle) numbers.forEach((p, i) => this.noteSharp(numbers[(i + numbers.length - 1) % numbers.length], p, numbers[(i + 1) % numbers.length]))
    }
  }

  private noteSharp(before: number, corner: number, after: number): void {
    const { x, y } = this.mesh
    const [ax, ay, bx, by] = [x[before] - x[corner], y[before] - y[corner], x[after] - x[corner], y[after] - y[corner]]
    if (ax * bx + ay * by > sharpCosine * Math.sqrt((ax * ax + ay * ay) * (bx * bx + by * by)) * (1 + 1e-12)) this.sharp.add(corner)
  }

  run(): DomainMesh {
    const { mesh } = this
    this.splitSegments()
    for (;;) {
      if (this.floodIsDue) {
        mesh.flood()
        this.floodIsDue = false
        this.triangleQueue.length = 0
        for (let t = 0; t < mesh.triangles; t++) this.lookAt(t)
      }
      if (!this.improve()) break
      this.splitSegments()
    }
    return this.result()
  }

  /** Queues a triangle of the domain that is too large or too thin. */
  private lookAt(t: number): void {
    if (this.mesh.isAlive(t) && this.mesh.inside[t] && this.isBad(t)) this.triangleQueue.push([t, this.mesh.stamp[t]])
  }

  private isBad(t: number): boolean {
    const { mesh } = this
    const { x, y } = mesh
    const corners = [mesh.corner[3 * t], mesh.corner[3 * t + 1], mesh.corner[3 * t + 2]]
    const square = (i: number): number => (x[corners[(i + 1) % 3]] - x[corners[(i + 2) % 3]]) ** 2 + (y[corners[(i + 1) % 3]] - y[corners[(i + 2) % 3]]) ** 2
    const sides = [square(0), square(1), square(2)]
    const [a, b, c] = corners
    const twice = (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a])
    const radius = Math.sqrt(sides[0] * sides[1] * sides[2]) / (2 * twice)
    if (radius > this.largestRadius) return true
    const shortest = sides.indexOf(Math.min(...sides))
    if (radius <= largestRatio * Math.sqrt(sides[shortest])) return false
    // A short edge across a sharp corner is there to stay.
    return !this.spansSharpCorner(corners[(shortest + 1) % 3], corners[(shortest + 2) % 3], corners[shortest])
  }

  /** Whether two points lie equally far from a sharp corner that is the third point or joined to both by boundary: the edge that a sharp corner forces. */
  private spansSharpCorner(a: number, b: number, third: number): boolean {
    const { x, y } = this.mesh
    const distance = (p: number, q: number): number => Math.sqrt((x[p] - x[q]) ** 2 + (y[p] - y[q]) ** 2)
    for (const corner of this.sharp) {
      if (third === corner) return true
      const [da, db] = [distance(a, corner), distance(b, corner)]
      if (Math.abs(da - db) < 1e-6 * da && distance(a, b) < da) return true
    }
    return false
  }

  private splitSegments(): void {
    const { mesh } = this
    while (this.segmentQueue.length > 0) {
      const [a, b] = this.segmentQueue.pop()!
      if (mesh.segments.has(edgeKey(a, b)) && this.mustSplit(a, b)) this.split(a, b)
    }
  }

  /** Whether the edge is missing or a neighbouring corner lies inside its diametral circle. */
  private mustSplit(a: number, b: number): boolean {
    const { mesh } = this
    const [left, right] = [mesh.triangleAt(a, b), mesh.triangleAt(b, a)]
    if (!left || !right) return true
    return [left, right].some(({ triangle, opposite }) => this.encroaches(mesh.corner[3 * triangle + opposite], a, b))
  }

  private encroaches(p: number, a: number, b: number): boolean {
    return p > 2 && this.inDiametralCircle(this.mesh.x[p], this.mesh.y[p], a, b)
  }

  private inDiametralCircle(px: number, py: number, a: number, b: number): boolean {
    const { x, y } = this.mesh
    const [ux, uy, vx, vy] = [x[a] - px, y[a] - py, x[b] - px, y[b] - py]
    return ux * vx + uy * vy < -1e-12 * Math.sqrt((ux * ux + uy * uy) * (vx * vx + vy * vy))
  }

  private split(a: number, b: number): void {
    const { mesh } = this
    if (mesh.x.length > this.maximumPoints) throw meshFailed()
    const key = edgeKey(a, b)
    const curve = mesh.segments.get(key)!
    const [px, py] = this.splitPoint(a, b, curve)
    const circle = this.curves[curve].circle
    // A point beside the chord changes what is inside; the triangles between are told apart anew.
    if (circle) {
      mesh.segments.delete(key)
      this.floodIsDue = true
    }
    const near = mesh.triangleAt(a, b)?.triangle ?? mesh.around[a]
    if (circle) this.connect(a, b, mesh.insert(px, py, near), curve)
    else {
      // Both sides must take part in the cavity: the segment itself makes way first.
      mesh.segments.delete(key)
      const floodWasDue = this.floodIsDue
      const point = this.insertOnSegment(px, py, near, a, b)
      this.floodIsDue = this.floodIsDue || floodWasDue
      this.connect(a, b, point, curve)
    }
  }

  private insertOnSegment(px: number, py: number, near: number, a: number, b: number): number {
    const { mesh } = this
    const left = mesh.triangleAt(a, b)
    const right = mesh.triangleAt(b, a)
    // Rounding puts the point a little beside the line: what each side was, each new triangle takes from the side of the line that its own edge lies on.
    const sides = left && right && [mesh.inside[left.triangle], mesh.inside[right.triangle]]
    const point = mesh.insert(px, py, near)
    if (!sides) this.floodIsDue = true
    else {
      const { x, y, corner } = mesh
      for (const t of mesh.created) {
        const [p, q] = [corner[3 * t + 1], corner[3 * t + 2]]
        const side = (x[b] - x[a]) * ((y[p] + y[q]) / 2 - y[a]) - (y[b] - y[a]) * ((x[p] + x[q]) / 2 - x[a])
        mesh.inside[t] = sides[side > 0 ? 0 : 1]
      }
    }
    return point
  }

  private connect(a: number, b: number, point: number, curve: number): void {
    const { mesh } = this
    for (const end of [a, b]) {
      if (end === point) continue
      mesh.segments.set(edgeKey(end, point), curve)
      this.segmentQueue.push([end, point])
    }
    this.lookAround()
  }

  /** After an insertion: segments that the new point encroaches on, and the new triangles. */
  private lookAround(): void {
    const { mesh } = this
    for (const t of mesh.created) {
      const [a, b] = [mesh.corner[3 * t + 1], mesh.corner[3 * t + 2]]
      if (mesh.segments.has(edgeKey(a, b))) this.segmentQueue.push([a, b])
      this.lookAt(t)
    }
  }

  /** The middle; on a circle the middle of the arc; from a sharp corner a power of two of the smallest distance. */
  private splitPoint(a: number, b: number, curve: number): readonly [number, number] {
    const { x, y } = this.mesh
    const [mx, my] = [(x[a] + x[b]) / 2, (y[a] + y[b]) / 2]
    const circle = this.curves[curve].circle
    if (circle) {
      const [dx, dy] = [mx - circle.center[0], my - circle.center[1]]
      const scale = circle.radius / Math.sqrt(dx * dx + dy * dy)
      return [circle.center[0] + scale * dx, circle.center[1] + scale * dy]
    }
    if (this.sharp.has(a) === this.sharp.has(b)) return [mx, my]
    const [from, to] = this.sharp.has(a) ? [a, b] : [b, a]
    const length = Math.sqrt((x[a] - x[b]) ** 2 + (y[a] - y[b]) ** 2)
    let distance = 1
    while (distance > length * 0.75) distance /= 2
    while (distance < length * 0.375) distance *= 2
    return [x[from] + ((x[to] - x[from]) * distance) / length, y[from] + ((y[to] - y[from]) * distance) / length]
  }

  /** Deals with one triangle that is too large or too thin; false when there is none left. */
  private improve(): boolean {
    const { mesh } = this
    for (;;) {
      const next = this.triangleQueue.pop()
      if (!next) return false
      const [t, stamp] = next
      if (!mesh.isAlive(t) || mesh.stamp[t] !== stamp || !mesh.inside[t]) continue
      if (mesh.x.length > this.maximumPoints) throw meshFailed()
      const [cx, cy] = this.circumcentre(t)
      const { triangle, blocked } = mesh.locate(cx, cy, t, true)
      const hit: (readonly [number, number])[] = []
      if (blocked >= 0) hit.push([mesh.corner[3 * triangle + ((blocked + 1) % 3)], mesh.corner[3 * triangle + ((blocked + 2) % 3)]])
      else {
        for (const c of mesh.cavity(cx, cy, triangle)) {
          for (let i = 0; i < 3; i++) {
            const [a, b] = [mesh.corner[3 * c + ((i + 1) % 3)], mesh.corner[3 * c + ((i + 2) % 3)]]
            if (mesh.segments.has(edgeKey(a, b)) && this.inDiametralCircle(cx, cy, a, b)) hit.push([a, b])
          }
        }
      }
      if (hit.length === 0) {
        const before = mesh.x.length
        mesh.insert(cx, cy, triangle)
        if (mesh.x.length === before) continue
        this.lookAround()
        return true
      }
      for (const [a, b] of hit) if (mesh.segments.has(edgeKey(a, b))) this.split(a, b)
      this.lookAt(t)
      return true
    }
  }

  private circumcentre(t: number): readonly [number, number] {
    const { x, y, corner } = this.mesh
    const [a, b, c] = [corner[3 * t], corner[3 * t + 1], corner[3 * t + 2]]
    const [bx, by, cx, cy] = [x[b] - x[a], y[b] - y[a], x[c] - x[a], y[c] - y[a]]
    const twice = 2 * (bx * cy - by * cx)
    const [b2, c2] = [bx * bx + by * by, cx * cx + cy * cy]
    return [x[a] + (cy * b2 - by * c2) / twice, y[a] + (bx * c2 - cx * b2) / twice]
  }

  private result(): DomainMesh {
    const { mesh } = this
    const numbers = new Int32Array(mesh.x.length).fill(-1)
    const points: number[] = []
    const cells: number[] = []
    for (let t = 0; t < mesh.triangles; t++) {
      if (!mesh.isAlive(t) || !mesh.inside[t]) continue
      for (let i = 0; i < 3; i++) {
        const p = mesh.corner[3 * t + i]
        if (numbers[p] < 0) {
          numbers[p] = points.length / 2
          points.push(mesh.x[p], mesh.y[p])
        }
        cells.push(numbers[p])
      }
    }
    if (cells.length === 0) throw meshFailed()
    const curveOf = new Map<number, number>()
    for (const [key, curve] of mesh.segments) {
      const [a, b] = [numbers[Math.floor(key / 0x4000000)], numbers[key % 0x4000000]]
      if (a >= 0 && b >= 0 && curve !== 0) curveOf.set(edgeKey(a, b), curve)
    }
    const coordinates = Float64Array.from(points)
    return { dimension: 2, points: coordinates, cells: longestEdgeFirst(coordinates, Int32Array.from(cells)), curves: this.curves, curveOf }
  }
}

const tooFine = (most: number): FaultError => new FaultError(error('mesh-failed', `The domain could not be meshed: with cells as small as its short side asks for it needs more than ${most} points.`, {
  where: { path: 'problem.domain' }, tip: 'Use fewer nodes along the short side, or describe a domain that is less thin.',
}))

const meshFailed = (): FaultError => new FaultError(error('mesh-failed', 'The domain could not be meshed: its boundary lines touch or cross each other, or come too close for the resolution.', {
  where: { path: 'problem.domain' }, tip: 'Keep holes apart from each other and from the outer boundary, give the domain no parts far thinner than the cells, or use a finer resolution.',
}))
