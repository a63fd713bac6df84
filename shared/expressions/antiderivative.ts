import type { Expression } from './ast'
import { differentiate } from './differentiate'
import { simplify } from './simplify'
import { add, call, divide, freeNames, isNumber, multiply, name, negate, number, one, raise, subtract, zero } from './structure'

/**
 * ∫ e d(variable) for sums of products of powers, exponentials, circular and hyperbolic functions of linear arguments; other names are constants. Undefined where the table has no entry.
 * The derivative of the result is e; the constant is chosen as it comes.
 */
export function antiderivative(e: Expression, variable: string): Expression | undefined {
  const found = integrate(simplify(e), variable)
  return found && simplify(found)
}

const isFree = (e: Expression, variable: string): boolean => !freeNames(e).has(variable)

function integrate(e: Expression, x: string): Expression | undefined {
  if (isFree(e, x)) return multiply(e, name(x))
  if (e.kind === 'name') return divide(raise(e, number(2)), number(2))
  if (e.kind === 'negate') {
    const inner = integrate(e.argument, x)
    return inner && negate(inner)
  }
  if (e.kind === 'binary') {
    const { operator, left, right } = e
    if (operator === '+' || operator === '-') {
      const [a, b] = [integrate(left, x), integrate(right, x)]
      return a && b && (operator === '+' ? add(a, b) : subtract(a, b))
    }
    if (operator === '/' && isFree(right, x)) {
      const inner = integrate(left, x)
      return inner && divide(inner, right)
    }
    if (operator === '*') return integrateProduct(e, x)
    if (operator === '/' && isFree(left, x)) {
      const inner = integratePower(right, number(-1), x)
      return inner && multiply(left, inner)
    }
    if (operator === '^') return integratePower(left, right, x)
    return undefined
  }
  return e.kind === 'call' && e.arguments.length === 1 ? integrateCall(e.name, e.arguments[0], x) : undefined
}

function integrateProduct(e: Extract<Expression, { kind: 'binary' }>, x: string): Expression | undefined {
  const factors: Expression[] = []
  const collect = (node: Expression): void => {
    if (node.kind === 'binary' && node.operator === '*') {
      collect(node.left)
      collect(node.right)
    } else if (node.kind === 'negate') {
      factors.push(number(-1))
      collect(node.argument)
    } else factors.push(node)
  }
  collect(e)
  const constant = factors.filter(f => isFree(f, x))
  const moving = factors.filter(f => !isFree(f, x))
  if (moving.length === 1) {
    const inner = integrate(moving[0], x)
    return inner && constant.reduce((product, f) => multiply(product, f), inner)
  }
  // A product with a sum in it is multiplied out once; what is left has smaller factors.
  const at = moving.findIndex(f => termsOf(f).length > 1)
  if (at < 0) return undefined
  const rest = [...constant, ...moving.filter((_, i) => i !== at)].reduce((a, b) => multiply(a, b), one)
  const terms = termsOf(moving[at]).map(term => integrate(simplify(multiply(rest, term)), x))
  return terms.every(t => t !== undefined) ? terms.reduce((a, b) => add(a, b), zero) : undefined
}

/** Terms of a sum, or of a sum raised to a small whole power. */
function termsOf(e: Expression): readonly Expression[] {
  if (e.kind === 'binary' && (e.operator === '+' || e.operator === '-')) return [...termsOf(e.left), ...termsOf(e.right).map(t => (e.operator === '-' ? negate(t) : t))]
  if (e.kind === 'negate') return termsOf(e.argument).map(negate)
  if (e.kind === 'binary' && e.operator === '^' && e.right.kind === 'number' && (e.right.value === 2 || e.right.value === 3 || e.right.value === 4)) {
    const base = termsOf(e.left)
    if (base.length < 2 || base.length > 4) return [e]
    let product: readonly Expression[] = [one]
    for (let i = 0; i < e.right.value; i++) product = product.flatMap(a => base.map(b => multiply(a, b)))
    return product
  }
  return [e]
}

/** a of a·x + b, when the expression is linear in x with a ≠ 0. */
function slopeOf(e: Expression, x: string): Expression | undefined {
  const slope = differentiate(e, x)
  return isFree(slope, x) && !isNumber(slope, 0) ? slope : undefined
}

function integratePower(base: Expression, exponent: Expression, x: string): Expression | undefined {
  const slope = slopeOf(base, x)
  if (slope && isFree(exponent, x)) {
    if (isNumber(simplify(exponent), -1)) return divide(call('log', call('abs', base)), slope)
    if (simplify(exponent).kind !== 'number') return undefined
    const next = add(exponent, one)
    return divide(raise(base, next), multiply(next, slope))
  }
  const inner = slopeOf(exponent, x)
  if (inner && isFree(base, x)) return base.kind === 'name' && base.name === 'e' ? divide(raise(base, exponent), inner) : divide(raise(base, exponent), multiply(call('log', base), inner))
  const terms = termsOf(raise(base, exponent))
  if (terms.length < 2) return undefined
  const parts = terms.map(t => integrate(simplify(t), x))
  return parts.every(p => p !== undefined) ? parts.reduce((a, b) => add(a, b), zero) : undefined
}

function integrateCall(f: string, argument: Expression, x: string): Expression | undefined {
  const slope = slopeOf(argument, x)
  if (!slope) return undefined
  const over = (e: Expression): Expression => divide(e, slope)
  switch (f) {
    case 'sin': return over(negate(call('cos', argument)))
    case 'cos': return over(call('sin', argument))
    case 'sinh': return over(call('cosh', argument))
    case 'cosh': return over(call('sinh', argument))
    case 'tanh': return over(call('log', call('cosh', argument)))
    case 'exp': return over(call('exp', argument))
    case 'abs': return over(divide(multiply(argument, call('abs', argument)), number(2)))
    case 'sqrt': return over(divide(multiply(multiply(number(2), argument), call('sqrt', argument)), number(3)))
    default: return undefined
  }
}
