import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { gaussQuadrature } from '../../fields/quadrature'
import { uniformAxis } from '../../fields/field'
import { createRandom } from '../random'
import { interiorPoints } from '../sampling'
import { baselinesOf } from './baselines'

const libm = loadLibm(readKernels())

describe('the best constant and the best linear function', () => {
  const { points, weights } = gaussQuadrature(uniformAxis('x', 0, 1, 21, false), 3)
  const x = Float64Array.from(points)
  const w = Float64Array.from(weights)

  it.each<[string, (x: number) => number, number, number]>([
    // ∫x⁴ = 1/5, variance of x² 4/45; the best line is x − 1/6 with ∫(x² − x + 1/6)² = 1/180.
    ['x²', v => v * v, Math.sqrt(4 / 9), Math.sqrt(5 / 180)],
    // ∫cos²πx = 1/2, mean 0; slope −24/π², what remains 1/2 − 48/π⁴.
    ['cos πx', v => libm.cos(Math.PI * v), 1, Math.sqrt(1 - 96 / (Math.PI * Math.PI * Math.PI * Math.PI))],
    ['3 + 2x', v => 3 + 2 * v, Math.sqrt((4 / 12) / (9 + 6 + 4 / 3)), 0],
  ])('of %s on the unit interval', (_, u, constant, linear) => {
    const found = baselinesOf(x, w, [x.map(u)])!
    expect(found.baseline_constant).toBeCloseTo(constant, 8)
    expect(found.baseline_linear).toBeCloseTo(linear, 7)
  })

  it('of ‖x‖² in a hundred dimensions are 8.9 % and 2.2 %', () => {
    const d = 100
    const domain = { coordinates: Array.from({ length: d }, (_, i) => `x${i + 1}`), lower: new Array<number>(d).fill(0), upper: new Array<number>(d).fill(1), periodic: new Array<boolean>(d).fill(false) }
    const set = interiorPoints(domain, 6000, { sequence: 'sobol', stream: createRandom(1, libm, 'baselines'), libm })
    const u = Float64Array.from({ length: set.count }, (_, k) => set.points.subarray(k * d, (k + 1) * d).reduce((s, v) => s + v * v, 0))
    const found = baselinesOf(set.points, set.weights, [u])!
    // √(d·4/45) and √(d/180) over √((d/3)² + d·4/45).
    const size = Math.sqrt((d / 3) * (d / 3) + (4 * d) / 45)
    expect(found.baseline_constant / (Math.sqrt((4 * d) / 45) / size)).toBeCloseTo(1, 1)
    expect(found.baseline_linear / (Math.sqrt(d / 180) / size)).toBeCloseTo(1, 1)
  })

  it('takes components together, and a coordinate that does not vary', () => {
    const flat = Float64Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x[i / 2] : 0.5))
    const found = baselinesOf(flat, w, [x.map(v => v * v), x.map(() => 2)])!
    expect(found.baseline_linear).toBeCloseTo(Math.sqrt((1 / 180) / (1 / 5 + 4)), 8)
    expect(baselinesOf(x, w, [x.map(() => 0)])).toBeUndefined()
  })
})
