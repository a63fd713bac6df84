import { describe, expect, it } from 'vitest'
import type { ArrayInfo, FieldPicture, ResultInfo, StepState } from '../../../../shared/protocol/contract'
import { csvOf, curveOfPicture, otherCurves } from './curves'

const info = (name: string, axes: string[], periodic = false): ArrayInfo => ({ name, shape: [], axes: axes.map(a => ({ name: a, lower: 0, upper: 1, nodes: 2, periodic })), minimum: 0, maximum: 1 })
const state = (id: string, arrays: ArrayInfo[]): StepState => ({ id, status: 'done', faults: [], resumable: false, result: { arrays } as unknown as ResultInfo })

describe('curves', () => {
  it('offer fields over the same coordinate, but neither themselves nor differences', () => {
    const u = info('u', ['x'])
    const steps = [state('fd', [u]), state('spectral', [info('u', ['x'])]), state('plane', [info('u', ['x', 'y'])]), state('check', [info('a', ['x']), info('difference', ['x'])])]
    expect(otherCurves(steps, { step: 'fd', array: 'u' }, u).map(c => `${c.step}/${c.array}`)).toEqual(['spectral/u', 'check/a'])
  })
  it('close over a periodic axis', () => {
    const read = { shape: [2], values: Float32Array.of(1, 2), axes: [{ name: 'x', coordinates: Float64Array.of(0, 0.5) }] } as unknown as FieldPicture
    expect([...curveOfPicture(read, info('u', ['x'], true)).x]).toEqual([0, 0.5, 1])
    expect([...curveOfPicture(read, info('u', ['x'], true)).y]).toEqual([1, 2, 1])
    expect([...curveOfPicture(read, info('u', ['x'])).x]).toEqual([0, 0.5])
  })
  it('become columns where they share their points and rows where they do not', () => {
    expect(csvOf('x', [{ label: 'a', x: [0, 1], y: [2, 3] }, { label: 'b, c', x: [0, 1], y: [4, NaN] }])).toBe('x,a,"b, c"\n0,2,4\n1,3,NaN\n')
    expect(csvOf('x', [{ label: 'a', x: [0], y: [2] }, { label: 'b', x: [1], y: [4] }])).toBe('curve,x,value\na,0,2\nb,1,4\n')
  })
})
