import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createRandom } from '../random'
import { drawByResidual, largestResiduals, residualDensity } from '.'

const libm = loadLibm(readKernels())
const stream = createRandom(7, libm, 'adaptive')

describe('points by residual', () => {
  it('have the density |r|^k / mean |r|^k + c, scaled to mean one', () => {
    expect([...residualDensity([1, -3], {}, libm)]).toEqual([0.75, 1.25])
    expect([...residualDensity([1, -3], { constant: 0 }, libm)]).toEqual([0.5, 1.5])
    residualDensity([1e200, -3e200, 0], { exponent: 2, constant: 0 }, libm).forEach((p, i) => expect(p).toBeCloseTo([0.3, 2.7, 0][i], 13))
    expect([...residualDensity([0, 0, 0], { exponent: 2 }, libm)]).toEqual([1, 1, 1])
  })
  it('are drawn without repetition in those proportions', () => {
    const residuals = Float64Array.from({ length: 20_000 }, (_, i) => (i < 2000 ? 9 : 1))
    // mean 1.8: shares of the first tenth 0.1 (5 + 1) / 2 = 0.3 with c = 1, 0.5 with c = 0.
    for (const [constant, share] of [[1, 0.3], [0, 0.5]] as const) {
      const chosen = drawByResidual(residuals, 1000, { constant, stream: stream.child(constant), libm })
      expect(new Set(chosen).size).toBe(1000)
      // Without replacement the share falls a little; four deviations.
      expect(Math.abs(chosen.filter(i => i < 2000).length / 1000 - share)).toBeLessThan(0.06)
    }
    expect(drawByResidual([1, 0, 0, 2], 2, { constant: 0, stream, libm })).toEqual(Int32Array.of(0, 3))
  })
  it('are the largest for refinement', () => {
    expect(largestResiduals([1, -7, 3, 3, 0], 2)).toEqual(Int32Array.of(1, 2))
  })
  it('are refused when a residual is not finite', () => {
    expect(() => residualDensity([1, NaN], {}, libm)).toThrow('The residual is not finite at a candidate point')
  })
})
