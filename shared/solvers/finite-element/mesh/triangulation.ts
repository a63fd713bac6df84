import { edgeKey } from './domain-mesh'
import { inCircle, orientation } from './predicates'

/**
 * A constrained Delaunay triangulation of growing point sets by insertion (A. Bowyer 1981, doi:10.1093/comjnl/24.2.162; D. F. Watson 1981, doi:10.1093/comjnl/24.2.167): the triangles whose circle contains the new point,
 * as far as they are reached without crossing a segment, are replaced by a fan around it. Points 0, 1, 2 are the corners of an enclosing triangle.
 */
export class Triangulation {
  readonly x: number[] = []
  readonly y: number[] = []
  /** Corners, counterclockwise, three per triangle; a first corner of −1 marks a free place. */
  readonly corner: number[] = []
  /** Triangle opposite to each corner, −1 outside. */
  readonly neighbour: number[] = []
  /** Grows with every triangle made: tells whether a triangle seen earlier is still the same. */
  readonly stamp: number[] = []
  /** Segments that triangles must not cross, by `edgeKey`, with the curve they follow. */
  readonly segments = new Map<number, number>()
  /** Set by the caller: whether a triangle belongs to the domain. New triangles inherit it. */
  readonly inside: boolean[] = []
  /** A triangle at each point, for walking and looking around. */
  readonly around: number[] = []
  private readonly free: number[] = []
  private made = 0
  private last = 0
  /** Triangles made by the last insertion. */
  created: number[] = []

  constructor(bounds: readonly (readonly [number, number])[]) {
    const [[x0, x1], [y0, y1]] = bounds
    const size = Math.max(x1 - x0, y1 - y0)
    const [mx, my] = [(x0 + x1) / 2, (y0 + y1) / 2]
    this.x.push(mx - 20 * size, mx + 20 * size, mx)
    this.y.push(my - 10 * size, my - 10 * size, my + 30 * size)
    this.around.push(0, 0, 0)
    this.makeTriangle(0, 1, 2, false)
  }

  get triangles(): number {
    return this.corner.length / 3
  }

  isAlive(t: number): boolean {
    return this.corner[3 * t] >= 0
  }

  private makeTriangle(a: number, b: number, c: number, inside: boolean): number {
    const t = this.free.pop() ?? this.triangles
    this.corner[3 * t] = a
    this.corner[3 * t + 1] = b
    this.corner[3 * t + 2] = c
    for (let i = 0; i < 3; i++) {
      this.neighbour[3 * t + i] = -1
      this.around[this.corner[3 * t + i]] = t
    }
    this.stamp[t] = ++this.made
    this.inside[t] = inside
    return t
  }

  /** The triangle that contains the point, its edges included, walking from `from`; or the last triangle before a segment that the way would cross (`blocked`, with the edge). */
  locate(px: number, py: number, from = this.last, stopAtSegments = false): { readonly triangle: number; readonly blocked: number } {
    let t = this.isAlive(from) ? from : this.corner.findIndex((c, i) => i % 3 === 0 && c >= 0) / 3
    const { x, y, corner, neighbour } = this
    // The visibility walk ends on Delaunay triangulations; the constrained one gets a bound all the same.
    for (let steps = 0; steps < 4 * corner.length + 100; steps++) {
      let next = -1
      for (let k = 0; k < 3; k++) {
        // A start that turns with the step keeps constrained triangulations from walking in circles.
        const i = (k + steps) % 3
        const a = corner[3 * t + ((i + 1) % 3)]
        const b = corner[3 * t + ((i + 2) % 3)]
        if (orientation(x[a], y[a], x[b], y[b], px, py) >= 0) continue
        if (stopAtSegments && this.segments.has(edgeKey(a, b))) return { triangle: t, blocked: i }
        next = neighbour[3 * t + i]
        break
      }
      if (next < 0) return { triangle: t, blocked: -1 }
      t = next
    }
    return { triangle: t, blocked: -1 }
  }

  /** The triangles whose circle holds the point, connected to `start` without crossing segments. */
  cavity(px: number, py: number, start: number): number[] {
    const { x, y, corner, neighbour } = this
    const found = [start]
    const seen = new Set(found)
    for (let at = 0; at < found.length; at++) {
      const t = found[at]
      for (let i = 0; i < 3; i++) {
        const n = neighbour[3 * t + i]
        if (n < 0 || seen.has(n)) continue
        if (this.segments.has(edgeKey(corner[3 * t + ((i + 1) % 3)], corner[3 * t + ((i + 2) % 3)]))) continue
        const [a, b, c] = [corner[3 * n], corner[3 * n + 1], corner[3 * n + 2]]
        if (inCircle(x[a], y[a], x[b], y[b], x[c], y[c], px, py) <= 0) continue
        seen.add(n)
        found.push(n)
      }
    }
    return found
  }

