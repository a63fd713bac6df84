import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { evaluateGraph } from '../graph/evaluate'
import { constant, type Tensor } from '../tf'
import { trace } from '../tracing/trace'
import {
  addJets, affine, applyFunction, columnsOfJet, cosFunction, derivativeSpace, expFunction, geluFunction, indicesUpTo, joinJets, laplacianSpace, logFunction, multiplyJets, normalDistribution, powerFunction,
  reciprocalFunction, rectifiedPower, scaleJet, shiftJet, sigmoidFunction, sinFunction, softplusFunction, sqrtFunction, swishFunction, tanhFunction, type Derivatives, type Jet, type TaylorSpace,
} from '.'
import { power, type Truncated, truncatedAlgebra } from './algebra.testing'

const libm = loadLibm(readKernels())

/** Runs `read` on constants in double precision, by the reference interpreter. */
function evaluate(read: () => Readonly<Record<string, Tensor>>): Readonly<Record<string, ArrayLike<number>>> {
  return evaluateGraph(trace(() => ({ outputs: read() }), {}), {}, libm).outputs
}

/** Taylor coefficients of the functions at a number, by recurrences of their own (not by the formulae of functions.ts). */
const series: Readonly<Record<string, { readonly f: Derivatives; readonly coefficients: (algebra: ReturnType<typeof truncatedAlgebra>, z: Truncated) => Truncated }>> = {
  tanh: { f: tanhFunction, coefficients: (a, z) => a.fromEquation(z, libm.tanh(z[0]), y => a.subtract(a.number(1), a.times(y, y))) },
  sigmoid: { f: sigmoidFunction, coefficients: (a, z) => a.fromEquation(z, 1 / (1 + libm.exp(-z[0])), y => a.times(y, a.subtract(a.number(1), y))) },
  exp: { f: expFunction, coefficients: (a, z) => a.fromEquation(z, libm.exp(z[0]), y => y) },
  sin: { f: sinFunction, coefficients: (a, z) => a.sine(z, libm).sin },
  cos: { f: cosFunction, coefficients: (a, z) => a.sine(z, libm).cos },
  reciprocal: { f: reciprocalFunction, coefficients: (a, z) => a.fromEquation(z, 1 / z[0], y => a.scale(-1, a.times(y, y))) },
  log: { f: logFunction, coefficients: (a, z) => a.integral(z, libm.log(z[0]), a.fromEquation(z, 1 / z[0], y => a.scale(-1, a.times(y, y)))) },
  sqrt: { f: sqrtFunction, coefficients: (a, z) => a.root(z) },
  cube: { f: powerFunction(3), coefficients: (a, z) => power(a, z, 3) },
  cubedRectifier: { f: rectifiedPower(3), coefficients: (a, z) => power(a, z, 3) },
  softplus: { f: softplusFunction, coefficients: (a, z) => a.integral(z, libm.log1p(libm.exp(z[0])), a.fromEquation(z, 1 / (1 + libm.exp(-z[0])), y => a.times(y, a.subtract(a.number(1), y)))) },
  swish: { f: swishFunction, coefficients: (a, z) => a.times(z, a.fromEquation(z, 1 / (1 + libm.exp(-z[0])), y => a.times(y, a.subtract(a.number(1), y)))) },
  normal: { f: normalDistribution, coefficients: (a, z) => a.normalDistribution(z, libm) },
  gelu: { f: geluFunction, coefficients: (a, z) => a.times(z, a.normalDistribution(z, libm)) },
}

describe.each(Object.entries(series))('%s', (_, { f, coefficients }) => {
  it('has the derivatives of order 0 to 6 that its differential equation gives', () => {
    const order = 6
    const points = [0.3, 0.9, 1.7]
    const found = evaluate(() => Object.fromEntries(f(constant(points), order).map((d, k) => [String(k), d])))
    const algebra = truncatedAlgebra(1, order)
    points.forEach((x, i) => {
      const expected = coefficients(algebra, algebra.variable(0, x))
      let factorial = 1
      for (let k = 0; k <= order; k++) {
        factorial *= Math.max(1, k)
        expect(Math.abs(found[k][i] - factorial * expected[k])).toBeLessThan(1e-10 * (1 + Math.abs(factorial * expected[k])))
      }
    })
  })
})

