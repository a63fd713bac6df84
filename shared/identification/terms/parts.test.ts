import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createRandom } from '../../learning/random'
import { centresOf, correlate, spread } from './correlate'
import { noisy, sampled } from './data.testing'
import { factorLeastSquares } from './least-squares'
import { createLibrary, sumText } from './library'
import { dot, effectiveWindows, residualCovariance, residualVariances } from './noise'
import { createTestFunctions, kernelsOf } from './weak'
import { bumpDegree, bumpDerivatives, cornerWaveNumber, halfWidthAt, lineSpectrum } from './window'

const libm = loadLibm(readKernels())
const pause = (): void => undefined
const draws = (count: number, name: string): Float64Array => createRandom(7, libm, name).normal(count)

describe('library', () => {
  it('names products and derivatives, and writes them in the language of statements', () => {
    const one = createLibrary(['u'], ['x'], { power: 3, order: 4 })
    expect(one.map(({ name }) => name)).toEqual(['constant', 'u', 'u_x', 'u_xx', 'u_xxx', 'u_xxxx', 'u2', 'u_u_x', 'u2__xx', 'u2__xxx', 'u2__xxxx', 'u3', 'u2_u_x', 'u3__xx', 'u3__xxx', 'u3__xxxx'])
    expect(one.map(({ text }) => text).slice(6, 9)).toEqual(['u^2', 'u*dx(u)', 'dxx(u^2)'])
    const two = createLibrary(['u', 'v'], ['x', 'y'], { power: 2, order: 2 })
    expect(two).toHaveLength(1 + 5 * 6)
    expect(new Set(two.map(({ name }) => name)).size).toBe(two.length)
    expect(two.find(({ name }) => name === 'u_v__xy')).toMatchObject({ powers: [1, 1], orders: [1, 1], text: 'dxy(u*v)', factor: 1 })
    expect(two.find(({ name }) => name === 'v_v_y')).toMatchObject({ text: 'v*dy(v)', factor: 2 })
  })
  it('writes sums that read as one would', () => {
    expect(sumText([{ text: 'u*dx(u)', coefficient: -1.00034567 }, { text: '1', coefficient: 0.25 }, { text: 'dxx(u)', coefficient: -2.5e-9 }])).toBe('-1.00035*u*dx(u) + 0.25 - 2.5e-9*dxx(u)')
    expect(sumText([])).toBe('0')
  })
})

describe('test functions', () => {
  const kernels = bumpDerivatives(24, 14, 0.05, 4)
  it('have derivatives that integrate by parts', () => {
    // ∫ ∂ᵃψ xᵇ dx = (−1)ᵃ b!/(b−a)! ∫ ψ x^{b−a}: the trapezoidal rule is exact to many digits for functions so flat at their ends.
    const moment = (order: number, power: number): number => kernels[order].reduce((sum, value, j) => sum + value * (0.3 + 0.05 * (j - 24)) ** power * 0.05, 0)
    for (const [order, power, factor] of [[1, 1, -1], [1, 3, -3], [2, 2, 2], [2, 4, 12], [3, 3, -6], [4, 4, 24]]) expect(moment(order, power) / moment(0, power - order)).toBeCloseTo(factor, 6)
    for (const order of [1, 2, 3, 4]) expect(Math.abs(moment(order, order - 1))).toBeLessThan(1e-6)
  })
  it('fall to nothing at their ends at the chosen degree', () => {
    for (const m of [6, 15, 40]) {
      const degree = bumpDegree(m, 4, libm)
      const [psi] = bumpDerivatives(m, degree, 1, 0)
      expect(psi[m]).toBe(1)
      expect(degree === 5 || (psi[1] <= 1e-10 && bumpDerivatives(m, degree - 1, 1, 0)[0][1] > 1e-10)).toBe(true)
    }
  })
  it('are as wide as the spectrum allows: a corner twice as high halves them', () => {
    const amplitudes = Float64Array.from({ length: 129 }, (_, k) => (k < 20 ? 10 ** (4 - k / 5) : 1 + 0.01 * (k % 3)))
    const corner = cornerWaveNumber(amplitudes)
    expect(corner).toBeGreaterThanOrEqual(10)
    expect(corner).toBeLessThanOrEqual(22)
    const [wide, narrow] = [20, 40].map(k => halfWidthAt(k, 1024, 5, 255, libm))
    expect(wide / narrow).toBeGreaterThan(1.6)
    expect(wide / narrow).toBeLessThan(2.4)
    const wave = sampled(x => libm.cos(5 * x)).unknowns[0].values
    expect(Array.from(lineSpectrum(wave, 96, 1, libm), Math.round)).toEqual(Array.from({ length: 49 }, (_, k) => (k === 5 ? 48 : 0)))
  })
  it('spread by the transpose of what correlates', () => {
    const data = sampled(() => 0, { nodes: 40, times: 30 })
    const tests = createTestFunctions(data, { x: 9, t: 6, y: 0, z: 0 }, 2, libm)
    const own = kernelsOf(tests, [1], 0)
    const values = draws(1200, 'values')
    const seen = correlate(values, tests.centres, own, pause)
    const weights = draws(seen.length, 'weights')
    expect(dot(seen, weights)).toBeCloseTo(dot(values, spread(weights, tests.centres, own, pause)), 9)
  })
  it('lie inside a bounded line and go around a periodic one', () => {
    const line = { name: 'x' as const, nodes: 101, spacing: 1, periodic: false }
    const { nodes } = centresOf(line, 20, 10)
    expect(nodes.length).toBeLessThanOrEqual(10)
    expect(nodes[0]).toBeGreaterThanOrEqual(20)
    expect(nodes[nodes.length - 1]).toBeLessThanOrEqual(80)
    expect(centresOf({ ...line, periodic: true }, 20, 1000).nodes).toHaveLength(101)
  })
})

