import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { Geometry } from '../../problems/geometry'
import { boundaryRule, domainRule, gaussPoints, type SampledDomain } from '.'

const libm = loadLibm(readKernels())
const disk = { kind: 'ball', center: [0.2, -0.1], radius: 0.5 } as const
const box = (dimension: number, geometry?: Geometry, periodic = false): SampledDomain => ({ coordinates: ['x', 'y', 'z'].slice(0, dimension), lower: new Array<number>(dimension).fill(-1), upper: new Array<number>(dimension).fill(1), periodic: new Array<boolean>(dimension).fill(periodic), ...(geometry ? { geometry } : {}) })
const lShape = [[-1, -1], [0, -1], [0, 0], [1, 0], [1, 1], [-1, 1]] as const

/** f and its gradient. */
const smooth = (p: ArrayLike<number>): number => libm.exp(0.3 * p[0] - 0.7 * (p[1] ?? 0) + 0.5 * (p[2] ?? 0))
const slopes = [0.3, -0.7, 0.5]

describe('∫_Ω ∂ᵢf = ∫_Γ f nᵢ, by rules that share nothing but the domain', () => {
  it.each<[string, SampledDomain, number, number]>([
    ['interval', box(1), 16, 1e-13], ['square', box(2), 144, 1e-12], ['cube', box(3), 1000, 1e-12],
    ['disk', box(2, { outer: disk, holes: [] }), 200, 1e-11], ['ball', box(3, { outer: { kind: 'ball', center: [0, 0, 0.1], radius: 0.8 }, holes: [] }), 1500, 1e-8],
    ['L-shape', box(2, { outer: { kind: 'polygon', points: lShape }, holes: [] }), 200, 1e-11],
    ['square with a disk and a triangle out', box(2, { outer: { kind: 'box' }, holes: [disk, { kind: 'polygon', points: [[-0.9, 0.5], [-0.6, 0.55], [-0.8, 0.9]] }] }), 1200, 1e-8],
    ['cube with two balls out', box(3, { outer: { kind: 'box' }, holes: [{ kind: 'ball', center: [0.3, 0.2, 0.4], radius: 0.3 }, { kind: 'ball', center: [-0.4, -0.4, -0.3], radius: 0.4 }] }), 12_000, 5e-4],
  ])('%s', (_, domain, count, tolerance) => {
    const inside = domainRule(domain, count, libm)!
    const sides = boundaryRule(domain, 400, libm)!
    expect(inside.count / count).toBeGreaterThan(0.4)
    expect(inside.count / count).toBeLessThan(2.5)
    expect(inside.weights.every(w => w > 0)).toBe(true)
    const d = inside.dimension
    domain.coordinates.forEach((_axis, i) => {
      let [volume, surface] = [0, 0]
      for (let k = 0; k < inside.count; k++) volume += inside.weights[k] * slopes[i] * smooth(inside.points.subarray(k * d, (k + 1) * d))
      for (let k = 0; k < sides.count; k++) surface += sides.weights[k] * smooth(sides.points.subarray(k * d, (k + 1) * d)) * sides.normals[k * d + i]
      expect(Math.abs(volume - surface)).toBeLessThan(tolerance)
    })
  })

  it('none where an inequality cuts the domain, or in many dimensions', () => {
    expect(domainRule({ ...box(2), geometry: { outer: { kind: 'box' }, holes: [], where: { kind: 'compare', operator: '<', left: { kind: 'name', name: 'x' }, right: { kind: 'number', value: 0 } } } }, 100, libm)).toBeUndefined()
    expect(domainRule({ coordinates: ['x1', 'x2', 'x3', 'x4'], lower: [0, 0, 0, 0], upper: [1, 1, 1, 1], periodic: [false, false, false, false] }, 1000, libm)).toBeUndefined()
  })

  it('panels of a long rule are exact for polynomials, periodic points for waves', () => {
    const { points, weights } = gaussPoints(70, 0, 2)
    expect(points.length).toBe(70)
    expect(points.reduce((sum, x, i) => sum + weights[i] * x * x * x, 0)).toBeCloseTo(4, 13)
    const wave = domainRule(box(1, undefined, true), 9, libm)!
    expect(wave.points.reduce((sum, x, i) => sum + wave.weights[i] * (1 + libm.cos(8 * Math.PI * x)), 0)).toBeCloseTo(2, 13)
  })
})