/** A random program of jets beside the same program in the truncated algebra. */
interface Both { readonly jet: (x: Jet) => Jet; readonly plain: (a: ReturnType<typeof truncatedAlgebra>, x: readonly Truncated[]) => Truncated }

const program = (dimension: number): fc.Arbitrary<Both> => fc.letrec<{ tree: Both }>(tie => ({
  tree: fc.oneof({ maxDepth: 3, withCrossShrink: true },
    fc.nat(dimension - 1).map((axis): Both => ({ jet: x => columnsOfJet(x, axis, 1), plain: (_, x) => x[axis] })),
    fc.tuple(tie('tree'), fc.constantFrom('tanh', 'sin', 'cos', 'swish', 'gelu', 'softplus')).map(([inner, name]): Both => ({
      jet: x => applyFunction(series[name].f, inner.jet(x)), plain: (a, x) => series[name].coefficients(a, inner.plain(a, x)),
    })),
    fc.tuple(tie('tree'), tie('tree')).map(([p, q]): Both => ({ jet: x => multiplyJets(p.jet(x), q.jet(x)), plain: (a, x) => a.times(p.plain(a, x), q.plain(a, x)) })),
    fc.tuple(tie('tree'), tie('tree'), fc.integer({ min: -3, max: 3 })).map(([p, q, c]): Both => ({
      jet: x => affine(joinJets([p.jet(x), q.jet(x)]), constant([c / 4, 0.5], [2, 1]), constant([0.25])),
      plain: (a, x) => a.add(a.number(0.25), a.add(a.scale(c / 4, p.plain(a, x)), a.scale(0.5, q.plain(a, x)))),
    })),
  ),
})).tree

const point = (dimension: number): number[] => Array.from({ length: dimension }, (_, i) => 0.4 - 0.55 * i)

it.each([{ dimension: 1, order: 6 }, { dimension: 2, order: 4 }, { dimension: 3, order: 3 }])('carries every derivative of order $order in $dimension coordinates as a truncated algebra does', ({ dimension, order }) => {
  const algebra = truncatedAlgebra(dimension, order)
  const space = derivativeSpace(dimension, indicesUpTo(order, dimension))
  expect(space.indices.length + 1).toBe(algebra.indices.length)
  fc.assert(fc.property(program(dimension), ({ jet, plain }) => {
    const expected = plain(algebra, point(dimension).map((x, axis) => algebra.variable(axis, x)))
    const found = evaluate(() => {
      const result = jet(space.seed(constant(point(dimension), [1, dimension])))
      return Object.fromEntries(algebra.indices.map(alpha => [alpha.join(), space.derivative(result, alpha)]))
    })
    algebra.indices.forEach((alpha, i) => {
      const value = expected[i] * algebra.factorials[i]
      expect(Math.abs(found[alpha.join()][0] - value)).toBeLessThan(1e-10 * (1 + Math.abs(value)))
    })
  }), { numRuns: 10 })
})

it('carries weighted sums of second derivatives that single derivatives add up to', () => {
  const d = 3
  const weights = [[1, 1, 1], [1, 1, 0], [0, 0, 1], [0.5, -2, 3]]
  const forward = laplacianSpace(d, { weights })
  const single = derivativeSpace(d, [[2, 0, 0], [0, 2, 0], [0, 0, 2]])
  fc.assert(fc.property(program(d), ({ jet }) => {
    const x = [0.4, -0.2, 0.9, 0.1, 0.6, -0.7]
    const read = (space: TaylorSpace, get: (jet: Jet) => Tensor): ArrayLike<number> => evaluate(() => ({ y: get(jet(space.seed(constant(x, [2, d])))) })).y
    const second = [0, 1, 2].map(i => read(single, u => single.derivative(u, [0, 1, 2].map(k => (k === i ? 2 : 0)))))
    weights.forEach((row, k) => {
      const found = read(forward, u => forward.laplacian(u, k))
      for (let i = 0; i < 2; i++) {
        const expected = row.reduce((sum, w, axis) => sum + w * second[axis][i], 0)
        expect(Math.abs(found[i] - expected)).toBeLessThan(1e-10 * (1 + Math.abs(expected)))
      }
    })
    const first = read(forward, u => forward.derivative(u, [0, 1, 0]))
    const expected = read(single, u => single.derivative(u, [0, 1, 0]))
    for (let i = 0; i < 2; i++) expect(Math.abs(first[i] - expected[i])).toBeLessThan(1e-11 * (1 + Math.abs(expected[i])))
  }), { numRuns: 6 })
})

