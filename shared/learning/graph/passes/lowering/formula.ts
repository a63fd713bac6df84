import type { Value } from '../../graph'
import { scalarLike } from '../known'
import type { Rewriter } from '../rewrite'

export type Term = Value | number

/** Writes formulae as nodes; numbers become scalar constants of double precision. One of two terms must be a value. */
export interface Formula {
  add(x: Term, y: Term): Value
  sub(x: Term, y: Term): Value
  mul(x: Term, y: Term): Value
  div(x: Term, y: Term): Value
  least(x: Term, y: Term): Value
  greater(x: Term, y: Term): Value
  equal(x: Term, y: Term): Value
  where(condition: Value, yes: Term, no: Term): Value
  /** f(x) by an operator of one operand. */
  of(operator: string, x: Value): Value
  /** Horner's rule, highest power first. */
  polynomial(z: Value, coefficients: readonly number[]): Value
}

/** `like` says the element type that numbers get. */
export function formula({ make }: Rewriter, like: Value): Formula {
  const lift = (x: Term): Value => (typeof x === 'number' ? scalarLike(x, like) : x)
  const two = (operator: string) => (x: Term, y: Term): Value => make(operator, [lift(x), lift(y)])
  const [add, mul] = [two('Add'), two('Mul')]
  return {
    add, mul, sub: two('Sub'), div: two('Div'), least: two('Min'), greater: two('Greater'), equal: two('Equal'),
    where: (condition, yes, no) => make('Where', [condition, lift(yes), lift(no)]),
    of: (operator, x) => make(operator, [x]),
    polynomial: (z, [highest, next, ...rest]) => rest.reduce((p, c) => add(mul(p, z), c), add(mul(z, highest), next)),
  }
}
