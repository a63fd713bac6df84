import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createRandom } from '../random'
import { sequences, sobolPoints, unitPoints, type Sequence } from '.'
import { primes } from './halton'

const libm = loadLibm(readKernels())
const random = createRandom(11, libm, 'sequences')
const python = spawnSync('/usr/bin/python3', ['-c', 'import scipy.stats.qmc'], { encoding: 'utf8' }).status === 0

/** Hickernell's centred L² discrepancy, doi:10.1090/S0025-5718-98-00894-1, eq. 5.1c. */
function discrepancy(points: Float64Array, d: number): number {
  const n = points.length / d
  let [single, double] = [0, 0]
  for (let i = 0; i < n; i++) {
    let product = 1
    for (let k = 0; k < d; k++) {
      const z = Math.abs(points[i * d + k] - 0.5)
      product *= 1 + 0.5 * z - 0.5 * z * z
    }
    single += product
    for (let j = 0; j < n; j++) {
      let pair = 1
      for (let k = 0; k < d; k++) {
        const [a, b] = [points[i * d + k], points[j * d + k]]
        pair *= 1 + 0.5 * Math.abs(a - 0.5) + 0.5 * Math.abs(b - 0.5) - 0.5 * Math.abs(a - b)
      }
      double += pair
    }
  }
  return Math.sqrt((13 / 12) ** d - (2 / n) * single + double / (n * n))
}

describe('Sobol points', () => {
  it('begin like the published sequence', () => {
    expect([...sobolPoints(5, 3)]).toEqual([0, 0, 0, 0.5, 0.5, 0.5, 0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.125, 0.625, 0.375])
  })
  it.skipIf(!python)('are those of scipy in 111 dimensions, up to its Gray-code order (skipped without scipy)', () => {
    const script = 'import scipy.stats.qmc as q, sys, numpy as np; p = q.Sobol(111, scramble=False, bits=32).random(256); sys.stdout.write(" ".join(map(repr, p.astype(float).ravel().tolist())))'
    const theirs = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', script], { encoding: 'utf8', maxBuffer: 1e8 }).stdout.split(' ').map(Number)
    const ours = sobolPoints(256, 111)
    for (let n = 0; n < 256; n++) {
      const gray = n ^ (n >> 1)
      expect([...ours.subarray(gray * 111, (gray + 1) * 111)]).toEqual(theirs.slice(n * 111, (n + 1) * 111))
    }
  })
  it('scrambled, put one point into each elementary interval, in every dimension and in boxes of the first two', () => {
    const points = unitPoints('sobol', 256, 111, random)
    for (let axis = 0; axis < 111; axis++) expect(new Set(Array.from({ length: 256 }, (_, k) => Math.floor(256 * points[k * 111 + axis]))).size).toBe(256)
    for (let bits = 0; bits <= 8; bits++) {
      expect(new Set(Array.from({ length: 256 }, (_, k) => Math.floor(2 ** bits * points[k * 111]) * 256 + Math.floor(2 ** (8 - bits) * points[k * 111 + 1]))).size).toBe(256)
    }
  })
  it('refuse more dimensions than they have', () => {
    expect(() => sobolPoints(4, 112)).toThrow('Sobol points exist here in up to 111 dimensions, not in 112.')
  })
})

describe('point sets of the unit cube', () => {
  it('lie in the cube, and are the same again', () => {
    fc.assert(fc.property(fc.constantFrom(...sequences), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 5 }), (sequence, count, dimension) => {
      const points = unitPoints(sequence, count, dimension, random)
      expect(points).toHaveLength(count * dimension)
      expect(points.every(x => x >= 0 && x < 1)).toBe(true)
      expect(unitPoints(sequence, count, dimension, createRandom(11, libm, 'sequences'))).toEqual(points)
    }), { numRuns: 60 })
  })
  it.each(['uniform', 'sobol', 'halton'] as const)('%s goes on where it ended', sequence => {
    expect(unitPoints(sequence, 20, 3, random, 30)).toEqual(unitPoints(sequence, 50, 3, random).subarray(90))
  })
  it('have less discrepancy than independent points', () => {
    for (const dimension of [2, 6]) {
      const of = (sequence: Sequence): number => discrepancy(unitPoints(sequence, 512, dimension, random), dimension)
      const uniform = of('uniform')
      expect(of('sobol')).toBeLessThan(dimension === 2 ? uniform / 8 : uniform / 3)
      expect(of('halton')).toBeLessThan(dimension === 2 ? uniform / 5 : uniform / 2)
      expect(of('latin-hypercube')).toBeLessThan(uniform)
    }
  })
  it('integrate a smooth function at their order: −1/2 independent, near −3/2 Sobol, −1 stratified in the plane', () => {
    const exact = (Math.E - 1) ** 2
    const rms = (sequence: Sequence, count: number): number => {
      let sum = 0
      for (let repeat = 0; repeat < 24; repeat++) {
        const points = unitPoints(sequence, count, 2, random.child(repeat))
        let mean = 0
        for (let k = 0; k < count; k++) mean += Math.exp(points[2 * k] + points[2 * k + 1]) / count
        sum += (mean - exact) ** 2
      }
      return Math.sqrt(sum / 24)
    }
    const order = (sequence: Sequence): number => Math.log(rms(sequence, 64) / rms(sequence, 4096)) / Math.log(64)
    expect(order('uniform')).toBeCloseTo(0.5, 0)
    expect(order('sobol')).toBeGreaterThan(1.3)
    expect(order('halton')).toBeGreaterThan(0.9)
    expect(order('stratified')).toBeGreaterThan(0.9)
    expect(order('latin-hypercube')).toBeGreaterThan(0.4)
  })
  it('stratified points fill every cell once, grids are the midpoints', () => {
    const cells = (points: Float64Array): number => new Set(Array.from({ length: 27 }, (_, k) => [0, 1, 2].map(i => Math.floor(3 * points[3 * k + i])).join())).size
    expect(cells(unitPoints('stratified', 27, 3, random))).toBe(27)
    expect([...unitPoints('grid', 4, 2, random)]).toEqual([0.25, 0.25, 0.75, 0.25, 0.25, 0.75, 0.75, 0.75])
    expect(() => unitPoints('grid', 1000, 60, random)).toThrow('too many cells')
  })
  it('know their primes', () => expect(primes(10)).toEqual([2, 3, 5, 7, 11, 13, 17, 19, 23, 29]))
})
