import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault'
import { differentiate, equalExpressions, evaluate, expandSums, name, simplify, sizeOf, substitute, toText } from './algebra'
import { continuousExpression, coordinateNames, elementaryExpression, longSum, rationalExpression } from './arbitraries.testing'
import type { Expression } from './ast'
import type { Libm } from './libm'
import { parseExpression } from './parse'
import { integerPower, inverted, isZero, negated, numberFromRational, plus, rational, rationalFromNumber, times, type Rational } from './rational'

// Derivatives are compared with differences here, for which the platform's functions are exact enough.
const libm = { ...Object.fromEntries(Object.getOwnPropertyNames(Math).map(key => [key, Math[key as 'sin']])), erf } as unknown as Libm
function erf(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 200; n++) sum += (term *= -(x * x) / n) / (2 * n + 1)
  return Math.abs(x) > 5 ? Math.sign(x) : (2 / Math.sqrt(Math.PI)) * sum
}

const e = (text: string): Expression => {
  const outcome = parseExpression(text)
  if (!outcome.ok) throw new Error(`${text}: ${outcome.faults[0].message}`)
  return outcome.value
}
const simple = (text: string) => toText(simplify(e(text)))

describe('simplify', () => {
  it.each([
    ['x + x', '2*x'], ['0.1 + 0.2', '0.3'], ['x/3 + x/6', '0.5*x'], ['x/3', 'x/3'], ['2*(a + b) - 2*a - 2*b', '0'], ['(2*k*pi)^2*u/k', '4*k*pi^2*u'], ['x - (x - 1)', '1'], ['sin(-x) + sin(x)', '0'], ['cos(-2*x) - cos(2*x)', '0'],
    ['(b - a)^2 - (a - b)^2', '0'], ['x/x', '1'], ['x^2/x^3', '1/x'], ['sqrt(4/9)', '2/3'], ['pow(x, 2)*x', 'x^3'], ['if(1 < 2, x, y)', 'x'], ['a/(b/c)', 'a*c/b'], ['ln(x) - log(x)', '0'], ['(a + b)^2/(a + b)', 'a + b'], ['0*x', '0'],
    ['-x - y', '-x - y'], ['1 - x', '-x + 1'], ['x^0.5*x^0.5', '(x^0.5)^2'], ['sqrt(x^2)', 'sqrt(x^2)'], ['mod(-1, 3)', '2'], ['floor(-0.5)', '-1'],
  ])('%s → %s', (from, to) => expect(equalExpressions(simplify(e(from)), simplify(e(to))) && simple(from)).toBe(simple(to)))

  it('writes forms that people read', () => {
    expect(['x/3 + x/6', '-x/3', '3*x/7*2', 'u*3*(1 - u)', 'x^-2', '-2*x/y'].map(simple)).toEqual(['0.5*x', '-x/3', '6*x/7', '3*(1 - u)*u', '1/x^2', '-2*x/y'])
  })

  it('keeps what has no value', () => {
    for (const text of ['1/0', '1/0 - 1/0', '0*(1/0)', '0/0', '(x - x)^-1']) expect(evaluate(simplify(e(text)), { x: 1 }, libm), text).toSatisfy((v: number) => !Number.isFinite(v))
  })

  it('equal sums in any order are equal, and e − e is 0', () => {
    fc.assert(fc.property(elementaryExpression, elementaryExpression, elementaryExpression, (a, b, c) => {
      const text = (s: string) => simplify(substitute(e(s), { a, b, c }))
      expect(toText(text('a + b + c'))).toBe(toText(text('c + (b + a)')))
      expect(toText(text('a*b*c'))).toBe(toText(text('c*(b*a)')))
      // what has no value keeps none: 1/0 − 1/0 is not 0
      const difference = text('a - a')
      expect(toText(difference) === '0' || !Number.isFinite(evaluate(difference, { x: 0.7321, y: 1.3719, k: 2.1373 }, libm)), toText(difference)).toBe(true)
    }), { numRuns: 300 })
  })

  it('is idempotent', () => {
    fc.assert(fc.property(elementaryExpression, a => {
      const once = simplify(a)
      expect(toText(simplify(once))).toBe(toText(once))
      expect(toText(simplify(e(toText(once))))).toBe(toText(once))
    }), { numRuns: 1000 })
  })

  it('keeps the value of rational expressions', () => {
    let defined = 0
    fc.assert(fc.property(rationalExpression, a => {
      const scope = { x: rational(7n, 3n), y: rational(-5n, 11n), k: rational(13n, 2n) }
      const before = exactValue(a, scope)
      if (!before) return
      defined++
      const after = exactValue(simplify(a), scope)
      // constants of more than 17 digits are rounded once
      const [exact, got] = [before, after!].map(numberFromRational)
      expect(Math.abs(got - exact)).toBeLessThanOrEqual(1e-13 * Math.max(1, Math.abs(exact)))
    }), { numRuns: 1500 })
    expect(defined).toBeGreaterThan(800)
  })

  it('keeps the value of elementary expressions up to rounding', () => {
    let compared = 0
    fc.assert(fc.property(continuousExpression, a => {
      const scope = { x: 0.7321, y: 1.3719, k: 2.1373 }
      const before = evaluate(a, scope, libm)
      // where a small change of the coordinates changes much, rounding does too
      const near = evaluate(a, { x: 0.7321 * (1 + 1e-10), y: 1.3719 * (1 - 1e-10), k: 2.1373 * (1 + 1e-10) }, libm)
      const scale = Math.max(1, Math.abs(before), largestPart(a, scope))
      if (!Number.isFinite(before) || !(scale < 1e6) || !(Math.abs(near - before) < 1e-7)) return
      compared++
      expect(Math.abs(evaluate(simplify(a), scope, libm) - before) / scale).toBeLessThan(1e-6)
    }), { numRuns: 1500, seed: 20261120 })
    expect(compared).toBeGreaterThan(300)
  })
})

