import { error, FaultError } from '../../fault'
import type { Expression } from '../../expressions/ast'
import { toText } from '../../expressions/algebra'
import { constants } from '../../expressions/functions'
import {
  abs, acos, add, asin, atan, cast, ceil, cos, cosh, div, equal, erf, exp, floor, greater, greaterEqual, less, lessEqual, log, logicalAnd, logicalNot, logicalOr, maximum, minimum, mul, neg, pow, reciprocal, sign, sin, sinh,
  sqrt, square, sub, tan, tanh, where, type Operand, type Tensor,
} from '../tf'

/** Values of the names in an expression, one column of equal length each, or numbers. */
export type Names = (name: string) => Operand | undefined

/**
 * An expression on tensors: the program that a graph is traced from. Equal parts of one expression object are computed once; numbers stay numbers.
 * Differentiable wherever the expression is. Throws FaultError `expression-unknown-name` for names without values.
 */
export function tensorOf(expression: Expression, names: Names): Operand {
  const known = new Map<Expression, Operand>()
  const visit = (e: Expression): Operand => {
    let value = known.get(e)
    if (value === undefined) known.set(e, (value = compute(e, visit, names)))
    return value
  }
  return visit(expression)
}

const unknown = (what: string): FaultError => new FaultError(error('expression-unknown-name', `${what} has no value where a network is trained.`))

function compute(e: Expression, visit: (e: Expression) => Operand, names: Names): Operand {
  switch (e.kind) {
    case 'number': return e.value
    case 'name': {
      const value = names(e.name) ?? constants.get(e.name)
      if (value === undefined) throw unknown(e.name)
      return value
    }
    case 'negate': return negative(visit(e.argument))
    case 'binary': return e.operator === '^' ? power(visit(e.left), visit(e.right)) : arithmetic[e.operator](visit(e.left), visit(e.right))
    case 'call': {
      if (e.name === 'if') return chosen(e.arguments[0], visit(e.arguments[1]), visit(e.arguments[2]), visit)
      const f = functions[e.name]
      if (!f) throw unknown(toText(e))
      return f(...e.arguments.map(visit))
    }
    default: return truth(e, visit)
  }
}

/** Numbers stay numbers; else `f` on tensors, unless one side is neutral. */
const folded = (numbers: (a: number, b: number) => number, f: (a: Operand, b: Operand) => Operand) => (a: Operand, b: Operand): Operand => (typeof a === 'number' && typeof b === 'number' ? numbers(a, b) : f(a, b))
const arithmetic: Readonly<Record<'+' | '-' | '*' | '/', (a: Operand, b: Operand) => Operand>> = {
  '+': folded((a, b) => a + b, (a, b) => (a === 0 ? b : b === 0 ? a : add(a, b))),
  '-': folded((a, b) => a - b, (a, b) => (b === 0 ? a : a === 0 ? negative(b) : sub(a, b))),
  '*': folded((a, b) => a * b, (a, b) => (a === 1 ? b : b === 1 ? a : a === -1 ? negative(b) : b === -1 ? negative(a) : mul(a, b))),
  '/': folded((a, b) => a / b, (a, b) => (b === 1 ? a : div(a, b))),
}
const negative = (a: Operand): Operand => (typeof a === 'number' ? -a : neg(a))

/** Small whole powers are products: right for negative bases, and their gradients have no logarithm. */
function power(a: Operand, b: Operand): Operand {
  if (typeof b !== 'number') return pow(a, b)
  if (b === 0.5) return sqrt(tensor(a))
  if (!Number.isInteger(b) || Math.abs(b) > 64) return pow(a, b)
  const base = tensor(a)
  let result: Tensor | undefined
  let square2 = base
  for (let n = Math.abs(b); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = result ? mul(result, square2) : square2
    if (n > 1) square2 = square(square2)
  }
  return result === undefined ? 1 : b < 0 ? reciprocal(result) : result
}

const tensor = (a: Operand): Tensor => (typeof a === 'number' ? add(a, 0) : a)
const one = (f: (x: Tensor) => Tensor) => (x: Operand): Operand => f(tensor(x))
/** Truth as 0 and 1. */
const number = (condition: Tensor): Tensor => cast(condition, 'float32')

const functions: Readonly<Record<string, (...values: Operand[]) => Operand>> = {
  sin: one(sin), cos: one(cos), tan: one(tan), asin: one(asin), acos: one(acos), atan: one(atan), sinh: one(sinh), cosh: one(cosh), tanh: one(tanh), exp: one(exp), log: one(log), ln: one(log), sqrt: one(sqrt),
  abs: one(abs), sign: one(sign), floor: one(floor), ceil: one(ceil), erf: one(erf),
  sech: one(x => reciprocal(cosh(x))),
  expm1: one(expm1), log1p: one(log1p),
  log2: one(x => mul(log(x), Math.LOG2E)), log10: one(x => mul(log(x), Math.LOG10E)),
  cbrt: one(x => mul(sign(x), pow(abs(x), 1 / 3))),
  heaviside: one(x => mul(add(sign(x), 1), 0.5)),
  step: one(x => number(greaterEqual(x, 0))),
  min: (a, b) => minimum(a, b), max: (a, b) => maximum(a, b),
  mod: (a, b) => sub(a, mul(b, floor(div(a, b)))),
  // Components are real where a network is trained.
  re: a => a, conj: a => a, im: () => 0,
  pow: (a, b) => power(a, b),
  hypot: (a, b) => sqrt(add(square(tensor(a)), square(tensor(b)))),
  atan2: (y, x) => atan2(tensor(y), tensor(x)),
}

/** exp(x) − 1 without cancellation near 0: 2·sinh(x/2)·exp(x/2). */
function expm1(x: Tensor): Tensor {
  const half = mul(x, 0.5)
  return mul(mul(sinh(half), exp(half)), 2)
}

/** log(1 + x) with the rounding of 1 + x taken out: log(w)·x/(w − 1) for w = 1 + x (Kahan). */
function log1p(x: Tensor): Tensor {
  const w = add(x, 1)
  const moved = sub(w, 1)
  const flat = equal(moved, 0)
  return where(flat, x, mul(log(w), div(x, where(flat, 1, moved))))
}

/** The angle of (x, y) in (−π, π], by quadrants from atan. */
function atan2(y: Tensor, x: Tensor): Tensor {
  const flat = equal(x, 0)
  const principal = atan(div(y, where(flat, 1, x)))
  const left = where(greaterEqual(y, 0), add(principal, Math.PI), sub(principal, Math.PI))
  return where(flat, mul(sign(y), Math.PI / 2), where(less(x, 0), left, principal))
}

const comparisons = { '<': less, '<=': lessEqual, '>': greater, '>=': greaterEqual }

function condition(e: Expression, visit: (e: Expression) => Operand): Tensor {
  if (e.kind === 'compare') return comparisons[e.operator](visit(e.left), visit(e.right))
  if (e.kind === 'and') return logicalAnd(condition(e.left, visit), condition(e.right, visit))
  if (e.kind === 'or') return logicalOr(condition(e.left, visit), condition(e.right, visit))
  if (e.kind === 'not') return logicalNot(condition(e.argument, visit))
  throw unknown(toText(e))
}

const truth = (e: Expression, visit: (e: Expression) => Operand): Operand => number(condition(e, visit))

function chosen(test: Expression, yes: Operand, no: Operand, visit: (e: Expression) => Operand): Operand {
  return where(condition(test, visit), yes, no)
}
