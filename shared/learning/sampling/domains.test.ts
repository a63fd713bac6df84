import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { statementSchema } from '../../experiment/document'
import { analyse } from '../../problems/analyse'
import { createRandom } from '../random'
import { atTime, boundaryParts, boundaryPoints, domainVolume, interiorPoints, membership, sampledDomain, sequences, type PointSet, type SampledDomain } from '.'
import { sharedOut } from './boundary'

const libm = loadLibm(readKernels())
const stream = createRandom(5, libm, 'domains')
function domain(given: object): SampledDomain {
  const { problem, faults } = analyse(statementSchema.parse({ domain: given, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] }), libm)
  expect(faults.filter(f => f.severity === 'error')).toEqual([])
  return sampledDomain(problem!)
}
const integral = ({ count, dimension, points, weights }: PointSet, f: (x: Float64Array) => number): number => {
  let sum = 0
  for (let k = 0; k < count; k++) sum += weights[k] * f(points.subarray(k * dimension, (k + 1) * dimension))
  return sum
}
const square = { bounds: [[0, 2], [-1, 1]] }
const annulus = { shape: 'disk', center: [1, 0], radius: 2, holes: [{ disk: { center: [1, 0], radius: 1 } }] }
const holed = { bounds: [[0, 1], [0, 1]], holes: [{ polygon: [[0.25, 0.25], [0.5, 0.25], [0.5, 0.5], [0.25, 0.5]] }].map(h => ({ polygon: { points: h.polygon } })) }
const halfDisk = { shape: 'mask', bounds: [[0, 1], [-1, 1]], where: 'x^2 + y^2 < 1' }
const quarterBall = { shape: 'mask', bounds: [[0, 1], [0, 1], [-1, 1]], where: 'x^2 + y^2 + z^2 < 1' }
/** Domain, |Ω|, |Γ|, ∫_Ω x, the measured error of the two measures. */
const cases: [string, object, number, number, number, number][] = [
  ['an interval', { bounds: [[1, 3]] }, 2, 2, 4, 0],
  ['a rectangle', square, 4, 8, 4, 0],
  ['a strip', { bounds: [[0, 2], [-1, 1]], periodic: [true, false] }, 4, 4, 4, 0],
  ['a box', { bounds: [[0, 1], [0, 2], [0, 3]] }, 6, 22, 3, 0],
  ['an annulus', annulus, 3 * Math.PI, 6 * Math.PI, 3 * Math.PI, 0],
  ['a ball', { shape: 'ball', center: [1, 0, 0], radius: 2 }, (32 / 3) * Math.PI, 16 * Math.PI, (32 / 3) * Math.PI, 0],
  ['an L-shape', { shape: 'l-shape' }, 3, 8, -0.5, 0],
  ['a triangle', { shape: 'polygon', points: [[0, 0], [3, 0], [0, 4]] }, 6, 12, 6, 0],
  ['a square with a square hole', holed, 1 - 1 / 16, 5, 0.5 - 0.375 / 16, 0],
  ['half a disk by an inequality', halfDisk, Math.PI / 2, Math.PI + 2, 2 / 3, 3e-4],
  ['a quarter of a ball by an inequality', quarterBall, Math.PI / 3, Math.PI + Math.PI, Math.PI / 8, 4e-3],
  ['a cube of five dimensions', { dimension: 5, bounds: [[0, 2]] }, 32, 160, 32, 0],
]

