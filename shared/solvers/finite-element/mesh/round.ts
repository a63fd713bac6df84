import type { Libm } from '../../../expressions/libm'
import type { DomainMesh } from './domain-mesh'
import { oriented } from './box'

/**
 * A disk as rings: ring k of n has 6k points, joined into 6n² triangles of nearly equal size whose smallest angle stays near 40°. Boundary points lie on the circle; the cells are straight,
 * so the mesh misses the area between circle and inscribed polygon, O(h²).
 */
export function diskMesh([cx, cy]: readonly number[], radius: number, rings: number, libm: Libm): DomainMesh {
  const points: number[] = [cx, cy]
  const start = (k: number): number => (k === 0 ? 0 : 1 + 3 * k * (k - 1))
  for (let k = 1; k <= rings; k++) {
    for (let i = 0; i < 6 * k; i++) {
      const angle = (2 * Math.PI * i) / (6 * k)
      points.push(cx + ((radius * k) / rings) * libm.cos(angle), cy + ((radius * k) / rings) * libm.sin(angle))
    }
  }
  const at = (k: number, sector: number, i: number): number => (k === 0 ? 0 : start(k) + ((sector * k + i) % (6 * k)))
  const cells: number[] = []
  for (let k = 1; k <= rings; k++) {
    for (let sector = 0; sector < 6; sector++) {
      for (let i = 0; i < k; i++) {
        cells.push(at(k - 1, sector, i), at(k, sector, i), at(k, sector, i + 1))
        if (i + 1 < k) cells.push(at(k, sector, i + 1), at(k - 1, sector, i + 1), at(k - 1, sector, i))
      }
    }
  }
  const curves = [{ hole: false, circle: { center: [cx, cy], radius } }]
  return oriented({ dimension: 2, points: Float64Array.from(points), cells: longestEdgeFirst(Float64Array.from(points), Int32Array.from(cells)), curves, curveOf: new Map() })
}

/** Turns every triangle so that its longest edge lies opposite to corner 0; of equal edges the one with the smaller numbers. */
export function longestEdgeFirst(points: Float64Array, cells: Int32Array): Int32Array {
  for (let c = 0; c < cells.length; c += 3) {
    let best = 0
    let longest = -1
    let name = Infinity
    for (let i = 0; i < 3; i++) {
      const [a, b] = [cells[c + ((i + 1) % 3)], cells[c + ((i + 2) % 3)]]
      const square = (points[2 * a] - points[2 * b]) ** 2 + (points[2 * a + 1] - points[2 * b + 1]) ** 2
      const key = Math.min(a, b) * 1e8 + Math.max(a, b)
      const equal = Math.abs(square - longest) <= 1e-12 * square
      if (equal ? key < name : square > longest) {
        longest = square
        name = key
        best = i
      }
    }
    const turned = [cells[c + best], cells[c + ((best + 1) % 3)], cells[c + ((best + 2) % 3)]]
    cells.set(turned, c)
  }
  return cells
}

/**
 * A ball: each of the eight tetrahedra between the centre and a face of an octahedron is cut into n³ equal simplices, then every point is moved along its ray so that the octahedron's surface
 * becomes the sphere. No simplex has two facets on the sphere, so all angles stay away from 0 and π.
 */
export function ballMesh(center: readonly number[], radius: number, layers: number): DomainMesh {
  const numbers = new Map<string, number>()
  const points: number[] = []
  const pointAt = (p: readonly number[]): number => {
    const key = p.join(' ')
    let found = numbers.get(key)
    if (found === undefined) {
      found = numbers.size
      numbers.set(key, found)
      const one = Math.abs(p[0]) + Math.abs(p[1]) + Math.abs(p[2])
      const two = Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2])
      const scale = two === 0 ? 0 : (radius * one) / (layers * two)
      p.forEach((v, a) => points.push(center[a] + scale * v))
    }
    return found
  }
  const cells: number[] = []
  const simplices = latticeSimplices(layers)
  for (let octant = 0; octant < 8; octant++) {
    const sign = [octant & 1 ? -1 : 1, octant & 2 ? -1 : 1, octant & 4 ? -1 : 1]
    for (const simplex of simplices) cells.push(...simplex.map(([a, b, c]) => pointAt([sign[0] * (a - b) + 0, sign[1] * (b - c) + 0, sign[2] * c + 0])))
  }
  return oriented({ dimension: 3, points: Float64Array.from(points), cells: Int32Array.from(cells), curves: [{ hole: false, circle: { center: [...center], radius } }], curveOf: new Map() })
}

/** The n³ simplices of Kuhn's triangulation of [0, n]³ inside n ≥ a ≥ b ≥ c ≥ 0, with lattice points as corners. */
function latticeSimplices(n: number): (readonly [number, number, number])[][] {
  const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
  const result: (readonly [number, number, number])[][] = []
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      for (let c = 0; c <= b; c++) {
        for (const order of orders) {
          const corner: [number, number, number] = [a, b, c]
          const simplex: [number, number, number][] = [[...corner]]
          for (const axis of order) {
            corner[axis]++
            simplex.push([...corner])
          }
          if (simplex.every(([p, q, r]) => p >= q && q >= r)) result.push(simplex)
        }
      }
    }
  }
  return result
}
