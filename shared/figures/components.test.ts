import { describe, expect, it } from 'vitest'
import { uniformAxis } from '../fields/field'
import type { Field } from '../fields/field'
import type { MeshField } from '../fields/mesh'
import type { Fault } from '../fault'
import { makeColours } from './colour/colours'
import { drawnName, drawnSource } from './data'
import type { FigureData } from './data'
import { nameLabel } from './names'
import { paintPlane } from './picture'
import { findPreset } from './presets'
import { resolveFigure } from './resolve'
import { figureSpecificationSchema } from './specification'
import { spacePlane } from './slices'

const grid = { axes: [uniformAxis('x', 0, 1, 3, false), uniformAxis('y', 0, 1, 3, false)] }
const h: Field = { name: 'h', grid, components: ['re', 'im'], values: Float64Array.from({ length: 18 }, (_, i) => (i < 9 ? 3 : -4)) }
const disk: MeshField = { name: 'u', mesh: { dimension: 2, degree: 1, points: Float64Array.of(0, 0, 1, 0, 0, 1, -1, 0, 0, -1), cells: Int32Array.of(0, 1, 2, 0, 2, 3, 0, 3, 4, 0, 4, 1) }, values: Float64Array.of(1, 0, 0, 0, 0) }
const data: FigureData = new Map<string, Field | MeshField>([['fd/h', h], ['fem/u', disk]])
const resolve = (mark: object): { panel: ReturnType<typeof resolveFigure>[number]; faults: Fault[] } => {
  const faults: Fault[] = []
  const figure = figureSpecificationSchema.parse({ id: 'f', panels: [{ marks: [mark] }] })
  return { panel: resolveFigure(figure, data, findPreset('nature-single')!, fault => faults.push(fault))[0], faults }
}

describe('figures of fields with components', () => {
  it('draw the magnitude, or the part asked for, under its own name', () => {
    const magnitude = resolve({ mark: 'heatmap', data: 'fd/h' }).panel.map!
    expect([magnitude.plane.values[4], magnitude.bar?.label]).toEqual([5, '$|h|$'])
    const part = resolve({ mark: 'heatmap', data: 'fd/h', component: 'im' }).panel.map!
    expect([part.plane.values[4], part.bar?.label]).toEqual([-4, '$\\mathrm{Im}\\,h$'])
    expect(resolve({ mark: 'line', data: 'fd/h', component: 0 }).panel.curves[0].y[1]).toBe(3)
  })
  it('say so where there is no such part', () => {
    expect(resolve({ mark: 'heatmap', data: 'fd/h', component: 'z' }).faults.map(({ code }) => code)).toEqual(['no-component'])
    expect(resolve({ mark: 'line', data: 'fd/h', component: 7 }).faults.map(({ code }) => code)).toEqual(['no-component'])
  })
  it('write names as formulae', () => {
    expect(['u', 'rho', 'u2', '|h|', 'Re h', 'Im psi', 'v_x', 'velocity_y', '|velocity|', 'relative_l2'].map(nameLabel)).toEqual([
      '$u$', '$\\rho$', '$u_2$', '$|h|$', '$\\mathrm{Re}\\,h$', '$\\mathrm{Im}\\,\\psi$', '$v_x$', '$\\mathrm{velocity}_y$', '$|\\mathrm{velocity}|$', 'relative $L^2$',
    ])
    expect(drawnName(data, { mark: 'contour', data: 'fd/h', component: 'magnitude', levels: 8, colour: '#000000', width: 1 })).toBe('|h|')
  })
})

describe('figures of fields on meshes', () => {
  it('are painted from the function itself, white outside', () => {
    const { panel } = resolve({ mark: 'heatmap', data: 'fem/u' })
    const { plane } = panel.map!
    expect([plane.horizontal.lower, plane.horizontal.upper]).toEqual([-1, 1])
    const pixels = paintPlane(plane, 5, 5, makeColours({ bar: false, missing: '#ffffff', map: 'grey', range: [0, 1] }, [0, 1]), false)
    const at = (column: number, row: number): number => pixels[3 * (5 * row + column)]
    expect(at(2, 2)).toBe(makeLight(1))
    // 1 − |x| − |y| at (0.4, 0).
    expect(at(3, 2)).toBe(makeLight(0.6))
    expect(at(0, 0)).toBe(255)
  })
  it('keep their raster for contours and curves', () => {
    const source = drawnSource(data, { mark: 'line', data: 'fem/u', fit: false })!
    expect('grid' in source && source.grid.axes[0].coordinates.length).toBeGreaterThan(200)
    expect(resolve({ mark: 'line', data: 'fem/u' }).panel.curves[0].y).toContain(1)
  })
})

describe('grid fields with nodes outside the domain', () => {
  it('end on a slant: a cell with three corners is a triangle', () => {
    const field: Field = { name: 'u', grid: { axes: [uniformAxis('x', 0, 1, 2, false), uniformAxis('y', 0, 1, 2, false)] }, values: Float64Array.of(0.5, 0.5, 0.5, NaN) }
    const pixels = paintPlane(spacePlane(field, undefined, {}), 4, 4, makeColours({ bar: false, missing: '#ffffff', map: 'grey', range: [0, 1] }, [0, 1]), false)
    const drawn = Array.from({ length: 16 }, (_, i) => (pixels[3 * i] === makeLight(0.5) ? 1 : 0))
    expect(drawn).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1])
  })
})

describe('grid fields on a domain with a known rim', () => {
  const n = 21
  const values = Float64Array.from({ length: n * n }, (_, k) => {
    const [x, y] = [-1 + (k % n) / 10, -1 + Math.floor(k / n) / 10]
    return x * x + y * y > 1 ? NaN : x
  })
  const field: Field = { name: 'u', grid: { axes: [uniformAxis('x', -1, 1, n, false), uniformAxis('y', -1, 1, n, false)] }, values }
  const disk = { box: [-1, 1, -1, 1], outer: { center: [0, 0], radius: 1 }, holes: [] } as const
  const panel = (outline: typeof disk | undefined) =>
    resolveFigure(figureSpecificationSchema.parse({ id: 'f', panels: [{ marks: [{ mark: 'heatmap', data: 'fd/u' }] }] }), new Map([['fd/u', field]]), findPreset('nature-single')!, () => undefined, outline)[0].map!
  it('have values up to it, and are clipped by it', () => {
    const missing = (map: ReturnType<typeof panel>): number => map.plane.values.filter(Number.isNaN).length
    expect(panel(undefined).outline).toBeUndefined()
    const clipped = panel(disk)
    expect(clipped.outline).toBe(disk)
    expect(missing(clipped)).toBeLessThan(missing(panel(undefined)) / 2)
    // The range stays that of the values inside.
    expect(JSON.stringify(clipped.colours)).toBe(JSON.stringify(panel(undefined).colours))
  })
  it('are left alone where the picture is of another place', () => {
    const elsewhere = { ...disk, box: [-2, 2, -2, 2] } as unknown as typeof disk
    expect(panel(elsewhere).outline).toBeUndefined()
  })
})

function makeLight(value: number): number {
  const out = new Uint8Array(3)
  makeColours({ bar: false, missing: '#ffffff', map: 'grey', range: [0, 1] }, [0, 1]).paint(value, out, 0)
  return out[0]
}
