import { describe, expect, it } from 'vitest'
import { uniformAxis } from '../fields/field'
import type { Field } from '../fields/field'
import { isSigned, makeColours } from './colour/colours'
import { colourTable } from './colour/maps'
import { paintPlane } from './picture'
import { spaceCurve, spacePlane, spacetimePlane } from './slices'
import type { ColourMapName } from './specification'
import { colourScaleSchema } from './specification'

const grey = (least: number, greatest: number, extra = {}) => makeColours(colourScaleSchema.parse({ map: 'grey', range: [least, greatest], ...extra }), [least, greatest])

function field(nx: number, ny: number, f: (x: number, y: number) => number, periodic = false): Field {
  const axes = [uniformAxis('x', 0, 2, nx, periodic), uniformAxis('y', -1, 1, ny, periodic)]
  return { name: 'u', grid: { axes }, values: Float64Array.from({ length: nx * ny }, (_, k) => f(axes[0].coordinates[k % nx], axes[1].coordinates[Math.floor(k / nx)])) }
}

describe('pictures of fields', () => {
  it('show an affine field exactly at every pixel centre, right to the walls, upper rows on top', () => {
    const plane = spacePlane(field(7, 5, (x, y) => x + 3 * y), undefined, {})
    const [columns, rows] = [23, 19]
    const rgb = paintPlane(plane, columns, rows, grey(-3, 5), false)
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < columns; i++) {
        const x = ((i + 0.5) / columns) * 2
        const y = 1 - ((row + 0.5) / rows) * 2
        expect(Math.abs(rgb[3 * (row * columns + i)] - (255 * (x + 3 * y + 3)) / 8)).toBeLessThanOrEqual(0.51)
      }
    }
  })

  it('close a periodic axis with its first node', () => {
    const plane = spacePlane(field(8, 8, x => (x < 0.1 ? 1 : 0), true), undefined, {})
    const rgb = paintPlane(plane, 80, 8, grey(0, 1), false)
    // Last pixel: 0.95 of the way from the last node back to the first.
    expect(rgb[3 * 79]).toBe(Math.round(255 * 0.95))
    expect(plane.horizontal.coordinates[8]).toBe(2)
  })

  it('give flat cells to nodes, half cells at the walls', () => {
    const rgb = paintPlane(spacePlane(field(3, 2, x => x), undefined, {}), 8, 1, grey(0, 2), true)
    expect([...rgb].filter((_, k) => k % 3 === 0)).toEqual([0, 0, 128, 128, 128, 128, 255, 255])
  })

  it('paint what is not a number in its own colour, and nothing but that', () => {
    const plane = spacePlane(field(5, 5, (x, y) => (x === 1 && y === 0 ? NaN : 1)), undefined, {})
    const rgb = paintPlane(plane, 40, 40, grey(0, 2, { missing: '#ff0000' }), true)
    let red = 0
    for (let k = 0; k < 1600; k++) if (rgb[3 * k] === 255 && rgb[3 * k + 1] === 0) red++
    expect(red).toBe(100)
  })

  it('put time to the right and space upwards', () => {
    const axis = uniformAxis('x', 0, 1, 3, false)
    const plane = spacetimePlane({ name: 'u', grid: { axes: [axis] }, times: Float64Array.from([0, 1]), values: Float64Array.from([0, 1, 2, 10, 11, 12]) })
    expect([...plane.values]).toEqual([0, 10, 1, 11, 2, 12])
    expect([plane.horizontal.name, plane.vertical.name]).toEqual(['t', 'x'])
  })

  it('cut between nodes linearly', () => {
    const cut = spaceCurve(field(5, 5, (x, y) => x + 10 * y), 0, undefined, { y: 0.3 })
    cut.values.forEach((v, i) => expect(v).toBeCloseTo(cut.axis.coordinates[i] + 3, 12))
  })
})

it('angles are interpolated the short way around', () => {
  const colours = makeColours(colourScaleSchema.parse({ map: 'phase' }), undefined)
  const plane = spacePlane(field(2, 2, x => (x === 0 ? 3.1 : -3.1)), undefined, {})
  const rgb = paintPlane(plane, 9, 1, colours, false)
  for (let i = 0; i < 9; i++) expect(Math.min(...rgb.subarray(3 * i, 3 * i + 3))).toBeGreaterThan(200)
})

describe('colours', () => {
  it('are diverging and symmetric for a signed field, not for one that dips below zero by rounding', () => {
    const signed = makeColours(colourScaleSchema.parse({}), [-0.3, 1])
    expect([signed.map, signed.range]).toEqual(['diverging', [-1, 1]])
    expect(isSigned(-1e-15, 1)).toBe(false)
    expect(makeColours(colourScaleSchema.parse({}), [-1e-15, 1]).map).toBe('viridis')
  })
  it('end at a round number when the data nearly do', () => {
    const range = (least: number, greatest: number): readonly number[] => makeColours(colourScaleSchema.parse({}), [least, greatest]).range
    expect(range(1e-7, 0.998)).toEqual([0, 1])
    expect(range(0.03, 0.93)).toEqual([0.03, 0.93])
    expect(range(-0.9995, 0.7)).toEqual([-1, 1])
    expect(range(2.001e-5, 4.998e-5)).toEqual([2e-5, 5e-5])
    expect(range(-300.2, -99.9)).toEqual([-300.2, -99.9])
  })
  it('have the published ends, a neutral middle, and a phase map that closes', () => {
    const ends = (name: ColourMapName): number[][] => { const { rgb } = colourTable(name); return [[...rgb.subarray(0, 3)], [...rgb.subarray(765)]] }
    expect(ends('viridis')).toEqual([[68, 1, 84], [253, 231, 37]])
    const middle = makeColours(colourScaleSchema.parse({ map: 'diverging', range: [-1, 1] }), undefined)
    const rgb = new Uint8Array(3)
    middle.paint(0, rgb, 0)
    expect(Math.min(...rgb)).toBeGreaterThan(225)
    const [first, last] = ends('phase')
    expect(last).toEqual(first)
  })
  it('of sequential maps grow steadily lighter', () => {
    for (const name of ['viridis', 'cividis', 'magma', 'inferno', 'grey'] as const) {
      const { rgb, size } = colourTable(name)
      const light = Array.from({ length: size }, (_, i) => 0.2126 * (rgb[3 * i] / 255) ** 2.2 + 0.7152 * (rgb[3 * i + 1] / 255) ** 2.2 + 0.0722 * (rgb[3 * i + 2] / 255) ** 2.2)
      for (let i = 8; i < size; i += 8) expect(light[i]).toBeGreaterThan(light[i - 8])
    }
  })
  it('mark below and above only when asked', () => {
    const colours = grey(0, 1, { below: '#0000ff', above: '#00ff00' })
    const rgb = new Uint8Array(9)
    ;[-0.1, 0.5, 1.1].forEach((v, i) => colours.paint(v, rgb, 3 * i))
    expect([...rgb]).toEqual([0, 0, 255, 128, 128, 128, 0, 255, 0])
  })
})
