import { describe, expect, it } from 'vitest'
import { bandIndex, createBand, factorBanded } from './banded'
import { noise } from './matrices.testing'

describe('banded elimination', () => {
  it.each([[12, 2, 3], [20, 1, 1], [7, 0, 2], [9, 3, 0], [5, 4, 4], [3, 2, 2], [1, 0, 0]])('solves n = %i with %i subdiagonals and %i superdiagonals, pivoting included', (n, lower, upper) => {
    const band = createBand(n, lower, upper)
    const random = noise(band.values.length, n)
    const exact = noise(2 * n, 5)
    const b = new Float64Array(2 * n)
    for (let i = 0; i < n; i++) {
      for (let j = Math.max(0, i - lower); j <= Math.min(n - 1, i + upper); j++) {
        // Small diagonals: without pivoting this would lose all digits.
        const value = (band.values[bandIndex(band, i, j)] = random[bandIndex(band, i, j)] * (i === j && lower > 0 && upper > 0 ? 1e-9 : 1))
        b[i] += value * exact[j]
        b[n + i] += value * exact[n + j]
      }
    }
    const factors = factorBanded(band)
    factors.solve(b)
    let error = 0
    b.forEach((value, k) => (error = Math.max(error, Math.abs(value - exact[k]))))
    expect(error).toBeLessThan(1e-13 / Math.max(1e-3, factors.leastPivot))
  })

  it('refuses a singular matrix', () => {
    const band = createBand(4, 1, 1)
    for (let i = 0; i < 3; i++) band.values[bandIndex(band, i, i)] = 1
    expect(() => factorBanded(band)).toThrow(/singular/)
  })
})