describe('least squares', () => {
  it('solves supports as a direct solution of the normal equations does', () => {
    const columns = [0, 1, 2].map(k => draws(50, `column ${k}`))
    const b = draws(50, 'right side')
    const problem = factorLeastSquares(columns.map(column => column.slice()), b.slice())
    const { weights, residual } = problem.solve([0, 2])
    const rest = b.map((value, i) => value - weights[0] * columns[0][i] - weights[1] * columns[2][i])
    expect(Math.abs(dot(rest, columns[0])) + Math.abs(dot(rest, columns[2]))).toBeLessThan(1e-12)
    expect(residual).toBeCloseTo(Math.sqrt(dot(rest, rest)), 12)
    expect(problem.solve([]).residual).toBeCloseTo(Math.sqrt(dot(b, b)), 12)
    const dependent = factorLeastSquares([columns[0].slice(), columns[1].slice(), columns[0].map((value, i) => 2 * value - 3 * columns[1][i])], b.slice())
    expect(Math.abs(dependent.diagonal[2])).toBeLessThan(1e-12)
    expect(dependent.dependence(2)[0]).toBeCloseTo(2, 10)
    expect(dependent.dependence(2)[1]).toBeCloseTo(-3, 10)
  })
})

describe('noise', () => {
  const data = sampled((x, t) => 1 + libm.sin(x - t) + 0.5 * libm.cos(2 * x + t), { nodes: 48, times: 40 })
  const tests = createTestFunctions(data, { x: 10, t: 8, y: 0, z: 0 }, 2, libm)
  const library = createLibrary(['u'], ['x'], { power: 2, order: 2 })
  const terms = [{ term: library[3], weight: 0.2 }, { term: library[5], weight: -0.5 }]
  it('scatters residuals as predicted, window by window and through sums of windows', () => {
    const size = 1e-3
    const residualOf = (values: Float64Array): Float64Array => {
      const parts = [correlate(values, tests.centres, kernelsOf(tests, [2], 0), pause), correlate(values.map(u => u * u), tests.centres, kernelsOf(tests, [1], 0), pause), correlate(values, tests.centres, kernelsOf(tests, [0], 1), pause)]
      return parts[0].map((value, i) => 0.2 * value - 0.5 * parts[1][i] - parts[2][i])
    }
    const still = residualOf(data.unknowns[0].values)
    const variances = residualVariances(data, tests, 0, terms, pause)
    const column = draws(still.length, 'column')
    const [predicted] = residualCovariance(data, tests, 0, terms, [column], pause)
    const repeats = 60
    let [ratio, through] = [0, 0]
    for (let seed = 1; seed <= repeats; seed++) {
      const moved = residualOf(noisy(data, size, seed, libm).unknowns[0].values).map((value, i) => (value - still[i]) / size)
      ratio += moved.reduce((sum, value, i) => sum + (value * value) / variances[i], 0) / moved.length / repeats
      through += dot(moved, column) ** 2 / predicted / repeats
    }
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1)
    // χ² with 60 degrees of freedom: within 4 of its standard deviations.
    expect(Math.abs(through - 1)).toBeLessThan(4 * Math.sqrt(2 / repeats))
  })
  it('counts overlapping windows as fewer', () => {
    const all = tests.centres.reduce((n, { nodes }) => n * nodes.length, 1)
    expect(effectiveWindows(tests)).toBeGreaterThan(4)
    expect(effectiveWindows(tests)).toBeLessThan(all / 10)
  })
})
