import fc from 'fast-check'
import katex from 'katex'
import { expect, it } from 'vitest'
import { elementaryExpression } from './arbitraries.testing'
import { toLatex } from './latex'
import { parseCondition, parseEquation, parseExpression } from './parse'

const tex = (text: string) => {
  const outcome = text.includes(' = ') ? parseEquation(text) : /[<>]/.test(text) && !text.includes('if') ? parseCondition(text) : parseExpression(text)
  if (!outcome.ok) throw new Error(outcome.faults[0].message)
  return toLatex(outcome.value)
}

it.each([
  ['-lap(u) = f', '-\\Delta u = f'],
  ['dt(u) + u*dx(u) = nu*dxx(u)', 'u_t + u u_x = \\nu u_{xx}'],
  ['-div((5 + x^2*y)*grad(u)) + 3*u = f', '-\\nabla\\cdot ((5 + x^2y)\\nabla u) + 3u = f'],
  ['dn(u) + 2*u = g', '\\partial_n u + 2u = g'],
  ['2*(k*pi)^2*ue', '2(k\\pi)^2u_e'],
  ['sin(k*pi*x)*sin(k*pi*y)', '\\sin(k\\pi x)\\sin(k\\pi y)'],
  ['0.01/pi', '\\frac{0.01}{\\pi}'],
  ['-x/2 + y', '-\\frac{x}{2} + y'],
  ['exp(-x^2/2)', 'e^{-x^2/2}'],
  ['lambda1*u*dx(u)', '\\lambda_1u u_x'],
  ['sin(x)^2 + u1^2', '\\sin^2(x) + {u_1}^2'],
  ['lap(u)*f + f*lap(u)', '(\\Delta u)f + f\\Delta u'],
  ['dx(u^2)/2', '\\frac{\\partial_x (u^2)}{2}'],
  ['0 < x < 1 and y > 2', '0 < x < 1 \\text{ and } y > 2'],
  ['sum(i, cos(pi*xi))', '\\sum_{i} \\cos(\\pi x_i)'],
  ['1e-3*x*2', '10^{-3} x\\cdot 2'],
  ['2*3', '2\\cdot 3'],
  ['sqrt(1/x)', '\\sqrt{\\frac{1}{x}}'],
  ['abs(h)^2*h', '\\lvert h\\rvert ^2h'],
  ['Re*u', '\\mathrm{Re}\\,u'],
  ['a - (b - c)', 'a - (b - c)'],
  ['(a/b)^2', '\\left(\\frac{a}{b}\\right)^2'],
  ['2^-x', '2^{-x}'],
  ['-(a + b)*c', '-(a + b)c'],
  ['curl(v) + grad(dx(u))', '\\nabla\\times v + \\nabla u_x'],
])('%s', (text, expected) => expect(tex(text)).toBe(expected))

it('KaTeX takes every expression', () => {
  fc.assert(fc.property(elementaryExpression, e => {
    katex.renderToString(toLatex(e), { throwOnError: true, strict: 'error' })
  }), { numRuns: 300 })
  for (const name of ['__proto__', 'a__b', '_x', 'alpha_beta_gamma', 'u_', 'x12y', 'A_1', 'eps2']) katex.renderToString(tex(name), { throwOnError: true, strict: 'error' })
  katex.renderToString(tex('if(x < 1 or not y >= 2, floor(x), mod(x, 2))'), { throwOnError: true, strict: 'error' })
})
