import { describe, expect, it } from 'vitest'
import type { ExperimentDocument } from '../../../../shared/experiment/document'
import type { ArrayInfo, ResultInfo, StepState } from '../../../../shared/protocol/contract'
import type { ShownField } from '../field-pictures'
import { columnsFor, comparedArrays, comparedNames, joined, relativeError, tellingCut } from './comparison'

const field = (values: number[], rest: Partial<ShownField> = {}): ShownField => ({
  picture: { x: Float64Array.of(0, 1), y: Float64Array.of(0, 1), values: Float32Array.from(values) }, minimum: Math.min(...values), maximum: Math.max(...values),
  minimumOverall: Math.min(...values), maximumOverall: Math.max(...values), nonFinite: 0, symbols: ['x', 'y'], isSpaceTime: false, domain: { x: [0, 1], y: [0, 1] }, ...rest,
})
const array = (name: string, axes = true): ArrayInfo => ({ name, shape: [2, 2], minimum: 0, maximum: 1, ...(axes ? { axes: [{ name: 'x', lower: 0, upper: 1, nodes: 2, periodic: false }] } : {}) })
const step = (arrays: ArrayInfo[]): StepState => ({ id: 'check', status: 'done', faults: [], resumable: false, result: { arrays } as unknown as ResultInfo })

describe('comparison', () => {
  it('needs both fields and their difference', () => {
    expect(comparedArrays(step([array('a'), array('b'), array('difference')]))?.difference.name).toBe('difference')
    expect(comparedArrays(step([array('a'), array('b')]))).toBeUndefined()
    expect(comparedArrays(step([array('a'), array('b'), array('difference', false)]))).toBeUndefined()
  })
  it('calls the fields what the document calls them', () => {
    const document = { steps: [{ id: 'check', kind: 'compare', a: 'fd', b: { file: 'data/burgers_shock.mat' } }] } as unknown as ExperimentDocument
    expect(comparedNames('check', document)).toEqual(['fd', 'burgers_shock.mat'])
    expect(comparedNames('other', document)).toEqual(['a', 'b'])
  })
  it('takes errors relative to the largest reference value', () => {
    const error = relativeError(field([-0.2, 0.1, 0, 0.05], { minimumOverall: -0.4 }), 2)
    expect([...error.picture.values]).toEqual([0.1, 0.05, 0, 0.025].map(Math.fround))
    expect(error.maximum).toBeCloseTo(0.1)
    expect(error.maximumOverall).toBeCloseTo(0.2)
    expect(error.minimum).toBeCloseTo(0.025)
    expect(relativeError(field([0, 0, 0, 0]), 0).maximum).toBe(0)
  })
  it('gives both fields one range', () => {
    expect(joined(field([0, 1, 2, 3]), field([-1, 0, 0, 2]))).toMatchObject({ minimum: -1, maximum: 3 })
  })
  it('arranges pictures so that they become large', () => {
    const room = { x: 120, y: 70 }
    expect(columnsFor(3, 1, 1500, 500, room)).toBe(3)
    expect(columnsFor(3, 3, 900, 1200, room)).toBe(1)
    expect(columnsFor(3, 1, 1000, 1000, room)).toBe(2)
    expect(columnsFor(1, 1, 50, 50, room)).toBe(1)
  })
})

it('the two fields are laid over each other along the middle, or where there is more to see', () => {
  const axis = Float64Array.of(0, 0.25, 0.5, 0.75, 1)
  const shown = (f: (x: number, y: number) => number) => ({
    picture: { x: axis, y: axis, values: Float32Array.from({ length: 25 }, (_, k) => f(axis[k % 5], axis[Math.floor(k / 5)])) },
    domain: { x: [0, 1] as const, y: [0, 1] as const }, symbols: ['x', 'y'] as const, isSpaceTime: false,
  })
  expect(tellingCut(shown((x, y) => x + y), undefined)).toEqual({ cut: { from: [0, 0.5], to: [1, 0.5] }, words: 'along y = 0.5' })
  expect(tellingCut(shown((x, y) => Math.sin(Math.PI * x) * Math.sin(2 * Math.PI * y)), undefined).cut.from).toEqual([0, 0.25])
  expect(tellingCut({ ...shown(x => x), isSpaceTime: true, symbols: ['t', 'x'] }, 0.5)).toEqual({ cut: { from: [0, 0.5], to: [1, 0.5] }, words: 'at t = 0.5' })
})
