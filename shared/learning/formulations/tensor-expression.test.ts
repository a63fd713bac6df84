import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { evaluate } from '../../expressions/algebra'
import { coordinateNames, elementaryExpression } from '../../expressions/arbitraries.testing'
import type { Expression } from '../../expressions/ast'
import { parseExpression } from '../../expressions/parse'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { add, type Tensor } from '../tf'
import { tensorOf } from './tensor-expression'

const libm = loadLibm(readKernels())
const points = { x: Float64Array.of(0.7321, -1.3, 0, 2.5), y: Float64Array.of(1.3719, 0.2, -2, 0.5), k: Float64Array.of(2.1373, -0.4, 1, 3) }

function values(e: Expression): Float64Array {
  const program = compile((_, inputs) => {
    const result = tensorOf(e, name => inputs[name])
    return { outputs: { value: typeof result === 'number' ? add(result, 0) : (result as Tensor) } }
  }, { precision: 'float64', inputs: { x: [4], y: [4], k: [4] }, libm })
  const { value } = evaluateGraph(program.graph, points, libm).outputs
  return value.length === 1 ? new Float64Array(4).fill(value[0]) : (value as Float64Array)
}

const at = (i: number) => Object.fromEntries(coordinateNames.map(name => [name, points[name as 'x'][i]]))
const parsed = (text: string): Expression => {
  const outcome = parseExpression(text)
  if (!outcome.ok) throw new Error(text)
  return outcome.value
}

it.each([
  'sech(x) + expm1(1e-9*x) + log1p(abs(x)) + log1p(1e-12*abs(y))', 'atan2(y, x) + hypot(x, y)', 'mod(x, y) + heaviside(x) + step(y)', 'if(x < 0 or y >= 1 and not x > 2, x^3, y^-2)', 'cbrt(x) + log2(abs(k)) + log10(abs(k))',
  'min(x, y)*max(x, k) + sign(x) + erf(y)', '2^x + (x^2)^0.5 + pow(x, 3)', '3 + 4*2', 'x^0',
])('%s has the values of the interpreter', text => {
  const e = parsed(text)
  values(e).forEach((value, i) => {
    const expected = evaluate(e, at(i), libm)
    expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(expected)))
  })
})

it('random expressions have the values of the interpreter', () => {
  let compared = 0
  fc.assert(fc.property(elementaryExpression, e => {
    const got = values(e)
    for (let i = 0; i < 4; i++) {
      const expected = evaluate(e, at(i), libm)
      const near = evaluate(e, Object.fromEntries(Object.entries(at(i)).map(([name, v]) => [name, v * (1 + 1e-11)])), libm)
      if (!Number.isFinite(expected) || !(Math.abs(near - expected) <= 1e-8 * Math.abs(expected))) continue
      compared++
      expect(Math.abs(got[i] - expected)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(expected)))
    }
  }), { numRuns: 300 })
  expect(compared).toBeGreaterThan(300)
})

it('a name without value is named', () => expect(() => values(parsed('x + u_xx'))).toThrow('u_xx has no value where a network is trained.'))
