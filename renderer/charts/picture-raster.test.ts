import { describe, expect, it } from 'vitest'
import { colourMapOf, colourTable } from './colour-maps'
import { pixelIndices, rasterise, withoutNonFinite } from './picture-raster'
import { fittedScale } from './value-scale'

const table = colourTable(colourMapOf('viridis'))

describe('raster of a picture', () => {
  it('finds nodes under pixel centres, also on uneven axes, and nothing outside', () => {
    expect([...pixelIndices(Float64Array.of(0, 1, 2), 4, 0, 2, true)]).toEqual([0.25, 0.75, 1.25, 1.75])
    expect([...pixelIndices(Float64Array.of(0, 1, 3), 3, 0, 3, true)]).toEqual([0.5, 1.25, 1.75])
    expect([...pixelIndices(Float64Array.of(0, 1), 2, 0, 2, true)]).toEqual([0.5, -1])
    expect([...pixelIndices(Float64Array.of(0, 1, 2), 4, 0, 2, false)]).toEqual([0, 1, 1, 2])
  })
  it('draws y upward, colours through the table, and leaves the outside transparent', () => {
    const picture = { x: Float64Array.of(0, 1), y: Float64Array.of(0, 1), values: Float32Array.of(0, Infinity, 1, NaN) }
    const pixels = rasterise(picture, Float32Array.of(0, 1, -1), Float32Array.of(0, 1), fittedScale(0, 1, 'magnitude'), table)
    const at = (column: number, row: number) => [...pixels.subarray(4 * (3 * row + column), 4 * (3 * row + column) + 4)]
    expect(at(0, 1)).toEqual([68, 1, 84, 255])
    expect(at(0, 0)).toEqual([253, 231, 37, 255])
    expect(at(1, 0)).toEqual([0, 0, 0, 0])
    expect(at(2, 0)).toEqual([0, 0, 0, 0])
    expect(at(1, 1)).toEqual([...table.missing, 255])
  })
  it('marks what is not finite before it goes to a shader', () => {
    const values = Float32Array.of(1, NaN, -Infinity)
    expect([...withoutNonFinite(values)]).toEqual([1, Math.fround(3e38), Math.fround(1e38)])
    const clean = Float32Array.of(1, 2)
    expect(withoutNonFinite(clean)).toBe(clean)
  })
})
