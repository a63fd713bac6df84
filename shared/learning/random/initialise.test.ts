import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createRandom, fansOf, glorotNormal, glorotUniform, heNormal, heUniform, orthogonal, sirenUniform, torchDefault } from '.'

const random = createRandom(3, loadLibm(readKernels()), 'initial values')
const shape = [3, 3, 20, 50]
const variance = (values: Float64Array): number => values.reduce((sum, v) => sum + v * v, 0) / values.length
const most = (values: Float64Array): number => values.reduce((m, v) => Math.max(m, Math.abs(v)), 0)

describe('initial values', () => {
  it('count the fans of dense and convolution weights', () => {
    expect(fansOf([20, 50])).toEqual({ in: 20, out: 50 })
    expect(fansOf(shape)).toEqual({ in: 180, out: 450 })
    expect(fansOf([64])).toEqual({ in: 64, out: 64 })
  })
  it.each([
    ['glorot uniform', glorotUniform(random, shape), 2 / 630, Math.sqrt(6 / 630)],
    ['glorot uniform with gain', glorotUniform(random, shape, 5 / 3), (25 / 9) * 2 / 630, (5 / 3) * Math.sqrt(6 / 630)],
    ['glorot normal', glorotNormal(random, shape), 2 / 630, Infinity],
    ['he uniform', heUniform(random, shape), 2 / 180, Math.sqrt(6 / 180)],
    ['he normal', heNormal(random, shape), 2 / 180, Infinity],
    ['PyTorch’s default', torchDefault(random, shape), 1 / 540, 1 / Math.sqrt(180)],
    ['a bias by its weight’s fans', torchDefault(random, [9000], fansOf(shape)), 1 / 540, 1 / Math.sqrt(180)],
    ['first SIREN layer', sirenUniform(random, shape, { first: true }), 1 / (3 * 180 * 180), 1 / 180],
    ['hidden SIREN layer', sirenUniform(random, shape, { first: false, omega: 10 }), 2 / 180 / 100, Math.sqrt(6 / 180) / 10],
  ])('%s has its variance and bound', (_, { values }, expected, bound) => {
    expect(values).toHaveLength(9000)
    expect(Math.abs(variance(values) / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / 9000))
    expect(most(values)).toBeLessThanOrEqual(bound)
    if (bound < Infinity) expect(most(values)).toBeGreaterThan(0.99 * bound)
  })
  it.each([[[40, 12]], [[12, 40]], [[3, 3, 5, 7]], [[6, 6]]])('orthogonal %j has orthonormal columns or rows', given => {
    const { values } = orthogonal(random, given, 2)
    const columns = given[given.length - 1]
    const rows = values.length / columns
    const few = Math.min(rows, columns)
    const entry = (k: number, i: number): number => (rows >= columns ? values[i * columns + k] : values[k * columns + i])
    for (let a = 0; a < few; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0
        for (let i = 0; i < Math.max(rows, columns); i++) product += entry(a, i) * entry(b, i)
        expect(Math.abs(product - (a === b ? 4 : 0))).toBeLessThan(1e-14)
      }
    }
  })
})
