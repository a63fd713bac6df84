import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { barycentricGradients } from '../../../fields/mesh-element'
import { FaultError } from '../../../fault'
import type { AnalysedProblem } from '../../../problems/analysed'
import type { Geometry } from '../../../problems/geometry'
import { bisect } from './bisect'
import { checkDomain, meshOfDomain } from './domain'
import type { DomainMesh } from './domain-mesh'
import { cellCount, edgeKey } from './domain-mesh'
import { inCircle, orientation } from './predicates'
import { facetsOf, meshOfDegree } from './topology'

const libm = loadLibm(readKernels())
const domain = (bounds: readonly (readonly [number, number])[], geometry?: Geometry): AnalysedProblem =>
  ({ axes: bounds.map(([lower, upper], a) => ({ name: 'xyz'[a], lower, upper, periodic: false })), geometry }) as unknown as AnalysedProblem
const square: readonly [number, number][] = [[-0.5, 0.5], [-0.5, 0.5]]
const disk = (x: number, y: number, radius: number) => ({ kind: 'ball' as const, center: [x, y], radius })
const holes = [disk(0.3, 0.3, 0.1), disk(-0.3, 0.3, 0.1), disk(0.3, -0.3, 0.1), disk(-0.3, -0.3, 0.1)]

const faultCodes = (work: () => unknown): string[] => {
  try {
    work()
    return []
  } catch (reason) {
    if (reason instanceof FaultError) return reason.faults.map(f => f.code)
    throw reason
  }
}

interface Quality { readonly measure: number; readonly smallestAngle: number; readonly negative: number }

/** Total measure, smallest angle in degrees (plane meshes) and number of cells that are not positive. */
function qualityOf({ dimension, points, cells }: DomainMesh): Quality {
  const gradient = new Float64Array(12)
  let [measure, smallestAngle, negative] = [0, 180, 0]
  for (let c = 0; c < cells.length; c += dimension + 1) {
    const part = barycentricGradients(dimension, points, cells, c, gradient)
    measure += part
    if (!(part > 0)) negative++
    if (dimension !== 2) continue
    for (let i = 0; i < 3; i++) {
      const [p, q, r] = [0, 1, 2].map(k => cells[c + ((i + k) % 3)])
      const [ux, uy, vx, vy] = [points[2 * q] - points[2 * p], points[2 * q + 1] - points[2 * p + 1], points[2 * r] - points[2 * p], points[2 * r + 1] - points[2 * p + 1]]
      smallestAngle = Math.min(smallestAngle, (Math.acos((ux * vx + uy * vy) / Math.hypot(ux, uy) / Math.hypot(vx, vy)) * 180) / Math.PI)
    }
  }
  return { measure, smallestAngle, negative }
}

/** No facet belongs to more than two cells and no point lies inside an edge: the boundary facets enclose the whole measure (divergence theorem for x). */
function enclosedMeasure(mesh: DomainMesh): number {
  const { dimension, points, cells } = mesh
  const gradient = new Float64Array(12)
  let sum = 0
  for (const { cell, local } of facetsOf(mesh).boundary) {
    const measure = barycentricGradients(dimension, points, cells, cell * (dimension + 1), gradient)
    // ∮ x nₓ = |Ω|; −d |K| ∇λ is the facet's measure times its outward normal.
    let x = 0
    for (let i = 0; i <= dimension; i++) if (i !== local) x += points[cells[cell * (dimension + 1) + i] * dimension] / dimension
    sum += x * -dimension * measure * gradient[local * dimension]
  }
  return sum
}

const polygonArea = (p: readonly (readonly [number, number])[]): number => p.reduce((sum, [x, y], i) => sum + (x * p[(i + 1) % p.length][1] - p[(i + 1) % p.length][0] * y) / 2, 0)

