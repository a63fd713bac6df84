import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outcome } from '../fault'
import { elementaryExpression } from './arbitraries.testing'
import type { Expression } from './ast'
import { parseCondition, parseEquation, parseExpression } from './parse'
import { children, equalExpressions, freeNames } from './structure'
import { toText } from './text'

const parsed = (text: string): Expression => {
  const outcome = parseExpression(text)
  if (!outcome.ok) throw new Error(outcome.faults[0].message)
  return outcome.value
}
const text = (source: string) => toText(parsed(source))
/** `code@underlined`: what a user sees marked. */
const faultOf = (outcome: Outcome<unknown>) => {
  if (outcome.ok) return 'no fault'
  const { code, where } = outcome.faults[0]
  return `${code}@${where?.text?.slice(where.from, where.to) ?? ''}`
}

describe('precedence', () => {
  it.each([
    ['-x^2', '-(x^2)'], ['2^-1', '2^(-1)'], ['2^3^2', '2^(3^2)'], ['2^-x^2', '2^(-(x^2))'], ['a-b-c', '(a-b)-c'], ['a/b*c', '(a/b)*c'], ['-a*b', '(-a)*b'], ['a--b', 'a-(-b)'], ['a*-b^2', 'a*(-(b^2))'], ['+x', 'x'], ['2.*.5', '2*0.5'],
    ['1e-3', '0.001'], ['π', 'pi'],
  ])('%s is %s', (short, full) => expect(equalExpressions(parsed(short), parsed(full))).toBe(true))

  it('reads conditions: chains, and before or, not', () => {
    const outcome = parseCondition('0 < x <= 1 or not y > 2 and x < y')
    expect(outcome.ok && toText(outcome.value)).toBe('0 < x and x <= 1 or not y > 2 and x < y')
  })

  it('reads the whole statement language', () => {
    for (const line of ['-lap(u) = f', 'dt(u) + u*dx(u) = nu*dxx(u)', '-div((5 + x^2*y)*grad(u)) + 3*u = f', 'i*dt(h) + 0.5*dxx(h) + abs(h)^2*h = 0', 'dtt(u) = c^2*lap(u)', 'dn(u) + 2*u = 2*exp(x)*(cos(2)-sin(2))',
      'dt(w) + dot(curl(psi), grad(w)) = nu*lap(w)', '-lap(psi) = w', '-lap(u) = sum(i, cos(pi*xi))', 'dt(u) = -dxxxx(u) - dxx(u) - 0.5*dx(u^2)', 'dxy(u) = if(x < 0.5 and y > 0, conj(h), re(h)*im(h))']) {
      expect(parseEquation(line), line).toMatchObject({ ok: true })
    }
  })
})

describe('faults', () => {
  it.each([
    ['sinn(x)', 'unknown-function@sinn'], ['constructor(x)', 'unknown-function@constructor'], ['1 + __proto__(x)', 'unknown-function@__proto__'], ['2 x', 'missing-operator@2 x'], ['(x + 1', 'unclosed-bracket@('], ['x + 1)', 'unopened-bracket@)'],
    ['x +', 'missing-operand@+'], ['* x', 'missing-operand@*'], ['x − 1', 'stray-character@−'], ['sin x', 'function-without-brackets@sin x'], ['u = 1', 'equation-not-allowed@='], ['0,5', 'stray-comma@,'], ['min(1)', 'wrong-arity@min(1)'],
    ['if(x, 1, 2)', 'condition-expected@x'], ['1 + (x < 2)', 'condition-not-allowed@(x < 2)'], ['', 'empty@'], ['1e999', 'number-out-of-range@1e999'], ['1.2.3', 'malformed-number@1.2.3'], ['x**2', 'stray-character@**'], ['sum(2, x)', 'sum-index@2'],
  ])('%s: %s', (source, fault) => expect(faultOf(parseExpression(source))).toBe(fault))

  it.each([['u', 'missing-equals@u'], ['a = b = c', 'second-equals@='], ['u =', 'missing-operand@='], ['sin(x = 1', 'unclosed-bracket@('], ['x < 1', 'condition-not-allowed@x < 1']])('equation %s: %s', (source, fault) =>
    expect(faultOf(parseEquation(source))).toBe(fault))

  it.each([['0 < x > 1', 'mixed-chain@>'], ['x', 'condition-expected@x'], ['x = 1', 'equation-not-allowed@=']])('condition %s: %s', (source, fault) => expect(faultOf(parseCondition(source))).toBe(fault))

  it('names the nearest function and what to write', () => {
    const tip = (source: string) => {
      const outcome = parseExpression(source)
      return outcome.ok ? undefined : outcome.faults[0].tip
    }
    expect(tip('sinn(x)')).toBe('Did you mean sin?')
    expect(tip('laplacian(u)')).toBe('Did you mean lap?')
    expect(tip('2 x')).toBe('To multiply, write 2*x.')
    expect(tip('k(x+1)')).toBe('To multiply, write k*(…).')
    expect(tip('0,5')).toBe('Write the decimal point: 0.5.')
    expect(tip('2·x')).toBe('Write * for multiplication.')
    expect(tip('ν*x')).toBe('Write nu; it is typeset as the letter.')
  })
})

