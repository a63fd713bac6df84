import { describe, expect, it } from 'vitest'
import { finiteRange, fractionalIndex, samplePicture, wrapPeriodic } from './picture'
import type { Picture } from './picture'

const bilinear = (x: number, y: number): number => 1 + 2 * x - 3 * y + 0.5 * x * y
function make(x: number[], y: number[], f = bilinear): Picture {
  return { x: Float64Array.from(x), y: Float64Array.from(y), values: Float32Array.from(y.flatMap(b => x.map(a => f(a, b)))) }
}

describe('picture', () => {
  it('reproduces a bilinear function between uneven nodes', () => {
    const picture = make([0, 0.1, 0.5, 2], [-1, 0, 3])
    for (const [x, y] of [[0.05, -0.5], [0.3, 1], [2, 3], [0, -1], [1.234, 2.5]]) expect(samplePicture(picture, x, y)).toBeCloseTo(bilinear(x, y), 5)
  })
  it('has no value outside and beside a missing node, but keeps the nodes next to it', () => {
    const picture = make([0, 1, 2], [0, 1], (x, y) => (x === 2 && y === 0 ? NaN : x))
    expect(samplePicture(picture, 2.1, 0)).toBeNaN()
    expect(samplePicture(picture, 1.8, 0.3)).toBeNaN()
    // On the triangle of the three corners that are there.
    expect(samplePicture(picture, 1.5, 0.5)).toBe(1.5)
    expect(samplePicture(picture, 1, 0)).toBe(1)
    expect(samplePicture(picture, 1.5, 1)).toBe(1.5)
  })
  it('works on a single row and a single node', () => {
    expect(samplePicture(make([0, 1], [2], x => x), 0.25, 2)).toBe(0.25)
    expect(fractionalIndex(Float64Array.of(3), 3)).toBe(0)
  })
  it('wraps periodic axes to their end', () => {
    const wrapped = wrapPeriodic(make([0, 1, 2], [0, 1], (x, y) => 10 * y + x), [3, 2])
    expect([...wrapped.x]).toEqual([0, 1, 2, 3])
    expect([...wrapped.y]).toEqual([0, 1, 2])
    expect([...wrapped.values]).toEqual([0, 1, 2, 0, 10, 11, 12, 10, 0, 1, 2, 0])
    const bounded = make([0, 1], [0, 1])
    expect(wrapPeriodic(bounded, [undefined, undefined])).toBe(bounded)
  })
  it('finds the finite range', () => {
    expect(finiteRange([NaN, 2, -Infinity, -1])).toEqual([-1, 2])
    expect(finiteRange([NaN])).toEqual([NaN, NaN])
  })
})