  /** Adds a point and returns its number, or that of the point that is there already. `start` is any triangle near it. */
  insert(px: number, py: number, start = this.last): number {
    const { triangle } = this.locate(px, py, start)
    const { x, y, corner, neighbour } = this
    for (let i = 0; i < 3; i++) {
      const p = corner[3 * triangle + i]
      if (x[p] === px && y[p] === py) return p
    }
    const point = x.length
    x.push(px)
    y.push(py)
    this.around.push(-1)
    const cavity = this.starShaped(px, py, this.cavity(px, py, triangle), triangle)
    const inCavity = new Set(cavity)
    const rim: { a: number; b: number; outer: number; inside: boolean }[] = []
    for (const t of cavity) {
      for (let i = 0; i < 3; i++) {
        const outer = neighbour[3 * t + i]
        if (outer >= 0 && inCavity.has(outer)) continue
        rim.push({ a: corner[3 * t + ((i + 1) % 3)], b: corner[3 * t + ((i + 2) % 3)], outer, inside: this.inside[t] })
      }
    }
    for (const t of cavity) {
      corner[3 * t] = -1
      this.free.push(t)
    }
    const fan = new Map<number, number>()
    this.created = rim.map(({ a, b, outer, inside }) => {
      const t = this.makeTriangle(point, a, b, inside)
      neighbour[3 * t] = outer
      if (outer >= 0) for (let i = 0; i < 3; i++) if (corner[3 * outer + ((i + 1) % 3)] === b && corner[3 * outer + ((i + 2) % 3)] === a) neighbour[3 * outer + i] = t
      fan.set(a, t)
      return t
    })
    for (const t of this.created) {
      // Across the edge (b, point) lies the triangle whose rim edge starts at b.
      const next = fan.get(corner[3 * t + 2])!
      neighbour[3 * t + 1] = next
      neighbour[3 * next + 2] = t
    }
    this.last = this.created[0]
    return point
  }

  /** Where the point lies on an edge, the triangle across belongs to the cavity too; triangles whose rim edge does not see the point leave it. */
  private starShaped(px: number, py: number, cavity: number[], keep: number): number[] {
    const { x, y, corner, neighbour } = this
    const inCavity = new Set(cavity)
    for (let i = 0; i < 3; i++) {
      const [a, b] = [corner[3 * keep + ((i + 1) % 3)], corner[3 * keep + ((i + 2) % 3)]]
      const across = neighbour[3 * keep + i]
      if (across >= 0 && orientation(x[a], y[a], x[b], y[b], px, py) === 0) for (const t of this.cavity(px, py, across)) inCavity.add(t)
    }
    for (let again = true; again; ) {
      again = false
      for (const t of [...inCavity]) {
        if (t === keep) continue
        for (let i = 0; i < 3; i++) {
          const outer = neighbour[3 * t + i]
          if (outer >= 0 && inCavity.has(outer)) continue
          const [a, b] = [corner[3 * t + ((i + 1) % 3)], corner[3 * t + ((i + 2) % 3)]]
          if (orientation(x[a], y[a], x[b], y[b], px, py) > 0) continue
          inCavity.delete(t)
          again = true
          break
        }
      }
    }
    return [...inCavity]
  }

  /** The triangle left of the directed edge a → b and the index of the corner opposite to it; undefined when no triangle has the edge. */
  triangleAt(a: number, b: number): { readonly triangle: number; readonly opposite: number } | undefined {
    const { corner, neighbour } = this
    const start = this.around[a]
    // Turn around a in both directions: the first may end at the enclosing triangle.
    for (const turn of [2, 1]) {
      let t = start
      do {
        const i = [0, 1, 2].find(k => corner[3 * t + k] === a)!
        if (corner[3 * t + ((i + 1) % 3)] === b) return { triangle: t, opposite: (i + 2) % 3 }
        t = neighbour[3 * t + ((i + turn) % 3)]
      } while (t >= 0 && t !== start)
      if (t === start) return undefined
    }
    return undefined
  }

  /** Marks what lies inside: crossing a segment from the enclosing triangle's corner leads in, and out again. */
  flood(): void {
    const { corner, neighbour, inside } = this
    const seen = new Uint8Array(this.triangles)
    const start = this.around[0]
    inside[start] = false
    seen[start] = 1
    const pending = [start]
    while (pending.length > 0) {
      const t = pending.pop()!
      for (let i = 0; i < 3; i++) {
        const n = neighbour[3 * t + i]
        if (n < 0 || seen[n]) continue
        seen[n] = 1
        inside[n] = this.segments.has(edgeKey(corner[3 * t + ((i + 1) % 3)], corner[3 * t + ((i + 2) % 3)])) ? !inside[t] : inside[t]
        pending.push(n)
      }
    }
  }
}
