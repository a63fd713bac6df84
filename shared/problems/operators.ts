import type { Expression } from '../expressions/ast'
import { differentiate, freeNames, simplify, toText } from '../expressions'
import type { Fault } from '../fault'
import { error } from '../fault'

/**
 * From differential operators to the jet: `lap(u)` on a plane becomes `u_xx + u_yy`, `dx(a*u)` becomes `a_x*u + a*u_x` with a_x worked out. What remains are
 * elementary functions of coordinates, time and jet names `u`, `u_x`, `u_xy`, `u_t` (letters sorted x, y, z, t). `dn(u)` stays the name `u_n`.
 */
export interface JetSpace {
  readonly unknown: string
  /** Coordinates of the domain in x, y, z order. */
  readonly coordinates: readonly string[]
  readonly hasTime: boolean
  /** Whether dn(u) may occur (in boundary conditions). */
  readonly onBoundary: boolean
}

type Value = { readonly scalar: Expression } | { readonly vector: readonly Expression[] }

/** Thrown inside, turned into a fault by `expandOperators`. */
class Refusal extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message)
  }
}

const refuse = (code: string, message: string, at: Expression, tip?: string): never => {
  throw new Refusal(error(code, message, { tip, where: at.range ? { from: at.range.from, to: at.range.to } : {} }))
}

const number = (value: number): Expression => ({ kind: 'number', value })
const name = (text: string): Expression => ({ kind: 'name', name: text })
const add = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: '+', left, right })
const subtract = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: '-', left, right })
const multiply = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: '*', left, right })

const letterOrder = 'xyzt'

export function jetName(unknown: string, letters: string): string {
  return letters === '' ? unknown : `${unknown}_${[...letters].sort((a, b) => letterOrder.indexOf(a) - letterOrder.indexOf(b)).join('')}`
}

/** The letters of a jet name (`u_xx` → `xx`), undefined for other names. */
export function jetLetters(unknown: string, candidate: string): string | undefined {
  if (candidate === unknown) return ''
  if (!candidate.startsWith(`${unknown}_`)) return undefined
  const letters = candidate.slice(unknown.length + 1)
  return /^[xyzt]+$/.test(letters) ? letters : undefined
}

/** Total derivative along a coordinate or t: ∂e/∂x + Σ ∂e/∂u_J · u_{Jx}. */
export function totalDerivative(e: Expression, letter: string, unknown: string): Expression {
  let result = differentiate(e, letter)
  for (const candidate of freeNames(e).keys()) {
    const letters = jetLetters(unknown, candidate)
    if (letters !== undefined) result = add(result, multiply(differentiate(e, candidate), name(jetName(unknown, letters + letter))))
  }
  return simplify(result)
}

export function expandOperators(expression: Expression, space: JetSpace): { readonly ok: true; readonly value: Expression } | { readonly ok: false; readonly fault: Fault } {
  try {
    const value = new Expander(space).expand(expression)
    if ('vector' in value) refuse('vector-equation', `"${toText(expression)}" is a vector where a number is needed.`, expression, 'Use div, dot or a component.')
    return { ok: true, value: simplify((value as { scalar: Expression }).scalar) }
  } catch (reason) {
    if (reason instanceof Refusal) return { ok: false, fault: reason.fault }
    throw reason
  }
}

class Expander {
  constructor(private readonly space: JetSpace) {}

  expand(e: Expression): Value {
    switch (e.kind) {
      case 'number':
      case 'name':
        return { scalar: e }
      case 'negate': {
        const argument = this.expand(e.argument)
        return 'scalar' in argument ? { scalar: { kind: 'negate', argument: argument.scalar } } : { vector: argument.vector.map(c => ({ kind: 'negate', argument: c })) }
      }
      case 'binary':
        return this.binary(e)
      case 'call':
        return this.call(e)
      case 'compare':
        return { scalar: { ...e, left: this.scalar(e.left), right: this.scalar(e.right) } }
      case 'and':
      case 'or':
        return { scalar: { ...e, left: this.scalar(e.left), right: this.scalar(e.right) } }
      case 'not':
        return { scalar: { ...e, argument: this.scalar(e.argument) } }
    }
  }

  private scalar(e: Expression): Expression {
    const value = this.expand(e)
    if ('vector' in value) return refuse('vector-operand', `"${toText(e)}" is a vector where a number is needed.`, e)
    return value.scalar
  }