describe('meshes', () => {
  const lShape: [number, number][] = [[-1, -1], [0, -1], [0, 0], [1, 0], [1, 1], [-1, 1]]
  const pentagon: [number, number][] = [[0, 0], [2, 0], [2.5, 1], [1, 2], [-0.5, 1]]
  const inscribed = (n: number, r: number): number => (n / 2) * r * r * Math.sin((2 * Math.PI) / n)
  it.each<[string, AnalysedProblem, number[], number, number]>([
    ['a line', domain([[1, 3]]), [17], 2, 0],
    ['a rectangle', domain([[0, 2], [0, 1]]), [9, 6], 2, 1e-13],
    ['a cube', domain([[0, 1], [0, 1], [0, 2]]), [5, 6, 4], 2, 1e-13],
    ['an L-shape', domain([[-1, 1], [-1, 1]], { outer: { kind: 'polygon', points: lShape }, holes: [] }), [16, 17], 3, 1e-13],
    ['a pentagon with a hole', domain([[-0.5, 2.5], [0, 2]], { outer: { kind: 'polygon', points: pentagon }, holes: [{ kind: 'polygon', points: [[0.5, 0.5], [1, 0.5], [0.7, 1.2]] }] }), [33, 25], polygonArea(pentagon) - 0.175, 1e-12],
    ['a disk', domain([[-1, 1], [-1, 1]], { outer: disk(0, 0, 1), holes: [] }), [33, 33], inscribed(96, 1), 1e-12],
    ['an eccentric ring', domain([[-1, 1], [-1, 1]], { outer: disk(0, 0, 1), holes: [disk(0.3, 0.2, 0.4)] }), [33, 33], Math.PI * 0.84, 0.01],
    ['a square with four holes', domain(square, { outer: { kind: 'box' }, holes }), [33, 33], 1 - 4 * inscribed(24, 0.1), 0.002],
    ['a ball', domain([[-1, 1], [-1, 1], [-1, 1]], { outer: { kind: 'ball', center: [0, 0, 0], radius: 1 }, holes: [] }), [17, 17, 17], (4 / 3) * Math.PI, 0.15],
  ])('cover %s', (_, problem, resolution, measure, tolerance) => {
    const mesh = meshOfDomain(problem, resolution, libm)
    const quality = qualityOf(mesh)
    expect(quality.negative).toBe(0)
    expect(Math.abs(quality.measure - measure)).toBeLessThanOrEqual(tolerance)
    expect(enclosedMeasure(mesh)).toBeCloseTo(quality.measure, 10)
    if (mesh.dimension === 2) expect(quality.smallestAngle).toBeGreaterThan(20)
    expect(meshOfDomain(problem, resolution, libm)).toEqual(mesh)
  })

  it('have no thin triangles around random holes', () => {
    fc.assert(fc.property(fc.record({ x: fc.double({ min: -0.3, max: 0.3, noNaN: true }), y: fc.double({ min: -0.3, max: 0.3, noNaN: true }), radius: fc.double({ min: 0.02, max: 0.19, noNaN: true }) }), ({ x, y, radius }) => {
      const { smallestAngle, negative, measure } = qualityOf(meshOfDomain(domain(square, { outer: { kind: 'box' }, holes: [disk(x, y, radius)] }), [21, 21], libm))
      expect(negative).toBe(0)
      expect(smallestAngle).toBeGreaterThan(20)
      expect(Math.abs(measure - 1 + Math.PI * radius * radius)).toBeLessThan(0.02 * Math.PI * radius * radius)
    }), { numRuns: 20, seed: 7 })
  })

  it('take sharp corners', () => {
    const wedge: [number, number][] = [[0, 0], [1, 0], [1, 0.2]]
    const { negative, measure } = qualityOf(meshOfDomain(domain([[0, 1], [0, 0.2]], { outer: { kind: 'polygon', points: wedge }, holes: [] }), [21, 5], libm))
    expect(negative).toBe(0)
    expect(measure).toBeCloseTo(0.1, 12)
  })

  it('refuse parts far thinner than the cells, after few points', () => {
    const codes = (points: [number, number][], height: number): string[] => faultCodes(() => meshOfDomain(domain([[0, 1], [0, height]], { outer: { kind: 'polygon', points }, holes: [] }), [17, 17], libm))
    expect(codes([[0, 0], [1, 0], [1, 1e-7]], 1e-7)).toEqual(['mesh-failed'])
    expect(codes([[0, 0], [1, 0], [0.5, 1e-6], [0.5, 1], [0.499999, 1e-6]], 1)).toEqual(['mesh-failed'])
    expect(codes([[0, 0], [1, 0], [1, 1], [0.5, 0.002], [0, 0.002]], 1)).toEqual([])
  })

  it('take a tiny hole in a coarse mesh', () => {
    const { negative, smallestAngle } = qualityOf(meshOfDomain(domain(square, { outer: { kind: 'box' }, holes: [disk(0.1, 0.1, 1e-6)] }), [9, 9], libm))
    expect(negative).toBe(0)
    expect(smallestAngle).toBeGreaterThan(20)
  })

  it('know which facets bound holes, also after bisection', () => {
    let mesh = meshOfDomain(domain(square, { outer: { kind: 'box' }, holes }), [17, 17], libm)
    for (let level = 0; level < 3; level++) {
      const onHoles = facetsOf(mesh).boundary.filter(({ cell, local }) => {
        const [a, b] = [1, 2].map(i => mesh.cells[3 * cell + ((local + i) % 3)])
        return mesh.curves[mesh.curveOf.get(edgeKey(a, b)) ?? 0].hole
      })
      const length = onHoles.reduce((sum, { cell, local }) => {
        const [a, b] = [1, 2].map(i => mesh.cells[3 * cell + ((local + i) % 3)])
        for (const p of [a, b]) expect(Math.abs(Math.hypot(Math.abs(mesh.points[2 * p]) - 0.3, Math.abs(mesh.points[2 * p + 1]) - 0.3) - 0.1)).toBeLessThan(1e-12)
        return sum + Math.hypot(mesh.points[2 * a] - mesh.points[2 * b], mesh.points[2 * a + 1] - mesh.points[2 * b + 1])
      }, 0)
      expect(length / (0.8 * Math.PI)).toBeGreaterThan(0.99)
      mesh = bisect(mesh, new Uint8Array(cellCount(mesh)).fill(1))
    }
  })

  it('refuse holes that meet each other or the boundary, and masks', () => {
    const codes = (geometry: Geometry) => checkDomain(domain(square, geometry)).map(f => f.code)
    expect(codes({ outer: { kind: 'box' }, holes: [disk(0.45, 0, 0.1)] })).toEqual(['method-domain'])
    expect(codes({ outer: { kind: 'box' }, holes: [disk(0, 0, 0.1), disk(0.15, 0, 0.1)] })).toEqual(['method-domain'])
    expect(codes({ outer: { kind: 'box' }, holes: [disk(0, 0, 0.1), { kind: 'polygon', points: [[-0.2, -0.2], [0.2, -0.2], [0, 0.3]] }] })).toEqual(['method-domain'])
    expect(codes({ outer: { kind: 'box' }, holes: [], where: { kind: 'number', value: 1 } })).toEqual(['method-domain'])
    expect(codes({ outer: { kind: 'box' }, holes })).toEqual([])
  })
})

