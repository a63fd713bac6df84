import fc from 'fast-check'
import type { Expression } from './ast'
import { functionTable } from './functions'
import { add, binary, call, name, negate, number } from './structure'

/** Random expressions for property tests. */
export const coordinateNames = ['x', 'y', 'k'] as const

const leaf: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...coordinateNames).map(name),
  fc.integer({ min: 0, max: 9 }).map(number),
  fc.constantFrom(0.1, 0.25, 1.5, 1e-3, 2.75, 12, 1 / 3).map(number),
)

const condition = (value: fc.Arbitrary<Expression>): fc.Arbitrary<Expression> => {
  const compare = fc.tuple(fc.constantFrom('<', '<=', '>', '>='), value, value).map(([operator, left, right]): Expression => ({ kind: 'compare', operator, left, right }) as Expression)
  return fc.oneof(
    { weight: 4, arbitrary: compare },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('and', 'or'), compare, compare).map(([kind, left, right]): Expression => ({ kind, left, right }) as Expression) },
    { weight: 1, arbitrary: compare.map((argument): Expression => ({ kind: 'not', argument })) },
  )
}

/** + − · / and integer powers over names and decimals. */
export const rationalExpression: fc.Arbitrary<Expression> = fc.letrec<{ e: Expression }>(tie => ({
  e: fc.oneof(
    { maxDepth: 5, depthSize: 'medium', withCrossShrink: true },
    leaf,
    fc.tuple(fc.constantFrom('+', '-', '*', '/', '+', '-', '*'), tie('e'), tie('e')).map(([operator, left, right]) => binary(operator as '+', left, right)),
    tie('e').map(negate),
    fc.tuple(tie('e'), fc.integer({ min: -3, max: 3 })).map(([base, n]) => binary('^', base, n < 0 ? negate(number(-n)) : number(n))),
  ),
})).e

const jumping: ReadonlySet<string> = new Set(['floor', 'ceil', 'mod', 'sign', 'heaviside', 'step', 'atan2'])

const withFunctions = (jumps: boolean): fc.Arbitrary<Expression> => fc.letrec<{ e: Expression }>(tie => {
  const functions = functionTable.filter(f => (f.kind === 'elementary' || f.kind === 'complex') && (jumps || !jumping.has(f.name)))
  return {
    e: fc.oneof(
      { maxDepth: 5, depthSize: 'medium', withCrossShrink: true },
      leaf,
      fc.tuple(fc.constantFrom('+', '-', '*', '/', '^'), tie('e'), tie('e')).map(([operator, left, right]) => binary(operator as '+', left, right)),
      tie('e').map(negate),
      fc.tuple(tie('e'), fc.integer({ min: -9, max: 9 })).map(([base, n]) => binary('^', base, n < 0 ? negate(number(-n)) : number(n))),
      fc.tuple(fc.constantFrom(...functions), tie('e'), tie('e')).map(([f, a, b]) => call(f.name, ...[a, b].slice(0, f.arity))),
      ...(jumps ? [fc.tuple(condition(tie('e')), tie('e'), tie('e')).map(([c, a, b]) => call('if', c, a, b))] : []),
    ),
  }
}).e

/** Every elementary function, powers and conditions. */
export const elementaryExpression = withFunctions(true)
/** The same without functions that jump: where rounding of the arguments changes values by rounding only. */
export const continuousExpression = withFunctions(false)

/** A sum nested far to the left. */
export const longSum = (terms: number): Expression => Array.from({ length: terms }, (_, i): Expression => (i % 3 ? name('x') : number(i))).reduce(add)
