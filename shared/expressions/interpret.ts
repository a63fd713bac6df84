import { error, FaultError } from '../fault'
import type { CallNode, ComparisonOperator, Expression } from './ast'
import { constants, functionNamed } from './functions'
import type { Libm } from './libm'

/**
 * The meaning of expressions, written once: which primitive operations, in which order. `evaluate` runs it on numbers, the compiler on WebAssembly
 * values; both therefore give the same bits. V is a value, C a condition.
 */
export interface Arithmetic<V, C> {
  constant(value: number): V
  unary(operation: UnaryOperation, a: V): V
  binary(operation: BinaryOperation, a: V, b: V): V
  libm(name: keyof Libm, ...list: V[]): V
  compare(operator: ComparisonOperator, a: V, b: V): C
  and(a: C, b: C): C
  or(a: C, b: C): C
  not(a: C): C
  select(condition: C, then: V, otherwise: V): V
}
export type UnaryOperation = 'negate' | 'abs' | 'sqrt' | 'floor' | 'ceil'
export type BinaryOperation = 'add' | 'subtract' | 'multiply' | 'divide' | 'min' | 'max'

/**
 * Runs an expression. `lookup` gives the values of names; undeclared `pi`, `e`, `tau` are the constants. A condition has the value 1 or 0.
 * Throws FaultError `unknown-name`, `not-evaluable` (differential operators, sums that were not expanded).
 */
export function interpret<V, C>(e: Expression, lookup: (name: string) => V | undefined, arithmetic: Arithmetic<V, C>): V {
  return new Interpreter(lookup, arithmetic).value(e)
}

export class Interpreter<V, C> {
  private readonly known = new Map<Expression, V>()

  constructor(private readonly lookup: (name: string) => V | undefined, private readonly on: Arithmetic<V, C>) {}

  value(e: Expression): V {
    const before = this.known.get(e)
    if (before !== undefined) return before
    const result = this.compute(e)
    this.known.set(e, result)
    return result
  }

  private compute(e: Expression): V {
    const on = this.on
    switch (e.kind) {
      case 'number': return on.constant(e.value)
      case 'name': return this.named(e.name, e)
      case 'negate': return on.unary('negate', this.value(e.argument))
      case 'call': return this.called(e)
      case 'binary':
        switch (e.operator) {
          case '+': return on.binary('add', this.value(e.left), this.value(e.right))
          case '-': return on.binary('subtract', this.value(e.left), this.value(e.right))
          case '*': return on.binary('multiply', this.value(e.left), this.value(e.right))
          case '/': return on.binary('divide', this.value(e.left), this.value(e.right))
          case '^': return this.power(e.left, e.right)
        }
        break
      default: return on.select(this.condition(e), on.constant(1), on.constant(0))
    }
  }

  condition(e: Expression): C {
    switch (e.kind) {
      case 'compare': return this.on.compare(e.operator, this.value(e.left), this.value(e.right))
      case 'and': return this.on.and(this.condition(e.left), this.condition(e.right))
      case 'or': return this.on.or(this.condition(e.left), this.condition(e.right))
      case 'not': return this.on.not(this.condition(e.argument))
      default: return this.on.not(this.on.compare('<=', this.absolute(e), this.on.constant(0)))
    }
  }

  private absolute(e: Expression): V {
    return this.on.unary('abs', this.value(e))
  }

  private named(name: string, e: Expression): V {
    const value = this.lookup(name)
    if (value !== undefined) return value
    const constant = constants.get(name)
    if (constant !== undefined) return this.on.constant(constant)
    throw new FaultError(error('unknown-name', `"${name}" has no value here.`, e.range ? { where: { ...e.range } } : {}))
  }

  /** xⁿ for |n| ≤ 8 by multiplications, x^½ by the square root, eˣ by exp, all else by pow. */
  private power(base: Expression, exponent: Expression): V {
    const on = this.on
    const n = literalValue(exponent)
    if (n !== undefined && Number.isInteger(n) && Math.abs(n) <= 8) {
      const raised = this.raised(this.value(base), Math.abs(n))
      return n < 0 ? on.binary('divide', on.constant(1), raised) : raised
    }
    if (n === 0.5) return on.unary('sqrt', this.value(base))
    if (base.kind === 'name' && base.name === 'e' && this.lookup('e') === undefined) return on.libm('exp', this.value(exponent))
    return on.libm('pow', this.value(base), this.value(exponent))
  }