/** The size of the largest intermediate value: rounding is relative to it. */
function largestPart(a: Expression, scope: Readonly<Record<string, number>>): number {
  const parts = 'left' in a ? [a.left, a.right] : a.kind === 'call' ? a.arguments : 'argument' in a ? [a.argument] : []
  return Math.max(Math.abs(evaluate(a, scope, libm)), ...parts.map(p => largestPart(p, scope)))
}

function exactValue(a: Expression, scope: Readonly<Record<string, Rational>>): Rational | undefined {
  if (a.kind === 'number') return rationalFromNumber(a.value)
  if (a.kind === 'name') return scope[a.name]
  if (a.kind === 'negate') {
    const inner = exactValue(a.argument, scope)
    return inner && negated(inner)
  }
  if (a.kind !== 'binary') return undefined
  const [left, right] = [exactValue(a.left, scope), exactValue(a.right, scope)]
  if (!left || !right) return undefined
  if (a.operator === '+') return plus(left, right)
  if (a.operator === '-') return plus(left, negated(right))
  if (a.operator === '*') return times(left, right)
  if (a.operator === '/') return isZero(right) ? undefined : times(left, inverted(right))
  return right.q === 1n ? integerPower(left, Number(right.p)) : undefined
}

describe('differentiate', () => {
  it.each([
    ['x^3', '3*x^2'], ['sin(2*x)', '2*cos(2*x)'], ['exp(-x^2)', '-2*x*exp(-x^2)'], ['u*x', 'u'], ['x^k', 'k*x^(k - 1)'], ['2^x', '2^x*log(2)'], ['abs(x)', 'sign(x)'], ['if(x < 0, x^2, x)', 'if(x < 0, 2*x, 1)'], ['max(x, y)', 'if(x >= y, 1, 0)'],
    ['dx(u)', 'dxx(u)'], ['dt(u)', 'dxt(u)'], ['y/x', '-y/x^2'], ['floor(x)', '0'],
  ])('∂x %s = %s', (from, to) => expect(toText(differentiate(e(from), 'x'))).toBe(simple(to)))

  it('follows a chain', () => expect(toText(differentiate(e('a*u^2'), 'x', n => (n === 'u' ? name('u_x') : undefined)))).toBe('2*a*u*u_x'))
  it('refuses lap(u) by x', () => expect(() => differentiate(e('lap(u)'), 'x')).toThrow(FaultError))

  it('agrees with differences', () => {
    let compared = 0
    fc.assert(fc.property(continuousExpression, fc.constantFrom(...coordinateNames), (a, by) => {
      const scope = { x: 0.7321, y: 1.3719, k: 2.1373 }
      const at = (h: number) => evaluate(a, { ...scope, [by]: scope[by] + h }, libm)
      const central = (h: number) => (at(h) - at(-h)) / (2 * h)
      const [coarse, fine] = [central(2e-3), central(1e-3)]
      const difference = fine + (fine - coarse) / 3
      // smooth and well scaled there: two step sizes agree
      if (!Number.isFinite(difference) || Math.abs(fine - coarse) > 1e-5 * (1 + Math.abs(fine)) || !(largestPart(a, scope) < 1e4)) return
      const symbolic = evaluate(differentiate(a, by), scope, libm)
      if (!Number.isFinite(symbolic)) return
      compared++
      expect(Math.abs(symbolic - difference)).toBeLessThan(1e-5 * (1 + Math.abs(fine)))
    }), { numRuns: 2000, seed: 20261120 })
    expect(compared).toBeGreaterThan(300)
  })

  it.each(['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh', 'sech', 'exp', 'expm1', 'log', 'ln', 'log1p', 'log2', 'log10', 'sqrt', 'cbrt', 'abs', 'erf', 'sign', 'floor', 'ceil', 'heaviside', 'step'])('%s′ agrees with differences', f => {
    const derivative = differentiate(e(`${f}(x)`), 'x')
    for (const x of [0.1, 0.35, 0.62, 0.9]) {
      const value = (h: number) => evaluate(e(`${f}(x)`), { x: x + h }, libm)
      const h = 1e-4
      const difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
      expect(evaluate(derivative, { x }, libm)).toBeCloseTo(difference, 8)
    }
  })
})

describe('substitute', () => {
  it('replaces names at once and respects the index of a sum', () => {
    expect(toText(substitute(e('a + b*sum(i, a*i)'), { a: e('b'), b: e('a'), i: e('7') }))).toBe('b + a*sum(i, b*i)')
  })
  it('writes sums out', () => expect(toText(expandSums(e('sum(i, i*cos(pi*xi))'), 3))).toBe('1*cos(pi*x1) + 2*cos(pi*x2) + 3*cos(pi*x3)'))
  it('stops definitions that double each other', () => {
    expect(() => {
      let f = e('x + x')
      for (let i = 0; i < 60; i++) f = substitute(e('f*f'), { f })
    }).toThrow(/100000 terms/)
  })
  it('knows no inherited names', () => expect(() => evaluate(e('constructor + toString'), {}, libm)).toThrow(/"constructor" has no value/))
})

it('long and deep expressions pass through everything', () => {
  const long = longSum(1000)
  expect(sizeOf(long).levels).toBe(1000)
  expect(toText(differentiate(long, 'x'))).toBe('666')
  const deep = e(`${'sin('.repeat(200)}x${')'.repeat(200)}`)
  expect(evaluate(differentiate(deep, 'x'), { x: 0 }, libm)).toBe(1)
})
