import { error, FaultError } from '../fault'
import type { CallNode, Expression } from './ast'
import { derivativeLetters, functionNamed } from './functions'
import { simplify } from './simplify'
import { add, call, checkedSize, divide, isNumber, mapChildren, multiply, negate, number, one, raise, subtract, zero } from './structure'

/**
 * ∂e/∂name, simplified. Other names are constants unless `chain` gives their derivative with respect to `name` (so `chain = n => n === 'u' ? u_x : undefined`
 * makes it a total derivative). Kinks get one-sided rules: abs′ = sign, min and max by cases, steps 0.
 * `dx(…)` inside is differentiated only by a coordinate (to `dxx(…)`). Throws FaultError `not-differentiable`, `expression-too-large`.
 */
export function differentiate(e: Expression, name: string, chain: (other: string) => Expression | undefined = () => undefined): Expression {
  const known = new Map<Expression, Expression>()
  const d = (node: Expression): Expression => {
    let result = known.get(node)
    if (!result) known.set(node, (result = derivative(node, name, chain, d)))
    return result
  }
  return checkedSize(simplify(checkedSize(d(e))))
}

// Constructors that drop zeros and ones at once: derivatives are mostly zeros.
const sum = (a: Expression, b: Expression) => (isNumber(a, 0) ? b : isNumber(b, 0) ? a : add(a, b))
const minus = (a: Expression, b: Expression) => (isNumber(b, 0) ? a : isNumber(a, 0) ? opposite(b) : subtract(a, b))
const opposite = (a: Expression) => (isNumber(a, 0) ? a : negate(a))
const product = (a: Expression, b: Expression) => (isNumber(a, 0) || isNumber(b, 0) ? zero : isNumber(a, 1) ? b : isNumber(b, 1) ? a : multiply(a, b))
const quotient = (a: Expression, b: Expression) => (isNumber(a, 0) ? zero : divide(a, b))
const square = (a: Expression) => raise(a, number(2))

function derivative(e: Expression, name: string, chain: (other: string) => Expression | undefined, d: (node: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'number': return zero
    case 'name': return e.name === name ? one : (chain(e.name) ?? zero)
    case 'negate': return opposite(d(e.argument))
    case 'call': return derivativeOfCall(e, name, d)
    case 'binary': {
      const [f, g] = [e.left, e.right]
      switch (e.operator) {
        case '+': return sum(d(f), d(g))
        case '-': return minus(d(f), d(g))
        case '*': return sum(product(d(f), g), product(f, d(g)))
        case '/': return minus(quotient(d(f), g), quotient(product(f, d(g)), square(g)))
        case '^': return derivativeOfPower(f, g, d)
      }
      break
    }
    // a condition is constant wherever it has a derivative
    default: return zero
  }
}

function derivativeOfPower(f: Expression, g: Expression, d: (node: Expression) => Expression): Expression {
  const [df, dg] = [d(f), d(g)]
  const byBase = isNumber(df, 0) ? zero : product(product(g, raise(f, subtract(g, one))), df)
  return isNumber(dg, 0) ? byBase : sum(byBase, product(product(call('log', f), raise(f, g)), dg))
}

function derivativeOfCall(e: CallNode, name: string, d: (node: Expression) => Expression): Expression {
  const entry = functionNamed(e.name)
  const [a, b, c] = e.arguments
  if (entry?.kind === 'differential' || entry?.kind === 'vector') return derivativeOfOperator(e, name)
  if (e.name === 'if') {
    const [then, otherwise] = [d(b), d(c)]
    return isNumber(then, 0) && isNumber(otherwise, 0) ? zero : call('if', a, then, otherwise)
  }
  if (e.name === 'sum') {
    if (/^x\d+$/.test(name)) throw new FaultError(error('not-differentiable', `sum(…) has to be written out before it is differentiated by ${name}.`))
    return mapChildren(e, child => (child === a ? child : d(child)))
  }
  if (e.name === 'pow') return derivativeOfPower(a, b, d)
  if (e.arguments.length === 2) return derivativeOfPair(e.name, a, b, d)
  if (entry?.kind === 'complex') {
    const inner = d(a)
    return isNumber(inner, 0) ? zero : call(e.name, inner)
  }
  const inner = d(a)
  return isNumber(inner, 0) ? zero : product(outerDerivative(e.name, a), inner)
}

/** f′(a) for the elementary functions of one argument. */
function outerDerivative(f: string, a: Expression): Expression {
  switch (f) {
    case 'sin': return call('cos', a)
    case 'cos': return negate(call('sin', a))
    case 'tan': return add(one, square(call('tan', a)))
    case 'asin': return divide(one, call('sqrt', subtract(one, square(a))))
    case 'acos': return negate(divide(one, call('sqrt', subtract(one, square(a)))))
    case 'atan': return divide(one, add(one, square(a)))
    case 'sinh': return call('cosh', a)
    case 'cosh': return call('sinh', a)
    case 'tanh': return subtract(one, square(call('tanh', a)))
    case 'sech': return negate(multiply(call('sech', a), call('tanh', a)))
    case 'exp': case 'expm1': return call('exp', a)
    case 'log': case 'ln': return divide(one, a)
    case 'log1p': return divide(one, add(one, a))
    case 'log2': return divide(one, multiply(a, call('log', number(2))))
    case 'log10': return divide(one, multiply(a, call('log', number(10))))
    case 'sqrt': return divide(one, multiply(number(2), call('sqrt', a)))
    case 'cbrt': return divide(one, multiply(number(3), square(call('cbrt', a))))
    case 'abs': return call('sign', a)
    // 2/√π
    case 'erf': return multiply(number(1.1283791670955126), call('exp', negate(square(a))))
    case 'sign': case 'floor': case 'ceil': case 'heaviside': case 'step': return zero
    default: throw new FaultError(error('not-differentiable', `${f}(…) has no known derivative.`))
  }
}

function derivativeOfPair(f: string, a: Expression, b: Expression, d: (node: Expression) => Expression): Expression {
  const [da, db] = [d(a), d(b)]
  if (isNumber(da, 0) && isNumber(db, 0)) return zero
  switch (f) {
    // θ = atan2(y, x)
    case 'atan2': return quotient(minus(product(b, da), product(a, db)), add(square(a), square(b)))
    case 'hypot': return quotient(sum(product(a, da), product(b, db)), call('hypot', a, b))
    case 'min': return call('if', { kind: 'compare', operator: '<=', left: a, right: b }, da, db)
    case 'max': return call('if', { kind: 'compare', operator: '>=', left: a, right: b }, da, db)
    case 'mod': return minus(da, product(call('floor', divide(a, b)), db))
    default: throw new FaultError(error('not-differentiable', `${f}(…) has no known derivative.`))
  }
}

function derivativeOfOperator(e: CallNode, name: string): Expression {
  const letters = derivativeLetters(e.name)
  if (letters !== undefined && /^[xyzt]$/.test(name)) return call(`d${[...letters, name].sort(coordinateOrder).join('')}`, e.arguments[0])
  throw new FaultError(error('not-differentiable', `${e.name}(…) cannot be differentiated by ${name} before it is written out.`, e.range ? { where: { ...e.range } } : {}))
}

const coordinateOrder = (a: string, b: string) => 'xyzt'.indexOf(a) - 'xyzt'.indexOf(b)