  private vector(e: Expression, operator: string): readonly Expression[] {
    const value = this.expand(e)
    if ('scalar' in value) return refuse('scalar-operand', `${operator} needs a vector, and "${toText(e)}" is a number.`, e, 'grad(u) makes a vector.')
    return value.vector
  }

  private binary(e: Extract<Expression, { kind: 'binary' }>): Value {
    const left = this.expand(e.left)
    const right = this.expand(e.right)
    const make = (l: Expression, r: Expression): Expression => ({ kind: 'binary', operator: e.operator, left: l, right: r })
    if ('scalar' in left && 'scalar' in right) return { scalar: make(left.scalar, right.scalar) }
    if ('vector' in left && 'vector' in right && (e.operator === '+' || e.operator === '-')) return { vector: left.vector.map((c, i) => make(c, right.vector[i])) }
    if ('scalar' in left && 'vector' in right && e.operator === '*') return { vector: right.vector.map(c => make(left.scalar, c)) }
    if ('vector' in left && 'scalar' in right && (e.operator === '*' || e.operator === '/')) return { vector: left.vector.map(c => make(c, right.scalar)) }
    return refuse('vector-operation', `"${toText(e)}" combines vectors and numbers with ${e.operator} in a way that has no meaning.`, e, 'For the scalar product write dot(a, b).')
  }

  private call(e: Extract<Expression, { kind: 'call' }>): Value {
    const { unknown, coordinates } = this.space
    const [first, second] = e.arguments
    switch (e.name) {
      case 'lap': {
        const u = this.scalar(first)
        return { scalar: coordinates.map(c => totalDerivative(totalDerivative(u, c, unknown), c, unknown)).reduce(add) }
      }
      case 'grad': {
        const u = this.scalar(first)
        return { vector: coordinates.map(c => totalDerivative(u, c, unknown)) }
      }
      case 'div':
        return { scalar: this.vector(first, 'div').map((c, i) => totalDerivative(c, coordinates[i], unknown)).reduce(add) }
      case 'dot': {
        const a = this.vector(first, 'dot')
        const b = this.vector(second, 'dot')
        return { scalar: a.map((c, i) => multiply(c, b[i])).reduce(add) }
      }
      case 'curl': {
        const v = this.vector(first, 'curl')
        const d = (component: number, along: number): Expression => totalDerivative(v[component], coordinates[along], unknown)
        if (v.length === 2) return { scalar: subtract(d(1, 0), d(0, 1)) }
        if (v.length === 3) return { vector: [subtract(d(2, 1), d(1, 2)), subtract(d(0, 2), d(2, 0)), subtract(d(1, 0), d(0, 1))] }
        return refuse('curl-dimension', 'curl needs a domain of two or three dimensions.', e)
      }
      case 'dn': {
        if (!this.space.onBoundary) return refuse('normal-derivative', 'dn(u), the derivative along the outward normal, has a meaning only in boundary conditions.', e)
        const u = this.scalar(first)
        if (u.kind !== 'name' || u.name !== unknown) return refuse('normal-derivative', `dn takes the unknown itself: dn(${unknown}).`, e)
        return { scalar: name(`${unknown}_n`) }
      }
      case 'sum':
        return refuse('sum-dimension', 'sum(i, …) needs a cube in d dimensions ("dimension": d).', e)
    }
    const letters = /^d([xyzt]+)$/.exec(e.name)?.[1]
    if (letters !== undefined) return { scalar: this.derivative(e, letters, first) }
    return { scalar: { ...e, arguments: e.arguments.map(a => this.scalar(a)) } }
  }

  private derivative(e: Extract<Expression, { kind: 'call' }>, letters: string, argument: Expression): Expression {
    const { coordinates, hasTime, unknown } = this.space
    for (const letter of letters) {
      if (letter === 't' ? !hasTime : !coordinates.includes(letter)) {
        refuse(
          'no-such-coordinate',
          letter === 't' ? `${e.name} is a time derivative, but the statement has no time.` : `${e.name} needs the coordinate ${letter}, but the domain has only ${coordinates.join(' and ')}.`,
          e,
          letter === 't' ? 'Give "time": [0, 1] to state an evolution.' : undefined,
        )
      }
    }
    let result = this.scalar(argument)
    for (const letter of letters) result = totalDerivative(result, letter, unknown)
    return result
  }
}

/** The zero expression, and whether an expression simplifies to it. */
export const zero: Expression = number(0)
export const isZero = (e: Expression): boolean => e.kind === 'number' && e.value === 0