  private raised(x: V, n: number): V {
    const multiply = (a: V, b: V) => this.on.binary('multiply', a, b)
    if (n === 0) return this.on.constant(1)
    if (n === 1) return x
    const square = multiply(x, x)
    if (n === 2) return square
    if (n === 3) return multiply(square, x)
    const fourth = multiply(square, square)
    if (n === 4) return fourth
    if (n === 5) return multiply(fourth, x)
    const sixth = multiply(fourth, square)
    if (n === 6) return sixth
    return n === 7 ? multiply(sixth, x) : multiply(fourth, fourth)
  }

  private called(e: CallNode): V {
    const on = this.on
    const entry = functionNamed(e.name)
    if (!entry || entry.kind === 'differential' || entry.kind === 'vector' || entry.kind === 'sum' || e.arguments.length !== entry.arity) {
      throw new FaultError(error('not-evaluable', `${e.name}(…) has no value at a point.`, e.range ? { where: { ...e.range } } : {}))
    }
    if (e.name === 'if') return on.select(this.condition(e.arguments[0]), this.value(e.arguments[1]), this.value(e.arguments[2]))
    if (e.name === 'pow') return this.power(e.arguments[0], e.arguments[1])
    const [a, b] = e.arguments.map(argument => this.value(argument))
    switch (e.name) {
      case 'abs': case 'sqrt': case 'floor': case 'ceil': return on.unary(e.name, a)
      case 'min': case 'max': return on.binary(e.name, a, b)
      case 'ln': return on.libm('log', a)
      case 'sech': return on.binary('divide', on.constant(1), on.libm('cosh', a))
      case 'mod': return on.binary('subtract', a, on.binary('multiply', b, on.unary('floor', on.binary('divide', a, b))))
      case 'sign': return this.threeWay(a, -1, a, 1)
      case 'heaviside': return this.threeWay(a, 0, on.select(on.compare('<=', on.unary('abs', a), on.constant(0)), on.constant(0.5), a), 1)
      case 'step': return this.threeWay(a, 0, on.select(on.compare('<=', on.unary('abs', a), on.constant(0)), on.constant(1), a), 1)
      case 'conj': case 're': return a
      case 'im': return on.constant(0)
      case 'atan2': case 'hypot': return on.libm(e.name, a, b)
      default: return on.libm(e.name as keyof Libm, a)
    }
  }

  /** `below` for a < 0, `above` for a > 0, else `middle` (±0 and NaN). */
  private threeWay(a: V, below: number, middle: V, above: number): V {
    const on = this.on
    const zero = on.constant(0)
    return on.select(on.compare('>', a, zero), on.constant(above), on.select(on.compare('<', a, zero), on.constant(below), middle))
  }
}

/** The value of a tree of numbers under + − * /: the exponents 2, −1, 1/2, (3 − 1). */
function literalValue(e: Expression): number | undefined {
  if (e.kind === 'number') return e.value
  if (e.kind === 'negate') {
    const inner = literalValue(e.argument)
    return inner === undefined ? undefined : -inner
  }
  if (e.kind !== 'binary' || e.operator === '^') return undefined
  const [a, b] = [literalValue(e.left), literalValue(e.right)]
  if (a === undefined || b === undefined) return undefined
  return e.operator === '+' ? a + b : e.operator === '-' ? a - b : e.operator === '*' ? a * b : a / b
}

const numbers = (libm: Libm): Arithmetic<number, boolean> => ({
  constant: value => value,
  unary: (operation, a) => {
    switch (operation) {
      case 'negate': return -a
      case 'abs': return Math.abs(a)
      case 'sqrt': return Math.sqrt(a)
      case 'floor': return Math.floor(a)
      case 'ceil': return Math.ceil(a)
    }
  },
  binary: (operation, a, b) => {
    switch (operation) {
      case 'add': return a + b
      case 'subtract': return a - b
      case 'multiply': return a * b
      case 'divide': return a / b
      case 'min': return Math.min(a, b)
      case 'max': return Math.max(a, b)
    }
  },
  libm: (name, ...list) => (libm[name] as (...values: number[]) => number)(...list),
  compare: (operator, a, b) => (operator === '<' ? a < b : operator === '<=' ? a <= b : operator === '>' ? a > b : a >= b),
  and: (a, b) => a && b,
  or: (a, b) => a || b,
  not: a => !a,
  select: (condition, then, otherwise) => (condition ? then : otherwise),
})

/**
 * The value at one point, in double precision and with our own libm: the same bits as the compiled program gives.
 * Throws FaultError `unknown-name`, `not-evaluable`.
 */
export function evaluate(e: Expression, scope: Readonly<Record<string, number>>, libm: Libm): number {
  return interpret(e, name => (Object.hasOwn(scope, name) ? scope[name] : undefined), numbers(libm))
}
