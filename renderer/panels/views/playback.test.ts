import { describe, expect, it } from 'vitest'
import { advanced, steppedTime } from './playback'

const times = [0, 0.1, 0.4, 1]

describe('playing through time', () => {
  it('moves in physical time, the whole interval in six seconds at speed 1', () => {
    expect(advanced(times, 0, 3, { speed: 1, loop: false })).toEqual({ time: 0.5, ended: false })
    expect(advanced(times, 0, 3, { speed: 0.5, loop: false }).time).toBeCloseTo(0.25)
  })
  it('stops at the last time, or shows it and starts again', () => {
    expect(advanced(times, 0.9, 3, { speed: 1, loop: false })).toEqual({ time: 1, ended: true })
    expect(advanced(times, 0.9, 3, { speed: 1, loop: true })).toEqual({ time: 1, ended: false })
    expect(advanced(times, 1, 0.1, { speed: 1, loop: true })).toEqual({ time: 0, ended: false })
  })
  it('steps by frames and stays within the ends', () => {
    expect(steppedTime(times, 0.1, 1)).toBe(0.4)
    expect(steppedTime(times, undefined, -1)).toBe(0.4)
    expect(steppedTime(times, 0, -1)).toBe(0)
    expect(steppedTime(times, 1, 5)).toBe(1)
  })
})
