import type { Expression } from './ast'
import { derivativeLetters } from './functions'
import { compareRationals, floored, integerPower, isNegative, isOne, isZero, MINUS_ONE, negated, ONE, plus, rational, rationalFromNumber, rationalRoot, times, inverted, ZERO, type Rational } from './rational'

/** Values of functions that are rational at rational arguments; undefined where the call has to stay. */
export function foldCall(name: string, values: readonly (Rational | undefined)[]): Rational | undefined {
  const [a, b] = values
  if (a === undefined) return undefined
  if (derivativeLetters(name) !== undefined || name === 'dn' || name === 'traction' || name === 'lap') return ZERO
  if (values.length === 2) return b === undefined ? undefined : foldPair(name, a, b)
  switch (name) {
    case 'sin': case 'tan': case 'asin': case 'atan': case 'sinh': case 'tanh': case 'expm1': case 'log1p': case 'erf': case 'cbrt':
      return isZero(a) ? ZERO : undefined
    case 'cos': case 'cosh': case 'sech': case 'exp': return isZero(a) ? ONE : undefined
    case 'log': case 'ln': case 'log2': case 'log10': return isOne(a) ? ZERO : undefined
    case 'sqrt': return rationalRoot(a)
    case 'abs': return isNegative(a) ? negated(a) : a
    case 'sign': return isZero(a) ? ZERO : isNegative(a) ? MINUS_ONE : ONE
    case 'floor': return floored(a)
    case 'ceil': return negated(floored(negated(a)))
    case 'step': return isNegative(a) ? ZERO : ONE
    case 'heaviside': return isZero(a) ? rational(1n, 2n) : isNegative(a) ? ZERO : ONE
    case 'conj': case 're': return a
    case 'im': return ZERO
    default: return undefined
  }
}

function foldPair(name: string, a: Rational, b: Rational): Rational | undefined {
  switch (name) {
    case 'min': return compareRationals(a, b) <= 0 ? a : b
    case 'max': return compareRationals(a, b) >= 0 ? a : b
    case 'mod': return isZero(b) ? undefined : plus(a, negated(times(b, floored(times(a, inverted(b))))))
    case 'hypot': {
      const [x, y] = [integerPower(a, 2), integerPower(b, 2)]
      return x && y ? rationalRoot(plus(x, y)) : undefined
    }
    default: return undefined
  }
}

/** Whether a simplified condition holds for every value of its names, for none (false), or depends (undefined). */
export function truthOf(e: Expression): boolean | undefined {
  switch (e.kind) {
    case 'compare': {
      const [a, b] = [literal(e.left), literal(e.right)]
      if (!a || !b) return undefined
      const order = compareRationals(a, b)
      return e.operator === '<' ? order < 0 : e.operator === '<=' ? order <= 0 : e.operator === '>' ? order > 0 : order >= 0
    }
    case 'not': {
      const inner = truthOf(e.argument)
      return inner === undefined ? undefined : !inner
    }
    case 'and': case 'or': {
      const decisive = e.kind === 'or'
      const [a, b] = [truthOf(e.left), truthOf(e.right)]
      if (a === decisive || b === decisive) return decisive
      return a === undefined || b === undefined ? undefined : !decisive
    }
    default: return undefined
  }
}

/** The fraction of a number, a negated number or a quotient of numbers. */
function literal(e: Expression): Rational | undefined {
  if (e.kind === 'number') return Number.isFinite(e.value) ? rationalFromNumber(e.value) : undefined
  if (e.kind === 'negate') {
    const inner = literal(e.argument)
    return inner && negated(inner)
  }
  if (e.kind !== 'binary' || e.operator !== '/') return undefined
  const [p, q] = [literal(e.left), literal(e.right)]
  return p && q && !isZero(q) ? times(p, inverted(q)) : undefined
}
