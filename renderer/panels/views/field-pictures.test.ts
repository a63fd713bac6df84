import { describe, expect, it } from 'vitest'
import type { ArrayInfo, FieldPicture, JobFrame } from '../../../shared/protocol/contract'
import { appendFrame, engineOrder, grownField, isPlanar, isSpaceTime, regionOf, shownField, shownFrame } from './field-pictures'

const axis = (name: string, nodes: number, periodic = false, lower = 0, upper = 1) => ({ name, lower, upper, nodes, periodic })
const array = (axes: ArrayInfo['axes'], times?: number[]): ArrayInfo => ({ name: 'u', shape: [], axes, times, minimum: 0, maximum: 1 })
const read = (x: number[], y: number[], names = ['x', 'y']): FieldPicture => ({
  shape: [x.length, y.length], values: Float32Array.from({ length: x.length * y.length }, (_, k) => k), minimum: 0, maximum: 3, minimumOverall: 0, maximumOverall: 3, nonFinite: 0,
  axes: [{ name: names[0], coordinates: Float64Array.from(x) }, { name: names[1], coordinates: Float64Array.from(y) }],
})
const frame = (time: number, values: number[]): JobFrame => ({ experiment: 'e', step: 'fd', name: 'u', time, shape: [values.length], values: Float32Array.from(values), minimum: 0, maximum: 1 })

describe('shown fields', () => {
  it('reach the end of periodic axes', () => {
    const shown = shownField(read([0, 0.5], [0, 1]), array([axis('x', 2, true), axis('y', 2)]))
    expect([...shown.picture.x]).toEqual([0, 0.5, 1])
    expect([...shown.picture.values]).toEqual([0, 1, 0, 2, 3, 2])
    expect(shown.domain).toEqual({ x: [0, 1], y: [0, 1] })
  })
  it('over space and time have t to the right and never wrap it', () => {
    const shown = shownField(read([-1, 0], [0, 0.5], ['x', 't']), array([axis('x', 2, true, -1, 1)], [0, 0.5]))
    expect([...shown.picture.x]).toEqual([0, 0.5])
    expect([...shown.picture.y]).toEqual([-1, 0, 1])
    expect([...shown.picture.values]).toEqual([0, 2, 1, 3, 0, 2])
    expect(shown.symbols).toEqual(['t', 'x'])
    expect(engineOrder(shown, [0.5, -1])).toEqual([-1, 0.5])
  })
  it('of live frames lie on the axes of the array', () => {
    const shown = shownFrame({ ...frame(0.1, [1, 2, 3, 4]), shape: [2, 2] }, array([axis('x', 65, false, -1, 1), axis('y', 65)]))!
    expect([...shown.picture.x]).toEqual([-1, 1])
    expect(shown.time).toBe(0.1)
  })
  it('are planar with two axes, or with one and the time', () => {
    expect(isPlanar(array([axis('x', 3), axis('y', 3)]))).toBe(true)
    expect(isSpaceTime(array([axis('x', 3)], [0, 1]))).toBe(true)
    expect(isPlanar(array([axis('x', 3)]))).toBe(false)
    expect(isPlanar(array(undefined))).toBe(false)
  })
})

describe('a growing space–time picture', () => {
  it('collects times in order and starts anew with a new run', () => {
    let frames = [frame(0, [0, 1]), frame(0.1, [1, 2]), frame(0.1, [1, 3])].reduce<readonly JobFrame[]>(appendFrame, [])
    expect(frames.map(f => f.time)).toEqual([0, 0.1])
    const grown = grownField(frames, array([axis('x', 2)]), [-0.5, 1])!
    expect([...grown.picture.values]).toEqual([0, 1, 1, 3])
    expect([...grown.picture.x]).toEqual([0, 0.1])
    expect(grown.domain).toEqual({ x: [-0.5, 1], y: [0, 1] })
    frames = appendFrame(frames, frame(0, [5, 5]))
    expect(frames).toHaveLength(1)
    expect(grownField(frames, array([axis('x', 2)]), undefined)).toBeUndefined()
  })
})

describe('regions of a zoomed picture', () => {
  const big = array([axis('x', 1025), axis('y', 1025, true)])
  const whole = shownField(read([0, 0.5, 1], [0, 0.5]), big)
  it('cover the window with a node to spare', () => {
    expect(regionOf(big, whole, { x: [0.25, 0.5], y: [0.25, 0.5] })).toEqual([[255, 514], [255, 515]])
  })
  it('read a periodic axis whole when they touch its seam', () => {
    expect(regionOf(big, whole, { x: [0.25, 0.5], y: [0.9, 1] })![1]).toEqual([0, 1025])
  })
  it('are not needed when every node is there already', () => {
    const small = array([axis('x', 3), axis('y', 2)])
    expect(regionOf(small, shownField(read([0, 0.5, 1], [0, 1]), small), { x: [0, 0.1], y: [0, 0.1] })).toBeUndefined()
  })
})