it('differentiates along directions: u = x² + 3xy + 2y² along (1, 2) has second derivative 2 + 12 + 16', () => {
  const found = evaluate(() => {
    const space = laplacianSpace(2, { directions: constant([1, 2], [1, 2]), weights: [[1]] })
    const x = space.seed(constant([0.3, 0.7], [1, 2]))
    const [a, b] = [columnsOfJet(x, 0, 1), columnsOfJet(x, 1, 1)]
    const u = addJets(multiplyJets(a, a), addJets(scaleJet(multiplyJets(a, b), 3), scaleJet(multiplyJets(b, b), 2)))
    return { first: space.gradient(u), second: space.laplacian(u) }
  })
  expect(found.second[0]).toBeCloseTo(30, 12)
  expect(found.first[0]).toBeCloseTo(2 * 0.3 + 3 * 0.7 + 2 * (3 * 0.3 + 4 * 0.7), 12)
})

it('carries a Laplacian in 100 dimensions with 102 channels: Δ sin(w·x) = −|w|² sin(w·x), Δ|x|² = 200', () => {
  const d = 100
  const w = Float64Array.from({ length: d }, (_, i) => libm.cos(i) / 10)
  const x = Float64Array.from({ length: 2 * d }, (_, i) => libm.sin(3 * i))
  const found = evaluate(() => {
    const space = laplacianSpace(d)
    expect(space.sizes).toEqual([100, 1])
    const point = space.seed(constant(x, [2, d]))
    const square = affine(multiplyJets(point, point), constant(new Float64Array(d).fill(1), [d, 1]))
    return { wave: space.laplacian(applyFunction(sinFunction, affine(point, constant(w, [d, 1])))), square: space.laplacian(square) }
  })
  const norm = w.reduce((s, v) => s + v * v, 0)
  for (let row = 0; row < 2; row++) {
    const phase = w.reduce((s, v, i) => s + v * x[row * d + i], 0)
    expect(Math.abs(found.wave[row] + norm * libm.sin(phase))).toBeLessThan(1e-13)
    expect(Math.abs(found.square[row] - 200)).toBeLessThan(1e-10)
  }
})

it('refuses a derivative that is not carried', () => {
  const refusal = (space: TaylorSpace, alpha: readonly number[]): string => {
    try {
      evaluate(() => ({ y: space.derivative(space.seed(constant([0, 0], [1, 2])), alpha) }))
    } catch (reason) {
      return (reason as Error).message
    }
    return ''
  }
  expect(refusal(derivativeSpace(2, [[1, 1]]), [2, 0])).toContain('[2, 0] is not carried')
  expect(refusal(laplacianSpace(2), [2, 0])).toContain('only first derivatives and one weighted sum')
  expect(() => derivativeSpace(2, [[1]])).toThrow('does not count derivatives by 2 coordinates')
})

it('keeps values beside derivatives of constants', () => {
  const space = laplacianSpace(2)
  const found = evaluate(() => {
    const u = shiftJet(scaleJet(space.seed(constant([1, 2], [1, 2])), 3), 0.5)
    return { value: u.value, gradient: space.gradient(u), laplacian: space.laplacian(u) }
  })
  expect([...Array.from(found.value), ...Array.from(found.gradient), ...Array.from(found.laplacian)]).toEqual([3.5, 6.5, 3, 0, 0, 3, 0, 0])
})