describe('limits', () => {
  it.each([
    ['brackets', '('.repeat(9000)], ['closed brackets', `${'('.repeat(5000)}x${')'.repeat(5000)}`], ['signs', `${'-'.repeat(15000)}x`], ['powers', 'x^'.repeat(9000) + 'x'], ['calls', 'sin('.repeat(4000)], ['not', 'not '.repeat(4900) + 'x<1'],
  ])('many %s are told, not a crash', (_, source) => expect(faultOf(parseCondition(source))).toMatch(/^too-deep/))
  it('long sums are told, not a crash', () => expect(faultOf(parseExpression('1' + '+x'.repeat(9999)))).toMatch(/^too-deep/))
  it('takes a sum of a thousand terms', () => expect(parseExpression(`1${'+x'.repeat(1000)}`).ok).toBe(true))
  it('takes 250 nested brackets', () => expect(parseExpression(`${'('.repeat(250)}x${')'.repeat(250)}`).ok).toBe(true))
  it('refuses more than 20 000 characters', () => expect(faultOf(parseExpression(' '.repeat(20_001)))).toMatch(/^too-long/))
})

describe('round trip', () => {
  it('toText gives few brackets', () => {
    for (const source of ['-x^2', '(-x)^2', 'a - (b - c)', 'a/(b*c)', '(a + b)*c', '2^-1', '(a^b)^c', '-(a + b)', '-(a*b)', 'if(x < 1, a, b)', '-lap(u) + sin(2*pi*x)']) expect(text(source)).toBe(source)
  })

  it('parse ∘ toText is the identity', () => {
    fc.assert(fc.property(elementaryExpression, e => equalExpressions(parsed(toText(e)), e)), { numRuns: 1000 })
  })

  it('every node\'s range holds the text of that node', () => {
    fc.assert(fc.property(elementaryExpression, e => {
      const source = toText(e)
      const check = (node: Expression): boolean => {
        const part = source.slice(node.range!.from, node.range!.to)
        const again = node.kind === 'compare' || node.kind === 'and' || node.kind === 'or' || node.kind === 'not' ? parseCondition(part) : parseExpression(part)
        return again.ok && equalExpressions(again.value, node) && children(node).every(check)
      }
      return check(parsed(source))
    }), { numRuns: 300 })
  })
})

describe('any text', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.constantFrom('x', 'sin', '(', ')', ',', '+', '-', '^', '=', '<', '>=', 'and', 'not', 'if', 'sum', '2', '.5', 'e', '1e', ' ', 'constructor', '__proto__', 'π', '\\', '"', 'dx'), { maxLength: 30 }).map(parts => parts.join('')))
  it('gives a value or a fault with a place inside it, and never throws', () => {
    fc.assert(fc.property(hostile, source => {
      for (const outcome of [parseExpression(source), parseEquation(source), parseCondition(source)]) {
        if (outcome.ok) continue
        const { where, message } = outcome.faults[0]
        expect(message).toMatch(/\.$/)
        expect(where!.from).toBeGreaterThanOrEqual(0)
        expect(where!.to).toBeLessThanOrEqual(source.length)
        expect(where!.to).toBeGreaterThanOrEqual(where!.from!)
      }
    }), { numRuns: 3000 })
  })
})

it('lists free names, the index of a sum left out', () => {
  expect([...freeNames(parsed('k*sum(i, a*xi + i) + x/pi')).keys()]).toEqual(['k', 'a', 'x', 'pi'])
  expect(freeNames(parsed('2*nu')).get('nu')).toEqual({ from: 2, to: 4 })
})
