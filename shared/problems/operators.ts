import type { Expression } from '../expressions/ast'
import { add, call, checkedSize, isNumber, multiply, number, simplify, toText, zero } from '../expressions'
import type { Fault } from '../fault'
import { error, FaultError } from '../fault'
import type { Complex } from './complex'
import { added, complexCall, divided, imaginaryUnit, multiplied, negated, raised, squaredModulus, subtracted } from './complex'
import type { Jets } from './jets'
import type { ParsedUnknown } from './parsed'
import { tractionName } from './traction'

/**
 * From differential operators to the jet: `lap(u)` on a plane becomes `u_xx + u_yy`, `dx(a*u)` becomes `a_x*u + a*u_x` with a_x worked out, vectors and complex numbers are taken
 * apart into real components. What remains are elementary functions of coordinates, time and jet names. `dn(u)` stays the name `u_n`, `traction(u)` the names `u__x_traction` ….
 * Conventions: grad of a vector is the matrix ∂ᵢvⱼ, div of a matrix is Σᵢ∂ᵢTᵢⱼ, so div(grad(v)) = lap(v) and dot(v, grad(v)) = (v·∇)v; dot takes no conjugate.
 */
export interface JetSpace {
  readonly jets: Jets
  readonly unknowns: readonly ParsedUnknown[]
  readonly hasTime: boolean
  /** Whether `i` is the imaginary unit. */
  readonly imaginary: boolean
  /** Whether dn(u) may occur (in boundary conditions). */
  readonly onBoundary: boolean
}

/** Real and imaginary parts of a number, of the entries of a vector, or of a matrix by rows. */
export type Value = { readonly rank: 0; readonly value: Complex } | { readonly rank: 1; readonly entries: readonly Complex[] } | { readonly rank: 2; readonly rows: readonly (readonly Complex[])[] }
export type Expansion<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }

/** Thrown inside, turned into a fault by `expandOperators`. */
class Refusal extends Error {
  constructor(readonly fault: Fault) {
    super(fault.message)
  }
}

