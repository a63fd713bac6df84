import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { evaluateWith, gradientDefect, weightedSum } from '../gradient-check.testing'
import { parameterCount, type Parameters } from '../networks'
import { createRandom } from '../random'
import { constant, reshape, transpose } from '../tf'
import { fno, fnoDescriptor, reverseModeAxes, spectralLayer, type FnoShape } from '.'

const libm = loadLibm(readKernels())
const random = createRandom(11, libm)
const options = (given: object): Options => fnoDescriptor.options!.parse(given) as Options
type Options = typeof fno extends (options: infer O, shape: FnoShape) => unknown ? O : never


/** Σ over the kept modes, term by term: F⁻¹ of R·F v with rfft's conventions. v and result [sample][x + n·(y + n·z)] of one input and one output channel. */
function spectralByDefinition(v: Float64Array, points: readonly number[], modes: readonly number[], real: Float64Array, imaginary: Float64Array): Float64Array {
  const place = (index: number): number[] => points.map((n, axis) => Math.floor(index / points.slice(0, axis).reduce((p, m) => p * m, 1)) % n)
  const count = points.reduce((p, n) => p * n, 1)
  const frequencies = modes.map((m, axis) => (axis === 0 ? Array.from({ length: m }, (_, k) => k) : Array.from({ length: 2 * m }, (_, k) => (k < m ? k : k - 2 * m))))
  const tuples = frequencies.reduce<number[][]>((all, ks) => all.flatMap(t => ks.map(k => [...t, k])), [[]])
  const angle = (ks: readonly number[], index: number): number => 2 * Math.PI * place(index).reduce((s, j, axis) => s + (ks[axis] * j) / points[axis], 0)
  const out = new Float64Array(count)
  tuples.forEach((ks, m) => {
    let [a, b] = [0, 0]
    for (let i = 0; i < count; i++) {
      a += v[i] * libm.cos(angle(ks, i))
      b -= v[i] * libm.sin(angle(ks, i))
    }
    const [c, d] = [a * real[m] - b * imaginary[m], a * imaginary[m] + b * real[m]]
    const weight = (ks[0] === 0 || 2 * ks[0] === points[0] ? 1 : 2) / count
    for (let i = 0; i < count; i++) out[i] += weight * (c * libm.cos(angle(ks, i)) - d * libm.sin(angle(ks, i)))
  })
  return out
}

it.each([{ points: [8], modes: [3] }, { points: [8, 6], modes: [3, 2] }, { points: [6, 4, 5], modes: [2, 2, 1] }])('is the truncated transform of $points points and $modes modes', ({ points, modes }) => {
  const shape = [...modes.map((m, axis) => (axis === 0 ? m : 2 * m)), 1, 1]
  const size = shape.reduce((p, n) => p * n, 1)
  const count = points.reduce((p, n) => p * n, 1)
  const weights = { 'w.real': { shape, values: random.child('re').normal(size) }, 'w.imaginary': { shape, values: random.child('im').normal(size) } }
  const v = random.child('v').normal(count)
  const rank = points.length
  const { u } = evaluateWith(weights, p => {
    const field = reshape(constant(v, [...points].reverse()), [...points].reverse())
    const layered = reshape(transpose(field, [...field.shape.keys()].reverse()), [count, 1])
    const result = reshape(spectralLayer(p, 'w', layered, 1, { points, modes, libm }), [...points])
    return { u: transpose(result, Array.from({ length: rank }, (_, i) => rank - 1 - i)) }
  }, libm)
  const expected = spectralByDefinition(v, points, modes, weights['w.real'].values, weights['w.imaginary'].values)
  for (let i = 0; i < count; i++) expect(Math.abs(u[i] - expected[i])).toBeLessThan(1e-12)
})

it('has the published number of parameters', () => {
  const model = fno(options({ modes: [8, 8], width: 20, layers: 4, projection: 128 }), { inputs: 12, outputs: 1, libm })
  const parameters = model.initialise(random)
  expect(parameterCount(parameters)).toBe(414_357)
})

const small = (modes: readonly number[]) => fno(options({ modes, width: 4, layers: 2, projection: 6 }), { inputs: 2, outputs: 1, libm })

it('gives the same function on a finer grid when data are band-limited and activations linear between them', () => {
  const linear = fno({ ...options({ modes: [3, 3], width: 3, layers: 1, projection: 4 }) }, { inputs: 1, outputs: 1, libm })
  const parameters = linear.initialise(random)
  const wave = (n: number): Float64Array => Float64Array.from({ length: n * n }, (_, i) => libm.sin((2 * Math.PI * (i % n)) / n) + libm.cos((4 * Math.PI * (Math.floor(i / n) + (i % n))) / n))
  const at = (n: number) => evaluateWith(parameters, p => ({ u: linear.apply(p, constant(wave(n), [1, n, n, 1])) }), libm).u
  const [coarse, fine] = [at(8), at(16)]
  for (let y = 0; y < 8; y++) for (let x = 0; x < 8; x++) expect(Math.abs(coarse[y * 8 + x] - fine[2 * y * 16 + 2 * x])).toBeLessThan(1e-12)
})

describe.each([{ grid: [7] , modes: [3] }, { grid: [5, 6], modes: [2, 2] }, { grid: [4, 4, 5], modes: [2, 1, 2] }])('in $grid', ({ grid, modes }) => {
  it('has the gradient that differences show, and treats samples apart', () => {
    const model = small(modes)
    const parameters = model.initialise(random)
    const size = grid.reduce((p, n) => p * n, 1)
    const input = random.child('input').normal(2 * size * 2)
    const direction: Parameters = Object.fromEntries(Object.entries(parameters).map(([name, { values, shape }]) => [name, { shape, values: random.child(name).normal(values.length) }]))
    expect(gradientDefect(parameters, p => weightedSum(model.apply(p, constant(input, [2, ...grid, 2]))), [direction], libm)).toBeLessThan(1e-8)
    const run = (values: Float64Array, batch: number) => evaluateWith(parameters, p => ({ u: model.apply(p, constant(values, [batch, ...grid, 2])) }), libm).u
    const [both, second] = [run(input, 2), run(input.slice(2 * size), 1)]
    for (let i = 0; i < size; i++) expect(Math.abs(both[size + i] - second[i])).toBeLessThan(1e-13)
  })
})

it('refuses more modes than a grid tells apart', () => {
  const model = small([5, 2])
  const parameters = model.initialise(random)
  expect(() => evaluateWith(parameters, p => ({ u: model.apply(p, constant(new Float64Array(128), [1, 8, 8, 2])) }), libm)).not.toThrow()
  expect(() => evaluateWith(parameters, p => ({ u: model.apply(p, constant(new Float64Array(2 * 56), [1, 8, 7, 2])) }), libm)).toThrow('7 points carry at most 4 modes')
})

it('turns mode axes around and back', () => {
  const shape = [4, 3, 2, 1, 2]
  const values = Float64Array.from({ length: 48 }, (_, i) => i)
  const turned = reverseModeAxes(values, shape)
  expect(turned.shape).toEqual([2, 3, 4, 1, 2])
  // Entry (z, y, x) = (3, 1, 0) of the first is (0, 1, 3) of the second.
  expect(turned.values[((0 * 3 + 1) * 4 + 3) * 2]).toBe(values[((3 * 3 + 1) * 2 + 0) * 2])
  expect(reverseModeAxes(turned.values, turned.shape)).toEqual({ values, shape })
})
