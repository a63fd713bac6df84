import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createRandom, philox } from '.'

const libm = loadLibm(readKernels())
const random = createRandom(20240607, libm, 'test')
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length

/** The largest distance of the empirical distribution from F, times √n: above 1.95 with a probability of 1e-3. */
function kolmogorovSmirnov(values: Float64Array, distribution: (x: number) => number): number {
  const n = values.length
  let largest = 0
  values.slice().sort().forEach((x, i) => (largest = Math.max(largest, Math.abs(distribution(x) - i / n), Math.abs(distribution(x) - (i + 1) / n))))
  return largest * Math.sqrt(n)
}

describe('Philox 4×32-10', () => {
  // Random123's kat_vectors.
  it.each([
    ['zeros', [0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ones', [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['digits of π', [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('gives the known answer for %s', (_, [c0, c1, c2, c3], [k0, k1], expected) => {
    const out = new Uint32Array(4)
    philox(c0, c1, c2, c3, k0, k1, out)
    expect([...out].map(w => w.toString(16).padStart(8, '0')).join(' ')).toBe(expected)
  })
})

describe('random streams', () => {
  it('give the same number at a position however it is asked for', () => {
    fc.assert(fc.property(fc.nat(1000), fc.integer({ min: 1, max: 50 }), (from, count) => {
      expect(random.uniform(count, from)).toEqual(random.uniform(from + count).subarray(from))
      expect(random.normal(count, from)).toEqual(random.normal(from + count).subarray(from))
    }), { numRuns: 30 })
    const far = 2 ** 40 + 7
    expect(random.uniform(1, far)[0]).toBe(random.uniform(3, far - 2)[2])
    expect(random.uniform(1, far)[0]).not.toBe(random.uniform(1, 7)[0])
  })
  it('are fixed for all time: stored experiments depend on them', () => {
    const fixed = createRandom(1, libm, 'weights')
    expect([...fixed.uniform(3)].map(u => u.toString())).toMatchInlineSnapshot(`
      [
        "0.8606158797885473",
        "0.5089687551904172",
        "0.7853329079983338",
      ]
    `)
    expect([...fixed.child(3).child('bias').words(5)]).toMatchInlineSnapshot(`
      [
        1967687567,
        1905820977,
        2371388982,
        2079104099,
      ]
    `)
  })
  it('are uniform on [0, 1) and normal', () => {
    const n = 100_000
    const u = random.uniform(n)
    expect(u.every(v => v >= 0 && v < 1)).toBe(true)
    expect(Math.abs(mean(u) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * n))
    expect(kolmogorovSmirnov(u, x => x)).toBeLessThan(1.95)
    const z = random.child('normal').normal(n)
    const moment = (k: number): number => mean(z.map(v => v ** k))
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / n))
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n))
    expect(kolmogorovSmirnov(z, x => 0.5 * (1 + libm.erf(x / Math.SQRT2)))).toBeLessThan(1.95)
  })
  it('are independent: neighbours, children, seeds and positions do not correlate', () => {
    const n = 20_000
    const streams = [random, random.child(0), random.child(1), random.child('a'), random.child('b'), random.child('a').child('b'), createRandom(20240608, libm, 'test'), createRandom(20240607, libm, 'tesu')]
      .map(s => s.normal(n))
    streams.push(random.normal(n, 1))
    for (const [i, a] of streams.entries()) {
      for (const b of streams.slice(0, i)) expect(Math.abs(mean(a.map((v, k) => v * b[k])))).toBeLessThan(4.5 / Math.sqrt(n))
    }
    expect(new Set(Array.from({ length: 20_000 }, (_, k) => random.child(k).words(0).join())).size).toBe(20_000)
  })
  it('tell names apart that share their beginning or differ in length', () => {
    const names = ['', 'a', 'aa', 'aaaa', 'aaaaa', 'b', 'weights', 'weights ', 'weights1', '\0', '\0\0', '0', 0, 1, 2 ** 32, 2 ** 40]
    expect(new Set(names.map(name => random.child(name).words(0).join())).size).toBe(names.length)
  })
  it('draw integers evenly', () => {
    const counts = new Array<number>(7).fill(0)
    random.child('dice').integers(70_000, 7).forEach(k => counts[k]++)
    const chiSquared = counts.reduce((sum, c) => sum + (c - 10_000) ** 2 / 10_000, 0)
    expect(chiSquared).toBeLessThan(22.5) // 6 degrees of freedom, probability 1e-3
  })
  it('permute and choose without repeating, every order equally often', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 400 }), fc.nat(400), (n, wanted) => {
      const count = Math.min(n, wanted)
      const chosen = random.child(n).choice(n, count)
      expect(new Set(chosen).size).toBe(count)
      expect(chosen.every(i => i >= 0 && i < n)).toBe(true)
      // A few of many are the beginning of all of them, though they are drawn without a list.
      expect(chosen).toEqual(random.child(n).permutation(n).subarray(0, count))
    }), { numRuns: 60 })
    const orders = new Map<string, number>()
    for (let k = 0; k < 24_000; k++) {
      const order = random.child('orders').child(k).permutation(4).join()
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(24)
    expect([...orders.values()].reduce((sum, c) => sum + (c - 1000) ** 2 / 1000, 0)).toBeLessThan(49.7) // 23 degrees of freedom, 1e-3
  })
  it('refuse a seed that is no integer', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) expect(() => createRandom(seed, libm)).toThrow(`The seed is ${seed}`)
  })
})