const refuse = (code: string, message: string, at: Expression, tip?: string): never => {
  throw new Refusal(error(code, message, { tip, where: at.range ? { from: at.range.from, to: at.range.to } : {} }))
}
const textOf = (e: Expression): string => {
  const text = toText(e)
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

const guarded = <T>(work: () => T): Expansion<T> => {
  try {
    return { ok: true, value: work() }
  } catch (reason) {
    if (reason instanceof Refusal) return { ok: false, fault: reason.fault }
    throw reason
  }
}

/** The value of an expression with every operator worked out; its parts are simplified. Throws FaultError for what outgrows the algebra. */
export const expandOperators = (expression: Expression, space: JetSpace): Expansion<Value> => guarded(() => simplified(new Expander(space).expand(expression)))

/** left − right. A zero on one side stands for the zero vector. */
export function expandEquation({ left, right }: { readonly left: Expression; readonly right: Expression }, space: JetSpace): Expansion<Value> {
  return guarded(() => {
    const expander = new Expander(space)
    const [a, b] = [simplified(expander.expand(left)), simplified(expander.expand(right))]
    if (a.rank !== b.rank && isZeroNumber(b)) return a
    if (a.rank !== b.rank && isZeroNumber(a)) return mapped(b, negated)
    return simplified(expander.combine(a, b, '-', { kind: 'binary', operator: '-', left, right }))
  })
}

const isZeroNumber = (v: Value): boolean => v.rank === 0 && !v.value.im && isNumber(v.value.re, 0)

/** The real rows of a value: re and im of each entry, im only where there is one. */
export const realParts = (v: Value): Expression[] => numbersOf(v).flatMap(c => (c.im ? [c.re, c.im] : [c.re]))
export const numbersOf = (v: Value): readonly Complex[] => (v.rank === 0 ? [v.value] : v.rank === 1 ? v.entries : v.rows.flat())

function mapped(v: Value, change: (c: Complex) => Complex): Value {
  if (v.rank === 0) return { rank: 0, value: change(v.value) }
  return v.rank === 1 ? { rank: 1, entries: v.entries.map(change) } : { rank: 2, rows: v.rows.map(row => row.map(change)) }
}

const simplified = (v: Value): Value => mapped(v, ({ re, im }) => {
  const [first, second] = [simplify(checkedSize(re)), im && simplify(checkedSize(im))]
  return second && !isNumber(second, 0) ? { re: first, im: second } : { re: first }
})

const scalarOf = (value: Complex): Value => ({ rank: 0, value })
const sumOf = (list: readonly Complex[]): Complex => list.reduce(added)

class Expander {
  private readonly coordinates: readonly string[]
  private readonly byName: ReadonlyMap<string, ParsedUnknown>

  constructor(private readonly space: JetSpace) {
    this.coordinates = space.jets.coordinates
    this.byName = new Map(space.unknowns.map(u => [u.name, u]))
  }

  expand(e: Expression): Value {
    switch (e.kind) {
      case 'number': return scalarOf({ re: e })
      case 'name': return this.named(e)
      case 'negate': return mapped(this.expand(e.argument), negated)
      case 'binary': return this.combine(this.expand(e.left), this.expand(e.right), e.operator, e)
      case 'call': return this.call(e)
      case 'compare': case 'and': case 'or': return scalarOf({ re: { ...e, left: this.real(e.left), right: this.real(e.right) } })
      case 'not': return scalarOf({ re: { ...e, argument: this.real(e.argument) } })
    }
  }

  private named(e: Extract<Expression, { kind: 'name' }>): Value {
    const unknown = this.byName.get(e.name)
    if (!unknown) return scalarOf(e.name === 'i' && this.space.imaginary ? imaginaryUnit : { re: e })
    return this.partsOf(unknown, component => component)
  }

  private partsOf(unknown: ParsedUnknown, rename: (component: string) => string): Value {
    const [first, second] = unknown.components.map(component => ({ kind: 'name', name: rename(component) }) as Expression)
    if (unknown.type === 'complex') return scalarOf({ re: first, im: second })
    return unknown.type === 'real' ? scalarOf({ re: first }) : { rank: 1, entries: unknown.components.map(component => ({ re: { kind: 'name', name: rename(component) } })) }
  }

  private scalar(e: Expression): Complex {
    const value = this.expand(e)
    return value.rank === 0 ? value.value : refuse('vector-operand', `"${textOf(e)}" is a ${value.rank === 1 ? 'vector' : 'matrix'} where a number is needed.`, e)
  }

  private real(e: Expression): Expression {
    const { re, im } = this.scalar(e)
    return im ? refuse('complex-operand', `"${textOf(e)}" is complex where a real number is needed.`, e, 'Use re, im or abs.') : re
  }

  combine(left: Value, right: Value, operator: '+' | '-' | '*' | '/' | '^', e: Expression): Value {
    if (left.rank === 0 && right.rank === 0) return scalarOf(arithmetic[operator](left.value, right.value))
    if ((operator === '+' || operator === '-') && left.rank === right.rank) {
      const [a, b] = [numbersOf(left), numbersOf(right)]
      if (a.length !== b.length) return refuse('vector-length', `"${textOf(e)}" combines vectors of ${a.length} and ${b.length} components.`, e)
      let i = 0
      return mapped(left, c => arithmetic[operator](c, b[i++]))
    }
    if (operator === '*' && left.rank === 0) return mapped(right, c => multiplied(left.value, c))
    if ((operator === '*' || operator === '/') && right.rank === 0) return mapped(left, c => arithmetic[operator](c, right.value))
    if (operator === '^' && left.rank === 1 && right.rank === 0 && isNumber(right.value.re, 2)) return scalarOf(sumOf(left.entries.map(c => multiplied(c, c))))
    return refuse('vector-operation', `"${textOf(e)}" combines vectors and numbers with ${operator} in a way that has no meaning.`, e, 'For the scalar product write dot(a, b).')
  }

  private call(e: Extract<Expression, { kind: 'call' }>): Value {
    const [first, second] = e.arguments
    const letters = /^d([xyzt]+)$/.exec(e.name)?.[1]
    if (letters !== undefined) return this.derivative(e, letters, first)
    switch (e.name) {
      case 'lap': return this.laplacian(this.expand(first))
      case 'grad': return this.gradient(e, this.expand(first))
      case 'div': return this.divergence(e, this.expand(first))
      case 'dot': return this.product(e, this.expand(first), this.expand(second))
      case 'curl': return this.curl(e, this.expand(first))
      case 'dn': return this.normalDerivative(e, first)
      case 'traction': return this.traction(e, first)
      case 'vec': {
        if (e.arguments.length !== this.coordinates.length) refuse('vector-length', `This vector has ${e.arguments.length} components, but the domain has ${this.coordinates.length === 1 ? 'one dimension' : `${this.coordinates.length} dimensions`}.`, e)
        return { rank: 1, entries: e.arguments.map(a => this.scalar(a)) }
      }
      case 'outer': {
        const [a, b] = [this.vector(first, 'outer'), this.vector(second, 'outer')]
        return { rank: 2, rows: a.map(p => b.map(q => multiplied(p, q))) }
      }
      case 'transpose': {
        const value = this.expand(first)
        if (value.rank !== 2) return refuse('matrix-operand', `transpose needs a matrix, and "${textOf(first)}" is none.`, first, 'grad(v) of a vector v is a matrix.')
        return { rank: 2, rows: value.rows[0].map((_, j) => value.rows.map(row => row[j])) }
      }
      case 'sum': return refuse('sum-dimension', 'This sum could not be written out.', e)
      case 'if': return this.choice(e)
      case 'pow': return scalarOf(raised(this.scalar(first), this.scalar(second)))
      case 'abs': {
        const value = this.expand(first)
        if (value.rank === 1) return scalarOf({ re: call('sqrt', value.entries.map(squaredModulus).reduce(add)) })
      }
    }
    return this.elementary(e)
  }

  private elementary(e: Extract<Expression, { kind: 'call' }>): Value {
    const list = e.arguments.map(a => this.scalar(a))
    if (list.every(c => !c.im)) return scalarOf({ re: e.name === 're' || e.name === 'conj' ? list[0].re : e.name === 'im' ? zero : { ...e, arguments: list.map(c => c.re) } })
    const result = list.length === 1 ? complexCall(e.name, list[0]) : undefined
    return result ? scalarOf(result) : refuse('complex-operand', `${e.name} is not defined for complex numbers.`, e, 'Use re, im or abs.')
  }

  private choice(e: Extract<Expression, { kind: 'call' }>): Value {
    const condition = this.real(e.arguments[0])
    const [then, otherwise] = [this.expand(e.arguments[1]), this.expand(e.arguments[2])]
    const others = numbersOf(otherwise)
    if (then.rank !== otherwise.rank || numbersOf(then).length !== others.length) return refuse('vector-operation', 'if chooses between two values of the same kind.', e)
    let i = 0
    return mapped(then, a => {
      const b = others[i++]
      const re = call('if', condition, a.re, b.re)
      return a.im || b.im ? { re, im: call('if', condition, a.im ?? zero, b.im ?? zero) } : { re }
    })
  }

  private d(c: Complex, along: string): Complex {
    const { jets } = this.space
    const re = jets.derivative(checkedSize(c.re), along)
    return c.im ? { re, im: jets.derivative(checkedSize(c.im), along) } : { re }
  }

  private laplacian(v: Value): Value {
    return mapped(v, c => sumOf(this.coordinates.map(x => this.d(this.d(c, x), x))))
  }

  private gradient(e: Expression, v: Value): Value {
    if (v.rank === 0) return { rank: 1, entries: this.coordinates.map(x => this.d(v.value, x)) }
    if (v.rank === 1) return { rank: 2, rows: this.coordinates.map(x => v.entries.map(c => this.d(c, x))) }
    return refuse('tensor-rank', 'The gradient of a matrix has no meaning here.', e)
  }

  private divergence(e: Extract<Expression, { kind: 'call' }>, v: Value): Value {
    if (v.rank === 0) return refuse('scalar-operand', `div needs a vector, and "${textOf(e.arguments[0])}" is a number.`, e, 'grad(u) makes a vector.')
    if (v.rank === 1) return scalarOf(sumOf(v.entries.map((c, i) => this.d(c, this.coordinates[i]))))
    return { rank: 1, entries: v.rows[0].map((_, j) => sumOf(v.rows.map((row, i) => this.d(row[j], this.coordinates[i])))) }
  }

  private product(e: Extract<Expression, { kind: 'call' }>, a: Value, b: Value): Value {
    if (a.rank === 0 || b.rank === 0) return refuse('scalar-operand', `dot needs two vectors, and "${textOf(e.arguments[a.rank === 0 ? 0 : 1])}" is a number.`, e, 'grad(u) makes a vector.')
    if (a.rank === 1 && b.rank === 1) return scalarOf(sumOf(a.entries.map((c, i) => multiplied(c, b.entries[i]))))
    if (a.rank === 1 && b.rank === 2) return { rank: 1, entries: b.rows[0].map((_, j) => sumOf(a.entries.map((c, i) => multiplied(c, b.rows[i][j])))) }
    if (a.rank === 2 && b.rank === 1) return { rank: 1, entries: a.rows.map(row => sumOf(row.map((c, j) => multiplied(c, b.entries[j])))) }
    const others = numbersOf(b)
    return scalarOf(sumOf(numbersOf(a).map((c, i) => multiplied(c, others[i]))))
  }

  /** ∂ₓv_y − ∂_yv_x in the plane, (∂_yu, −∂ₓu) of a number there, ∇ × v in space. */
  private curl(e: Extract<Expression, { kind: 'call' }>, v: Value): Value {
    const dimension = this.coordinates.length
    if (dimension === 2 && v.rank === 0) return { rank: 1, entries: [this.d(v.value, this.coordinates[1]), negated(this.d(v.value, this.coordinates[0]))] }
    if (v.rank !== 1) return refuse('scalar-operand', `curl needs a vector, and "${textOf(e.arguments[0])}" is a ${v.rank === 0 ? 'number' : 'matrix'}.`, e, 'grad(u) makes a vector.')
    const d = (component: number, along: number): Complex => this.d(v.entries[component], this.coordinates[along])
    if (dimension === 2) return scalarOf(subtracted(d(1, 0), d(0, 1)))
    if (dimension === 3) return { rank: 1, entries: [subtracted(d(2, 1), d(1, 2)), subtracted(d(0, 2), d(2, 0)), subtracted(d(1, 0), d(0, 1))] }
    return refuse('curl-dimension', 'curl needs a domain of two or three dimensions.', e)
  }

  private normalDerivative(e: Expression, argument: Expression): Value {
    if (!this.space.onBoundary) return refuse('normal-derivative', 'dn(u), the derivative along the outward normal, has a meaning only in boundary conditions.', e)
    const given = argument.kind === 'name' ? argument.name : undefined
    const unknown = given === undefined ? undefined : this.byName.get(given)
    if (unknown) return this.partsOf(unknown, component => `${component}_n`)
    if (given !== undefined && this.space.jets.components.includes(given)) return scalarOf({ re: { kind: 'name', name: `${given}_n` } })
    const names = this.space.unknowns.map(u => `dn(${u.name})`).slice(0, 4).join(' or ')
    return refuse('normal-derivative', `dn takes an unknown itself: ${names}.`, e)
  }

  private traction(e: Expression, argument: Expression): Value {
    if (!this.space.onBoundary) return refuse('normal-derivative', 'traction(u), the stress on the boundary, has a meaning only in boundary conditions.', e)
    const unknown = argument.kind === 'name' ? this.byName.get(argument.name) : undefined
    if (unknown?.type === 'vector') return this.partsOf(unknown, tractionName)
    return refuse('no-traction', `traction takes a vector unknown itself, and "${textOf(argument)}" is none.`, e, 'For a number write dn(u) = g; of one direction dot(traction(u), vec(1, 0)) = g.')
  }

  private vector(e: Expression, operator: string): readonly Complex[] {
    const value = this.expand(e)
    return value.rank === 1 ? value.entries : refuse('scalar-operand', `${operator} needs a vector, and "${textOf(e)}" is a ${value.rank === 0 ? 'number' : 'matrix'}.`, e, 'grad(u) makes a vector.')
  }

  private derivative(e: Extract<Expression, { kind: 'call' }>, letters: string, argument: Expression): Value {
    for (const letter of letters) {
      if (letter === 't' ? !this.space.hasTime : !this.coordinates.includes(letter)) {
        refuse(
          'no-such-coordinate',
          letter === 't' ? `${e.name} is a time derivative, but the statement has no time.` : `${e.name} needs the coordinate ${letter}, but the domain has only ${this.coordinates.length > 3 ? `x1 to x${this.coordinates.length}` : this.coordinates.join(' and ')}.`,
          e,
          letter === 't' ? 'Give "time": [0, 1] to state an evolution.' : undefined,
        )
      }
    }
    return [...letters].reduce<Value>((value, letter) => mapped(value, c => this.d(c, letter)), this.expand(argument))
  }
}

const arithmetic: Readonly<Record<'+' | '-' | '*' | '/' | '^', (a: Complex, b: Complex) => Complex>> = { '+': added, '-': subtracted, '*': multiplied, '/': divided, '^': raised }

/** Rethrows what the algebra refuses with the place it belongs to. */
export function placed<T>(work: () => T, path: string, text?: string): T {
  try {
    return work()
  } catch (reason) {
    if (reason instanceof FaultError) throw new FaultError(reason.faults.map(f => ({ ...f, where: { path, ...(text === undefined ? {} : { text, from: 0, to: text.length }), ...f.where } })))
    throw reason
  }
}

export { zero }
export const isZero = (e: Expression): boolean => isNumber(e, 0)
export const scaledBy = (factor: number, e: Expression): Expression => multiply(number(factor), e)
