import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { automaticCutoff, precisions } from '.'

const decaying = (perDecade: number, decades: number): Float64Array => Float64Array.from({ length: perDecade * decades + 1 }, (_, k) => 7 * 10 ** (-k / perDecade))

describe('the automatic cut-off', () => {
  it('lies near the root of the precision for an even decay', () => {
    for (const precision of Object.values(precisions)) {
      const { cutoff, rank } = automaticCutoff(decaying(5, 16), precision)
      expect(cutoff).toBeGreaterThan(Math.sqrt(precision) / 4)
      expect(cutoff).toBeLessThan(Math.sqrt(precision) * 4)
      expect(rank).toBe(decaying(5, 16).filter(s => s > cutoff * 7).length)
    }
  })
  it('moves into the widest gap near by', () => {
    const values = [1, 1e-3, 1e-6, 4e-8, 3e-8, 6e-9, 5.5e-9, 1e-12]
    const { cutoff, rank, gap } = automaticCutoff(values)
    expect(rank).toBe(7)
    expect(gap).toBeCloseTo(5500, 6)
    expect(cutoff).toBeCloseTo(Math.sqrt(5.5e-21), 15)
    expect(automaticCutoff([1, 1e-3, 1e-7, 4e-8, 2e-9, 1e-9, 9e-10]).rank).toBe(4)
  })
  it('keeps a spectrum that ends above, and cuts a gap across the guess', () => {
    expect(automaticCutoff([3, 2, 1])).toEqual({ cutoff: 1 / 6, rank: 3, gap: Infinity })
    expect(automaticCutoff([3, 2, 1, 1e-15]).rank).toBe(3)
    expect(automaticCutoff([3, 2, 1, 0, 0])).toMatchObject({ rank: 3, gap: Infinity })
    expect(automaticCutoff([0, 0])).toMatchObject({ rank: 0 })
  })
  it('is consistent: the values above it are its rank', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -20, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 }), exponents => {
      const values = Float64Array.from(exponents, e => 10 ** e).sort().reverse()
      const { cutoff, rank } = automaticCutoff(values)
      expect(values.filter(s => s > cutoff * values[0]).length).toBe(rank)
      expect(rank).toBeGreaterThan(0)
    }))
  })
})
