import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { antiderivative, differentiate, evaluate, parseExpression } from './index'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Expression } from './ast'

const libm = loadLibm(readKernels())
const parsed = (text: string): Expression => {
  const result = parseExpression(text)
  if (!result.ok) throw new Error(text)
  return result.value
}

describe('antiderivative', () => {
  it.each(['3', 'u', 'u^3 - u', 'a*sin(b*u)', 'exp(-2*u)/a', '16*sinh(u)', '(u^2 - 1)*u', '(u - a)^3*u', '1/(1 + 2*u)', 'sqrt(u + 4)', 'tanh(3*u)', 'u*(1 - u)*(u - a)', 'abs(u)', '2^u', '(u^2 - 1)^2', 'cos(a)*u^2/(a + 1) - x*u'])('of %s by u has it as its derivative', text => {
    const e = parsed(text)
    const primitive = antiderivative(e, 'u')!
    const back = differentiate(primitive, 'u')
    for (const u of [0.3, 1.7, 2.2]) expect(evaluate(back, { u, a: 0.7, b: 1.3, x: 0.2 }, libm)).toBeCloseTo(evaluate(e, { u, a: 0.7, b: 1.3, x: 0.2 }, libm), 10)
  })
  it.each(['exp(u^2)', 'sin(u)*exp(u)', 'sin(u)/u', 'floor(u)', 'atan2(u, 1)'])('knows that it does not know %s', text => {
    expect(antiderivative(parsed(text), 'u')).toBeUndefined()
  })
  it('of any polynomial', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 6 }), fc.double({ min: -2, max: 2, noNaN: true }), (coefficients, u) => {
      const e = parsed(coefficients.map((c, k) => `(${c})*u^${k}`).join(' + '))
      expect(evaluate(differentiate(antiderivative(e, 'u')!, 'u'), { u }, libm)).toBeCloseTo(evaluate(e, { u }, libm), 8)
    }), { numRuns: 100 })
  })
})
