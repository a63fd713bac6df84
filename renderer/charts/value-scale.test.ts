import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { denormalise, fittedScale, normalise, transforms, typedScale, valueKind } from './value-scale'

describe('value scale', () => {
  it('centres signed fields on zero with symmetric limits', () => {
    const scale = fittedScale(-0.4, 1, 'signed')
    expect([scale.lower, scale.upper]).toEqual([-1, 1])
    expect(normalise(scale, 0)).toBe(0.5)
  })
  it('keeps roundoff and small undershoots a magnitude', () => {
    expect(valueKind(-1e-17, 1)).toBe('magnitude')
    expect(valueKind(-0.02, 1)).toBe('magnitude')
    expect(valueKind(-0.5, 1)).toBe('signed')
    expect(valueKind(-3, -1)).toBe('magnitude')
  })
  it('shows errors on a logarithmic scale of at most six decades, zero error included', () => {
    const scale = fittedScale(0, 1e-3, 'error')
    expect(scale.transform).toBe('log')
    expect(scale.lower).toBeCloseTo(1e-9, 20)
    expect(normalise(scale, 0)).toBe(-Infinity)
  })
  it('puts a constant field in the middle', () => {
    expect(normalise(fittedScale(3, 3, 'magnitude'), 3)).toBeCloseTo(0.5)
    expect(normalise(fittedScale(0, 0, 'magnitude'), 0)).toBeCloseTo(0.5)
  })
  it('inverts', () => {
    fc.assert(fc.property(fc.constantFrom(...transforms), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), fc.double({ min: 1.01, max: 1e4, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (transform, lower, factor, position) => {
      const scale = typedScale([lower, lower * factor], transform)
      expect(normalise(scale, denormalise(scale, position))).toBeCloseTo(position, 6)
    }))
  })
  it('repairs typed ranges', () => {
    expect(typedScale([2, 1], 'linear')).toMatchObject({ lower: 1, upper: 2 })
    expect(typedScale([-1, 10], 'log').lower).toBeGreaterThan(0)
    expect(typedScale([1, 1], 'linear').upper).toBeGreaterThan(1)
  })
  it('passes NaN through', () => {
    expect(normalise(fittedScale(0, 1, 'magnitude'), NaN)).toBeNaN()
  })
})
