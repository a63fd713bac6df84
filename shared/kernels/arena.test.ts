import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault'
import { bytesText, createArena, createSharedMemory } from './arena'

describe('arena', () => {
  it('hands out aligned zeros, grows the memory, and zeroes again after release', () => {
    const arena = createArena(createSharedMemory(), 2 ** 30)
    const first = arena.f64(3)
    const mark = arena.mark()
    const second = arena.f64(5_000_000)
    expect([first.pointer % 16, second.pointer % 16]).toEqual([0, 0])
    expect(second.pointer).toBeGreaterThanOrEqual(first.pointer + 24)
    second.view().fill(7)
    first.view().fill(1)
    arena.release(mark)
    const third = arena.f64(5_000_001)
    expect(third.pointer).toBe(second.pointer)
    expect(third.view().every(value => value === 0)).toBe(true)
    expect([...first.view()]).toEqual([1, 1, 1])
    expect([...arena.from([4, 5]).view()]).toEqual([4, 5])
  })

  it('refuses what the budget does not hold, with the sizes', () => {
    const arena = createArena(createSharedMemory(), 1e6)
    arena.f64(1000)
    try {
      arena.f64(1e6)
      expect.unreachable()
    } catch (reason) {
      const { faults } = reason as FaultError
      expect(faults[0].code).toBe('out-of-memory')
      expect(faults[0].message).toBe('This needs another 8.0 MB of memory, but 8.0 kB of the 1.0 MB that one job may use are already taken.')
    }
    expect(arena.used).toBe(8000)
    expect(() => arena.f64(NaN)).toThrow(FaultError)
    expect(() => createArena(createSharedMemory(), Infinity).f64(3300000 ** 2)).toThrow(/87 TB/)
  })

  it('gives marks back in reverse order only', () => {
    const arena = createArena(createSharedMemory(), 1e6)
    arena.f64(8)
    const mark = arena.mark()
    arena.release(mark - 16)
    expect(() => arena.release(mark)).toThrow(/reverse order/)
  })

  it('writes sizes', () => {
    expect([12, 1500, 87_120_000_000_000, 2 ** 31].map(bytesText)).toEqual(['12 bytes', '1.5 kB', '87 TB', '2.1 GB'])
  })
})