describe.each(cases)('%s', (_, given, volume, measure, moment, tolerance) => {
  const own = domain(given)
  const inside = membership(own, libm)
  const space = own.coordinates.length
  it('has its volume and the measure of its boundary', () => {
    expect(Math.abs(domainVolume(own, libm) / volume - 1)).toBeLessThanOrEqual(tolerance + 1e-14)
    expect(Math.abs(boundaryParts(own, libm).reduce((sum, part) => sum + part.measure, 0) / measure - 1)).toBeLessThanOrEqual(tolerance + 1e-14)
  })
  it('points of every sequence lie inside, are repeatable and integrate', () => {
    for (const sequence of sequences) {
      const set = interiorPoints(own, 512, { sequence, stream, libm })
      expect(set.points).toHaveLength(512 * space)
      for (let k = 0; k < 512; k++) expect(inside(set.points.subarray(k * space, (k + 1) * space))).toBe(true)
      expect(interiorPoints(own, 512, { sequence, stream, libm })).toEqual(set)
      expect(Math.abs(integral(set, () => 1) / volume - 1)).toBeLessThan(tolerance + 1e-12)
      // Five deviations of independent points: x varies by less than 2 in all domains.
      expect(Math.abs(integral(set, x => x[0]) - moment)).toBeLessThan(5 * 2 * volume / Math.sqrt(512))
    }
    const sobol = interiorPoints(own, 4096, { sequence: 'sobol', stream, libm })
    expect(Math.abs(integral(sobol, x => x[0]) - moment)).toBeLessThan(volume * (tolerance + 4e-3))
  })
  it('boundary points lie on the boundary with outward normals, and obey the divergence theorem', () => {
    const set = boundaryPoints(own, 2048, { sequence: 'sobol', stream, libm })
    expect(set.count).toBe(2048)
    const size = 1e-5
    let sum = 0
    for (let k = 0; k < set.count; k++) {
      const point = [...set.points.subarray(k * space, (k + 1) * space)]
      const normal = set.normals.subarray(k * space, (k + 1) * space)
      expect(Math.abs(normal.reduce((s, n) => s + n * n, 0) - 1)).toBeLessThan(1e-9)
      const moved = (step: number): boolean => own.coordinates.every((_x, i) => own.periodic[i] || (point[i] + step * normal[i] >= own.lower[i] && point[i] + step * normal[i] <= own.upper[i])) && inside(point.map((x, i) => x + step * normal[i]))
      expect(moved(-size)).toBe(true)
      expect(moved(size)).toBe(false)
      sum += set.weights[k] * point.reduce((s, x, i) => s + (own.periodic[i] ? 0 : x * normal[i]), 0)
    }
    // ∫_Γ x·n = d |Ω|, d without the periodic axes.
    const free = own.periodic.filter(p => !p).length
    expect(Math.abs(sum / (free * volume) - 1)).toBeLessThan(tolerance + 2e-3)
    const constants = own.coordinates.map((_x, i) => Array.from({ length: set.count }, (_y, k) => set.weights[k] * set.normals[k * space + i]).reduce((s, v) => s + v, 0))
    constants.forEach(c => expect(Math.abs(c)).toBeLessThan(measure * (tolerance + 2e-3)))
  })
  it('takes the time as the last coordinate', () => {
    for (const make of [interiorPoints, boundaryPoints]) {
      const set = make(own, 300, { sequence: 'sobol', stream, libm, time: [2, 5] })
      expect(set.dimension).toBe(space + 1)
      const times = Array.from({ length: 300 }, (_x, k) => set.points[k * (space + 1) + space])
      expect(times.every(t => t >= 2 && t < 5)).toBe(true)
      expect(Math.abs(times.reduce((s, t) => s + t, 0) / 300 - 3.5)).toBeLessThan(3 * 3 / Math.sqrt(12 * 300))
      expect(Math.abs(integral(set, () => 1) / (3 * (make === interiorPoints ? volume : measure)) - 1)).toBeLessThan(tolerance + 1e-12)
    }
  })
})

describe('boundary parts', () => {
  const names = (given: object): string[] => boundaryParts(domain(given), libm).map(part => part.name)
  it('bear the names that conditions use', () => {
    expect(names(square)).toEqual(['left', 'right', 'bottom', 'top'])
    expect(names(annulus)).toEqual(['circle', 'hole 1'])
    expect(names({ shape: 'l-shape' }).sort()).toEqual(['bottom', 'left', 'polygon', 'right', 'top'])
    expect(names(halfDisk)).toEqual(['left', 'cut'])
    expect(boundaryParts(domain(halfDisk), libm).map(part => [part.sides, part.inner])).toEqual([[['left'], false], [[], true]])
    expect(names({ dimension: 4 })).toEqual(['x1 = 0', 'x1 = 1', 'x2 = 0', 'x2 = 1', 'x3 = 0', 'x3 = 1', 'x4 = 0', 'x4 = 1'])
  })
  it('share points out by their measure, at least one each', () => {
    expect(sharedOut([1, 1, 2], 8)).toEqual([2, 2, 4])
    expect(sharedOut([1000, 1], 10)).toEqual([9, 1])
    expect(sharedOut([1, 1, 1], 3)).toEqual([1, 1, 1])
    expect(sharedOut([3, 1, 1], 7).reduce((a, b) => a + b)).toBe(7)
  })
  it('of a cube in a hundred dimensions get points by lot when there are fewer points than sides', () => {
    const cube = domain({ dimension: 100 })
    const set = boundaryPoints(cube, 120, { sequence: 'sobol', stream, libm })
    expect(set.count).toBe(120)
    expect(integral(set, () => 1)).toBeCloseTo(200, 10)
    for (let k = 0; k < 120; k++) expect(set.points.subarray(k * 100, (k + 1) * 100).some(x => x === 0 || x === 1)).toBe(true)
    expect(new Set(set.partOf).size).toBe(120)
  })
  it('can be taken one at a time', () => {
    const own = domain(square)
    const set = boundaryPoints(own, 50, { sequence: 'grid', stream, libm, parts: boundaryParts(own, libm).filter(part => part.name === 'top') })
    expect(integral(set, x => x[0] * x[1])).toBeCloseTo(2, 12)
  })
})

describe('point sets', () => {
  it('are placed at one time', () => {
    const set = atTime(interiorPoints(domain(square), 3, { sequence: 'uniform', stream, libm }), 0.5)
    expect([2, 5, 8].map(k => set.points[k])).toEqual([0.5, 0.5, 0.5])
    expect(set.dimension).toBe(3)
  })
  it('are refused in a domain without points', () => {
    const own: SampledDomain = { coordinates: ['x', 'y'], lower: [0, 0], upper: [1, 1], periodic: [false, false], geometry: { outer: { kind: 'ball', center: [9, 9], radius: 0.1 }, holes: [] } }
    for (const sequence of ['sobol', 'stratified'] as const) expect(() => interiorPoints(own, 10, { sequence, stream, libm })).toThrow('No point inside the domain was found.')
  })
})
