import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { differentiate, evaluate, parseExpression } from '../../expressions'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { columnsOfJet, derivativeSpace, indicesUpTo, laplacianSpace } from '../taylor'
import { jetOf } from './jet-expression'

const libm = loadLibm(readKernels())
const points = [0.3, 0.7, -0.8, 0.4, 0.6, -0.2, -0.5, -0.9, 1.3, 0.1]
const coordinates = ['x', 'y']

describe('an expression as a jet has the derivatives of the symbolic table', () => {
  it.each([
    'sin(2*x)*cos(y) + 3', 'exp(-x^2 - y)/(2 + x*y)', 'sqrt(x^2 + 2*y^2 + 1)', 'atan2(y, x)', 'hypot(x, y)^3', 'if(x < y, x^2*y, sin(y))', 'min(x, y)*max(x^2, 0.3)', 'abs(x - 0.1)*tanh(y)', 'log(3 + x)^2 - cosh(x*y)',
    'cbrt(x^2 + y^2)*cos(2*atan2(-x - y, y - x)/3)', 'erf(x) + sech(y) + expm1(x*y)', '2^x + (2 + y)^x', 'pi*sin(1)*x^-2', 'mod(x, 0.25)*y', '4', 'sin(2)', 'step(x)*y^2', 'heaviside(y)*x', 'x', 'tan(x)*asin(y/2)',
  ])('%s', text => {
    const parsed = parseExpression(text)
    if (!parsed.ok) throw new Error(text)
    const orders = indicesUpTo(2, 2)
    const program = compile((_, given) => {
      const full = derivativeSpace(2, orders)
      const x = full.seed(given.points)
      const jet = jetOf(parsed.value, name => (coordinates.includes(name) ? columnsOfJet(x, coordinates.indexOf(name), 1) : undefined), x)
      const sums = laplacianSpace(2, { weights: [[1, 3]] })
      const seed = sums.seed(given.points)
      const contracted = jetOf(parsed.value, name => (coordinates.includes(name) ? columnsOfJet(seed, coordinates.indexOf(name), 1) : undefined), seed)
      return { outputs: { ...Object.fromEntries(orders.map(alpha => [alpha.join(), full.derivative(jet, alpha)])), sum: sums.laplacian(contracted) } }
    }, { precision: 'float64', inputs: { points: [points.length / 2, 2] }, libm })
    const found = evaluateGraph(program.graph, { points: Float64Array.from(points) }, libm).outputs
    const expected = (alpha: readonly number[], k: number): number => {
      const e = alpha.flatMap((n, i) => new Array<string>(n).fill(coordinates[i])).reduce((inner, name) => differentiate(inner, name), parsed.value)
      return evaluate(e, { x: points[2 * k], y: points[2 * k + 1] }, libm)
    }
    for (let k = 0; k < points.length / 2; k++) {
      for (const alpha of orders) expect(Math.abs(found[alpha.join()][k] - expected(alpha, k)), `order ${alpha.join()} at point ${k}`).toBeLessThan(1e-11 * (1 + Math.abs(expected(alpha, k))))
      const sum = expected([2, 0], k) + 3 * expected([0, 2], k)
      expect(Math.abs(found.sum[k] - sum)).toBeLessThan(1e-10 * (1 + Math.abs(sum)))
    }
  })
})