describe('bisection', () => {
  it('keeps meshes conforming and angles bounded wherever it refines', () => {
    let mesh = meshOfDomain(domain([[-1, 1], [-1, 1]], { outer: { kind: 'polygon', points: [[-1, -1], [0, -1], [0, 0], [1, 0], [1, 1], [-1, 1]] }, holes: [] }), [3, 3], libm)
    for (let level = 0; level < 24; level++) {
      const marked = new Uint8Array(cellCount(mesh))
      for (let c = 0; c < marked.length; c++) if ([0, 1, 2].some(i => Math.hypot(mesh.points[2 * mesh.cells[3 * c + i]], mesh.points[2 * mesh.cells[3 * c + i] + 1]) === 0)) marked[c] = 1
      mesh = bisect(mesh, marked)
    }
    const { measure, smallestAngle, negative } = qualityOf(mesh)
    expect(negative).toBe(0)
    expect(measure).toBeCloseTo(3, 12)
    expect(enclosedMeasure(mesh)).toBeCloseTo(3, 12)
    expect(smallestAngle).toBeGreaterThan(44.9)
    expect(cellCount(mesh)).toBeLessThan(400)
  })
})

describe('degree 2', () => {
  it.each([1, 2, 3])('puts one node on every edge: Euler counts in %i dimensions', dimension => {
    const mesh = meshOfDegree(meshOfDomain(domain([[0, 1], [0, 1], [0, 1]].slice(0, dimension) as [number, number][]), [4, 4, 4].slice(0, dimension), libm), 2)
    expect(mesh.points.length / dimension).toBe(7 ** dimension)
    expect(new Set(mesh.cells).size).toBe(7 ** dimension)
  })
})

describe('predicates', () => {
  it('have the right sign where floating point has none', () => {
    const tiny = 2 ** -53
    expect(orientation(0.5, 0.5, 12, 12, 24, 24)).toBe(0)
    expect(orientation(0.5 + tiny, 0.5, 12, 12, 24, 24)).toBeLessThan(0)
    expect(orientation(0.5, 0.5 + tiny, 12, 12, 24, 24)).toBeGreaterThan(0)
    expect(inCircle(0, 0, 1, 0, 1, 1, 0, 1)).toBe(0)
    expect(inCircle(0, 0, 1, 0, 1, 1, tiny, 1)).toBeGreaterThan(0)
    expect(inCircle(0, 0, 1, 0, 1, 1, 0, 1 + 2 * tiny)).toBeLessThan(0)
  })
})
