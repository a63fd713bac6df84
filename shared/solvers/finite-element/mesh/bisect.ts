import type { DomainMesh } from './domain-mesh'
import { cellCount, edgeKey } from './domain-mesh'

/**
 * Newest-vertex bisection of the marked cells of a plane mesh, or halving on a line, with conforming closure: a triangle with any halved edge halves its refinement edge (opposite to corner 0) too, until nothing changes; the new
 * corner becomes corner 0 of both halves. Angles stay bounded: only finitely many similarity classes occur (W. F. Mitchell 1991, doi:10.1137/0912010).
 * Midpoints of edges on a circle move out to it.
 *
 * @param marked one byte per cell
 */
export function bisect(mesh: DomainMesh, marked: Uint8Array): DomainMesh {
  return mesh.dimension === 1 ? halve(mesh, marked) : bisectTriangles(mesh, marked)
}

function halve(mesh: DomainMesh, marked: Uint8Array): DomainMesh {
  const points = [...mesh.points]
  const cells: number[] = []
  for (let c = 0; c < marked.length; c++) {
    const [a, b] = [mesh.cells[2 * c], mesh.cells[2 * c + 1]]
    if (!marked[c]) cells.push(a, b)
    else {
      cells.push(a, points.length, points.length, b)
      points.push((points[a] + points[b]) / 2)
    }
  }
  return { ...mesh, points: Float64Array.from(points), cells: Int32Array.from(cells) }
}

function bisectTriangles(mesh: DomainMesh, marked: Uint8Array): DomainMesh {
  const { cells } = mesh
  const count = cellCount(mesh)
  const points = [...mesh.points]
  const midpoints = new Map<number, number>()
  const curveOf = new Map(mesh.curveOf)
  const boundary = boundaryEdges(cells)
  const halveEdge = (a: number, b: number): void => {
    const key = edgeKey(a, b)
    if (midpoints.has(key)) return
    const point = points.length / 2
    midpoints.set(key, point)
    let [x, y] = [(points[2 * a] + points[2 * b]) / 2, (points[2 * a + 1] + points[2 * b + 1]) / 2]
    if (boundary.has(key)) {
      const curve = mesh.curveOf.get(key) ?? 0
      const circle = mesh.curves[curve].circle
      if (circle) {
        const [dx, dy] = [x - circle.center[0], y - circle.center[1]]
        const scale = circle.radius / Math.sqrt(dx * dx + dy * dy)
        ;[x, y] = [circle.center[0] + scale * dx, circle.center[1] + scale * dy]
      }
      curveOf.delete(key)
      if (curve !== 0) curveOf.set(edgeKey(a, point), curve).set(edgeKey(point, b), curve)
    }
    points.push(x, y)
  }
  for (let c = 0; c < count; c++) if (marked[c]) halveEdge(cells[3 * c + 1], cells[3 * c + 2])
  for (let before = -1; before !== midpoints.size; ) {
    before = midpoints.size
    for (let c = 0; c < count; c++) {
      const [p, a, b] = [cells[3 * c], cells[3 * c + 1], cells[3 * c + 2]]
      if (midpoints.has(edgeKey(p, a)) || midpoints.has(edgeKey(b, p))) halveEdge(a, b)
    }
  }
  const out: number[] = []
  for (let c = 0; c < count; c++) {
    const [p, a, b] = [cells[3 * c], cells[3 * c + 1], cells[3 * c + 2]]
    const middle = midpoints.get(edgeKey(a, b))
    if (middle === undefined) {
      out.push(p, a, b)
      continue
    }
    // The halves have the sides of the old newest vertex as refinement edges.
    for (const [apex, from, to] of [[middle, p, a], [middle, b, p]]) {
      const half = midpoints.get(edgeKey(from, to))
      if (half === undefined) out.push(apex, from, to)
      else out.push(half, apex, from, half, to, apex)
    }
  }
  return { ...mesh, points: Float64Array.from(points), cells: Int32Array.from(out), curveOf }
}

/** Edges that one triangle only has. */
function boundaryEdges(cells: Int32Array): Set<number> {
  const edges = new Set<number>()
  for (let c = 0; c < cells.length; c += 3) {
    for (let i = 0; i < 3; i++) {
      const key = edgeKey(cells[c + i], cells[c + ((i + 1) % 3)])
      if (!edges.delete(key)) edges.add(key)
    }
  }
  return edges
}
