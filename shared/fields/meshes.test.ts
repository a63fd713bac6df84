import { describe, expect, it } from 'vitest'
import { uniformAxis, type Field } from './field'
import { boundaryFaces } from './mesh-boundary'
import { integrateMesh } from './mesh-errors'
import { createLocator } from './mesh-locate'
import { evaluateAt, nominalGrid, rasterise } from './mesh-raster'
import type { Mesh, MeshField } from './mesh'
import { simplexEdges } from './mesh-element'
import { errorMetrics, errorSums, errorsAgainstExact, type PointFunction } from './norms'
import { resampleField, sampleField } from './resample'
import { gaussJacobi, simplexQuadrature } from './simplex-quadrature'
import { selectComponent } from './components'

/** Kuhn's division of the unit cube into n^d cubes of d! simplices, shaken so that no face lies on a grid line; degree 2 with midpoints. */
function kuhn(dimension: 1 | 2 | 3, n: number, degree: 1 | 2, shake = 0.2): Mesh {
  const count = (n + 1) ** dimension
  const points: number[] = []
  for (let p = 0; p < count; p++) {
    for (let a = 0; a < dimension; a++) {
      const i = Math.floor(p / (n + 1) ** a) % (n + 1)
      points.push(i === 0 || i === n ? i / n : (i + shake * Math.sin(3 * p + 5 * a)) / n)
    }
  }
  const orders = dimension === 1 ? [[0]] : dimension === 2 ? [[0, 1], [1, 0]] : [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
  const cells: number[] = []
  const middles = new Map<string, number>()
  for (let c = 0; c < n ** dimension; c++) {
    const base = Array.from({ length: dimension }, (_, a) => Math.floor(c / n ** a) % n)
    for (const order of orders) {
      const corners = [base]
      for (const axis of order) corners.push(corners[corners.length - 1].map((v, a) => (a === axis ? v + 1 : v)))
      const own = corners.map(corner => corner.reduce((s, v, a) => s + v * (n + 1) ** a, 0))
      cells.push(...own)
      if (degree === 1) continue
      for (const [i, j] of simplexEdges[dimension]) {
        const key = [own[i], own[j]].sort((a, b) => a - b).join()
        if (!middles.has(key)) {
          middles.set(key, points.length / dimension)
          for (let a = 0; a < dimension; a++) points.push((points[own[i] * dimension + a] + points[own[j] * dimension + a]) / 2)
        }
        cells.push(middles.get(key)!)
      }
    }
  }
  return { dimension, degree, points: Float64Array.from(points), cells: Int32Array.from(cells) }
}

function fill(mesh: Mesh, f: (x: number, y: number, z: number) => number): MeshField {
  const d = mesh.dimension
  return { name: 'u', mesh, values: Float64Array.from({ length: mesh.points.length / d }, (_, i) => f(mesh.points[i * d], d > 1 ? mesh.points[i * d + 1] : 0, d > 2 ? mesh.points[i * d + 2] : 0)) }
}

const cases = ([1, 2, 3] as const).flatMap(d => ([1, 2] as const).map(k => [d, k] as const))

describe('quadrature', () => {
  it('of Jacobi weights has the known two-point rule and integrates its degree', () => {
    // ∫₀¹ 2(1 − s) s^m ds = 2 / ((m + 1)(m + 2)); Abramowitz & Stegun 25.4.33.
    const { nodes, weights } = gaussJacobi(2, 1)
    expect(nodes[0]).toBeCloseTo((4 - Math.sqrt(6)) / 10, 15)
    for (const n of [2, 3, 4, 5]) {
      const rule = gaussJacobi(n, 1)
      for (let m = 0; m < 2 * n; m++) expect(rule.nodes.reduce((s, x, i) => s + rule.weights[i] * x ** m, 0)).toBeCloseTo(2 / ((m + 1) * (m + 2)), 14)
    }
    expect(weights[0] + weights[1]).toBeCloseTo(1, 15)
  })
  it.each([1, 2, 3] as const)('on a simplex of dimension %i is exact to degree 2n − 1', dimension => {
    const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
    for (const n of [1, 2, 3, 4]) {
      const rule = simplexQuadrature(dimension, n)
      for (let p = 0; p < 2 * n; p++) {
        const q = 2 * n - 1 - p
        let sum = 0
        for (let i = 0; i < rule.points; i++) sum += rule.weights[i] * rule.lambda[i * (dimension + 1)] ** p * rule.lambda[i * (dimension + 1) + dimension] ** q
        expect(sum).toBeCloseTo((factorial(dimension) * factorial(p) * factorial(q)) / factorial(dimension + p + q), 14)
      }
    }
  })
})

describe('meshes', () => {
  it.each(cases)('in dimension %i, degree %i give polynomials of their degree back at any point, and NaN outside', (dimension, degree) => {
    const f = (x: number, y: number, z: number): number => (degree === 1 ? 1 + 2 * x - y + 3 * z : 1 + x * x - 2 * x * y + y * z + z)
    const field = fill(kuhn(dimension, 4, degree), f)
    const points = Float64Array.from([[0, 0, 0], [1, 1, 1], [0.5, 0.25, 0.75], [0.123, 0.456, 0.789], [1.001, 0.5, 0.5], [0.5, -0.2, 0.5]].flatMap(p => p.slice(0, dimension)))
    const values = evaluateAt(field, points)
    values.forEach((value, i) => {
      const [x, y = 0, z = 0] = points.subarray(i * dimension, (i + 1) * dimension)
      const inside = [x, y, z].every(v => v >= 0 && v <= 1)
      if (inside) expect(value).toBeCloseTo(f(x, y, z), 13)
      else expect(value).toBeNaN()
    })
    const { integral, measure } = integrateMesh(field.mesh, field.values)
    expect(measure).toBeCloseTo(1, 13)
    const exact = degree === 1 ? 1 + 1 - (dimension > 1 ? 0.5 : 0) + (dimension > 2 ? 1.5 : 0) : 1 + 1 / 3 - (dimension > 1 ? 0.5 : 0) + (dimension > 2 ? 0.25 + 0.5 : 0)
    expect(integral).toBeCloseTo(exact, 13)
  })

  it.each(cases)('in dimension %i, degree %i have the same values on a raster and at its points', (dimension, degree) => {
    const field = fill(kuhn(dimension, 3, degree), (x, y, z) => Math.sin(3 * x + y) * Math.cos(2 * z))
    const axes = (['x', 'y', 'z'] as const).slice(0, dimension).map(name => uniformAxis(name, -0.1, 1.1, 13, false))
    const raster = rasterise(field, { axes })
    const flat = Float64Array.from({ length: 13 ** dimension * dimension }, (_, i) => axes[i % dimension].coordinates[Math.floor(Math.floor(i / dimension) / 13 ** (i % dimension)) % 13])
    const direct = evaluateAt(field, flat)
    raster.values.forEach((value, i) => (Number.isNaN(direct[i]) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(direct[i], 12)))
    expect(raster.values.filter(Number.isFinite).length).toBe(11 ** dimension)
  })

  it('have errors of the orders of theory: degree + 1 in L², degree in H¹', () => {
    const u: PointFunction = ({ x, y }) => x.map((xi, i) => Math.sin(2 * xi) * Math.cos(y![i]))
    const gradient: PointFunction[] = [({ x, y }) => x.map((xi, i) => 2 * Math.cos(2 * xi) * Math.cos(y![i])), ({ x, y }) => x.map((xi, i) => -Math.sin(2 * xi) * Math.sin(y![i]))]
    for (const degree of [1, 2] as const) {
      const [coarse, fine] = [8, 16].map(n => errorsAgainstExact(fill(kuhn(2, n, degree, 0), (x, y) => Math.sin(2 * x) * Math.cos(y)), u, { degree: 3, gradient }))
      expect(Math.log2(coarse.relative_l2 / fine.relative_l2)).toBeCloseTo(degree + 1, 1)
      expect(Math.log2(coarse.relative_h1 / fine.relative_h1)).toBeCloseTo(degree, 1)
      expect(Math.log2(coarse.max_error / fine.max_error)).toBeGreaterThan(degree + 0.7)
    }
    const one: PointFunction = ({ x }) => x.map(() => 1)
    expect(errorsAgainstExact(fill(kuhn(3, 3, 2), () => 1.5), one, { degree: 3 }).relative_l2).toBeCloseTo(0.5, 13)
  })

  it.each([1, 2, 3] as const)('of dimension %i have the faces of the cube as boundary', dimension => {
    const mesh = kuhn(dimension, 3, 1)
    const faces = boundaryFaces(mesh)
    expect(faces.length / dimension).toBe([0, 2, 12, 108][dimension])
    expect(boundaryFaces(kuhn(dimension, 3, 2))).toEqual(faces)
    for (let f = 0; f < faces.length; f += dimension) {
      const corners = Array.from(faces.subarray(f, f + dimension))
      const flat = Array.from({ length: dimension }, (_, a) => [0, 1].some(side => corners.every(node => mesh.points[node * dimension + a] === side))).some(Boolean)
      expect(flat).toBe(true)
    }
  })

  it('find cells also where a mesh has a hole, and offer a raster of sensible size', () => {
    const whole = kuhn(2, 8, 1, 0)
    const centre = (c: number, a: number): number => (whole.points[whole.cells[3 * c] * 2 + a] + whole.points[whole.cells[3 * c + 1] * 2 + a] + whole.points[whole.cells[3 * c + 2] * 2 + a]) / 3
    const cells = Array.from({ length: whole.cells.length / 3 }, (_, c) => c).filter(c => Math.max(Math.abs(centre(c, 0) - 0.5), Math.abs(centre(c, 1) - 0.5)) > 0.25)
    const mesh: Mesh = { ...whole, cells: Int32Array.from(cells.flatMap(c => [...whole.cells.subarray(3 * c, 3 * c + 3)])) }
    const lambda = new Float64Array(3)
    const locator = createLocator(mesh)
    expect(locator.locate([0.5, 0.5], 0, lambda)).toBe(-1)
    expect(locator.locate([0.9, 0.1], 0, lambda)).toBeGreaterThanOrEqual(0)
    expect(Math.min(...lambda)).toBeGreaterThanOrEqual(-1e-9)
    expect(nominalGrid(mesh).axes.map(axis => axis.coordinates.length)).toEqual([257, 257])
    expect(nominalGrid(kuhn(1, 4, 2)).axes[0].coordinates).toHaveLength(33)
  })

  it('give their values to other grids and points, at other times, with all components', () => {
    const f = (x: number, y: number): number => x - 2 * y
    const one = fill(kuhn(2, 4, 1), f)
    const field: MeshField = { ...one, components: ['re', 'im'], times: Float64Array.of(0, 1), values: Float64Array.from([0, 1, 2, 3].flatMap(k => [...one.values.map(v => v * (k + 1))])) }
    const axes = [uniformAxis('x', 0, 1, 5, false), uniformAxis('y', 0, 1, 3, false)]
    const moved = resampleField(field, { axes }, Float64Array.of(0.5), 3)
    expect(moved.values).toHaveLength(2 * 15)
    expect(moved.values[7]).toBeCloseTo(2 * f(axes[0].coordinates[2], axes[1].coordinates[1]), 13)
    const points = sampleField(field, [Float64Array.of(0.3, 2), Float64Array.of(0.6, 0)], undefined, 3)
    expect(points[0]).toBeCloseTo(f(0.3, 0.6), 13)
    expect(points[6]).toBeCloseTo(4 * f(0.3, 0.6), 13)
    expect(points[1]).toBeNaN()
    expect(selectComponent(field, 'magnitude').values[0]).toBeCloseTo(Math.sqrt(5) * Math.abs(one.values[0]), 14)
  })
})

describe('fields with NaN outside the domain', () => {
  const n = 41
  const axes = [uniformAxis('x', 0, 1, n, false), uniformAxis('y', 0, 1, n, false)]
  const inside = (x: number, y: number): boolean => (x - 0.45) ** 2 + (y - 0.55) ** 2 > 0.04
  const make = (f: (x: number, y: number) => number, size = n): Field => {
    const own = [uniformAxis('x', 0, 1, size, false), uniformAxis('y', 0, 1, size, false)]
    return { name: 'u', grid: { axes: own }, values: Float64Array.from({ length: size * size }, (_, i) => {
      const [x, y] = [own[0].coordinates[i % size], own[1].coordinates[Math.floor(i / size)]]
      return inside(x, y) ? f(x, y) : NaN
    }) }
  }
  const cubic = (x: number, y: number): number => x * x * x - 3 * x * y * y + y
  const exact: PointFunction = ({ x, y }) => x.map((xi, i) => cubic(xi, y![i]))
  const gradient: PointFunction[] = [({ x, y }) => x.map((xi, i) => 3 * xi * xi - 3 * y![i] * y![i]), ({ x, y }) => x.map((xi, i) => 1 - 6 * xi * y![i])]

  it('are interpolated without reaching over them: a cubic has no error though windows shift', () => {
    const metrics = errorsAgainstExact(make(cubic), exact, { degree: 3, gradient, masked: true })
    expect(metrics.relative_l2).toBeLessThan(1e-13)
    expect(metrics.relative_h1).toBeLessThan(1e-11)
    expect(metrics.max_error).toBeLessThan(1e-13)
    expect(errorsAgainstExact(make(cubic), exact, { degree: 3 }).relative_l2).toBeNaN()
  })
  it('keep the order of the interpolation up to the hole', () => {
    const wave: PointFunction = ({ x, y }) => x.map((xi, i) => Math.sin(5 * xi) * Math.sin(4 * y![i]))
    const [coarse, fine] = [41, 81].map(size => errorsAgainstExact(make((x, y) => Math.sin(5 * x) * Math.sin(4 * y), size), wave, { degree: 3, masked: true }).relative_l2)
    expect(Math.log2(coarse / fine)).toBeGreaterThan(3.7)
  })
  it('integrate as the full norm does where nothing is missing, on periodic axes too', () => {
    const periodic = [uniformAxis('x', 0, 1, 16, true), uniformAxis('y', -1, 1, 17, false)]
    const values = Float64Array.from({ length: 16 * 17 }, (_, i) => Math.sin(2 * Math.PI * periodic[0].coordinates[i % 16]) + periodic[1].coordinates[Math.floor(i / 16)])
    const zero: PointFunction = ({ x, y }) => x.map((xi, i) => Math.sin(2 * Math.PI * xi) + y![i] * 1.1)
    const field: Field = { name: 'u', grid: { axes: periodic }, values }
    const [masked, full] = [true, false].map(flag => errorsAgainstExact(field, zero, { degree: 5, masked: flag }))
    expect(masked.relative_l2).toBeCloseTo(full.relative_l2, 13)
    expect(masked.max_error).toBeCloseTo(full.max_error, 13)
  })
  it('are resampled to NaN in the hole and exactly beside it', () => {
    const target = [uniformAxis('x', 0, 1, 64, false), uniformAxis('y', 0, 1, 64, false)]
    const moved = resampleField(make(cubic), { axes: target }, undefined, 3)
    let finite = 0
    moved.values.forEach((value, i) => {
      const [x, y] = [target[0].coordinates[i % 64], target[1].coordinates[Math.floor(i / 64)]]
      if (!inside(x, y)) expect(value).toBeNaN()
      if (Number.isNaN(value)) return
      finite++
      expect(value).toBeCloseTo(cubic(x, y), 12)
    })
    expect(finite).toBeGreaterThan(0.8 * 64 * 64)
  })
  it('have errors over all components together', () => {
    const field: Field = { name: 'v', grid: { axes }, components: ['x', 'y'], values: Float64Array.from({ length: 2 * n * n }, (_, i) => (i < n * n ? 3.3 : 4)) }
    const constant = (value: number): PointFunction => ({ x }) => x.map(() => value)
    const sums = [errorSums(field, 0, constant(3), { degree: 2 }), errorSums(field, 1, constant(4), { degree: 2 })]
    expect(errorMetrics(sums, undefined, false).relative_l2).toBeCloseTo(0.3 / 5, 13)
    expect(errorMetrics([sums[0]], undefined, false).relative_l2).toBeCloseTo(0.1, 13)
  })
})
