import { error, FaultError } from '../fault'
import type { BinaryNode, CallNode, Expression } from './ast'
import { foldCall, truthOf } from './fold'
import {
  decimalFromRational, integerPower, isNegative, isOne, isZero, MINUS_ONE, negated, numberFromRational, ONE, plus, rationalFromNumber, times, ZERO, type Rational,
} from './rational'
import { add, call, divide, mapChildren, multiply, negate, number, one, raise, sizeOf, subtract, MAXIMUM_LEVELS } from './structure'
import { toKnownText } from './text'

/**
 * Canonical form: a sum of terms, a term being an exact rational coefficient times integer powers of atoms (names, calls, non-integer powers, sums in a product).
 * Like terms and like powers are collected, terms and factors are sorted by their text, rational coefficients are multiplied into sums, products of sums
 * are not expanded. So commuted sums and products become equal and e − e becomes 0. The value changes by rounding only; the domain is widened only as in x/x = 1,
 * x − x = 0 and 0·x = 0 (0·(1/0) stays undefined). Idempotent.
 * Throws FaultError `expression-too-large` on trees deeper than `MAXIMUM_LEVELS`.
 */
export function simplify(e: Expression): Expression {
  if (sizeOf(e).levels > 2 * MAXIMUM_LEVELS) throw new FaultError(error('expression-too-large', 'The expression nests too deeply.', { tip: 'Split it with definitions.' }))
  return new Simplifier().simplify(e)
}

interface Factor { readonly base: Expression; readonly exponent: number }
interface Term { readonly coefficient: Rational; readonly factors: ReadonlyMap<string, Factor> }
/** Terms by the key of their factors; the constant term has the key ''. */
type Sum = ReadonlyMap<string, Term>

const nothing: ReadonlyMap<string, Factor> = new Map()
const constantSum = (r: Rational): Sum => (isZero(r) ? new Map() : new Map([['', { coefficient: r, factors: nothing }]]))
const precedes = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const keyOf = (factors: ReadonlyMap<string, Factor>) => [...factors].map(([key, f]) => `${key}\u0001${f.exponent}`).sort(precedes).join('\u0002')
/** The factor 1/0 makes a term undefined (Infinity is 1/0, NaN is 0/0); no rule may remove it. */
const undefinedFactor: Factor = { base: number(0), exponent: -1 }
const isUndefined = (f: Factor) => f.base.kind === 'number' && f.base.value === 0
const hasUndefined = (factors: ReadonlyMap<string, Factor>) => [...factors.values()].some(isUndefined)
const LARGEST_EXPONENT = 2 ** 31
const LARGEST_INTEGER = BigInt(Number.MAX_SAFE_INTEGER)
const LARGEST_DISTRIBUTED = 64
const isModerate = (r: Rational) => r.p < 10n ** 100n && r.p > -(10n ** 100n) && r.q < 10n ** 100n
const isAtom = (sum: Sum) => {
  const [{ coefficient, factors }] = sum.values()
  return isOne(coefficient) && factors.size === 1 && [...factors.values()][0].exponent === 1
}

class Simplifier {
  private readonly sums = new Map<Expression, Sum>()
  private readonly results = new Map<Expression, Expression>()
  private readonly texts = new Map<Expression, string>()

  simplify(e: Expression): Expression {
    let result = this.results.get(e)
    if (!result) this.results.set(e, (result = this.expressionFromSum(this.sum(e))))
    return result
  }

  private sum(e: Expression): Sum {
    let sum = this.sums.get(e)
    if (!sum) this.sums.set(e, (sum = representable(this.makeSum(e))))
    return sum
  }

  private makeSum(e: Expression): Sum {
    if (e.kind === 'number') return Number.isFinite(e.value) ? constantSum(rationalFromNumber(e.value)) : undefinedSum(e.value)
    if (e.kind === 'name') return this.atom({ kind: 'name', name: e.name })
    if (e.kind === 'negate' || (e.kind === 'binary' && (e.operator === '+' || e.operator === '-'))) {
      const terms = new Map<string, Term>()
      this.accumulate(e, ONE, terms)
      return terms
    }
    if (e.kind === 'binary') return e.operator === '^' ? this.power(e.left, e.right) : this.product(e)
    if (e.kind === 'call') return this.called(e)
    return this.atom(withoutRange(mapChildren(e, child => this.simplify(child))))
  }

  /** Adds scale·e to the terms. Left spines are walked in a loop: long sums cost linear time. */
  private accumulate(e: Expression, scale: Rational, terms: Map<string, Term>): void {
    const pending: [Expression, Rational][] = [[e, scale]]
    while (pending.length > 0) {
      const [node, factor] = pending.pop()!
      if (node.kind === 'negate') pending.push([node.argument, negated(factor)])
      else if (node.kind === 'binary' && (node.operator === '+' || node.operator === '-')) {
        pending.push([node.right, node.operator === '-' ? negated(factor) : factor], [node.left, factor])
      } else for (const [key, term] of this.sum(node)) addTerm(terms, key, term, factor)
    }
  }

  private atom(base: Expression, exponent = 1): Sum {
    const factors = new Map([[toKnownText(base, this.texts), { base, exponent }]])
    return new Map([[keyOf(factors), { coefficient: ONE, factors }]])
  }

  private product(e: BinaryNode): Sum {
    let coefficient = ONE
    const factors = new Map<string, Factor>()
    const pending: [Expression, number][] = [[e, 1]]
    while (pending.length > 0) {
      const [node, sign] = pending.pop()!
      if (node.kind === 'binary' && (node.operator === '*' || node.operator === '/')) {
        pending.push([node.right, node.operator === '/' ? -sign : sign], [node.left, sign])
        continue
      }
      const [scale, parts] = this.factorsOf(this.sum(node), sign)
      coefficient = times(coefficient, scale)
      for (const factor of parts) this.addFactor(factors, factor)
    }
    return this.finished(coefficient, factors)
  }

  private addFactor(factors: Map<string, Factor>, factor: Factor): void {
    const key = toKnownText(factor.base, this.texts)
    const exponent = (factors.get(key)?.exponent ?? 0) + factor.exponent
    if (isUndefined(factor)) factors.set(key, undefinedFactor)
    else if (exponent === 0) factors.delete(key)
    else factors.set(key, { base: factor.base, exponent })
  }

  /** sumⁿ as coefficient and factors; a sum of several terms becomes one atom. */
  private factorsOf(sum: Sum, exponent: number): readonly [Rational, readonly Factor[]] {
    if (sum.size === 0) return exponent > 0 ? [ZERO, []] : [ONE, [undefinedFactor]]
    if (sum.size > 1) return [ONE, [{ base: this.expressionFromSum(sum), exponent }]]
    const [{ coefficient, factors }] = sum.values()
    const parts = [...factors.values()].map(f => (isUndefined(f) ? f : { base: f.base, exponent: f.exponent * exponent }))
    if (factors.size === 0) return this.constantPower(coefficient, exponent)
    if (isOne(coefficient) && factors.size === 1) return [ONE, parts]
    // (2·sin x)^1000 stays whole: its parts over- and underflow where the whole does not
    const scale = Math.abs(exponent) <= LARGEST_DISTRIBUTED ? integerPower(coefficient, exponent) : undefined
    return scale && isModerate(scale) ? [scale, parts] : [ONE, [{ base: this.expressionFromSum(sum), exponent }]]
  }

  /** Too many digits are rounded to double precision first, and stay a power where even that is too long. */
  private constantPower(value: Rational, exponent: number): readonly [Rational, readonly Factor[]] {
    const exact = integerPower(value, exponent)
    if (exact) return [exact, []]
    const rounded = numberFromRational(value)
    if (!Number.isFinite(rounded) || rounded === 0) return [ONE, [{ base: this.expressionFromSum(constantSum(value)), exponent }]]
    const scale = integerPower(rationalFromNumber(rounded), exponent)
    return scale ? [scale, []] : [ONE, [{ base: number(rounded), exponent }]]
  }

  /** Takes the sign out of sums (even powers forget it), opens products; a lone sum takes the coefficient in; zero swallows what is defined. */
  private finished(start: Rational, collected: ReadonlyMap<string, Factor>): Sum {
    let coefficient = start
    const factors = new Map<string, Factor>()
    for (const factor of collected.values()) {
      const sum = this.sum(factor.base)
      if (sum.size > 1 && isNegative(leading(sum).coefficient)) {
        this.addFactor(factors, { base: this.expressionFromSum(scaled(sum, MINUS_ONE)), exponent: factor.exponent })
        if (factor.exponent % 2 !== 0) coefficient = negated(coefficient)
      } else if (sum.size === 1 && !isAtom(sum)) {
        const [scale, parts] = this.factorsOf(sum, factor.exponent)
        coefficient = times(coefficient, scale)
        for (const part of parts) this.addFactor(factors, part)
      } else this.addFactor(factors, factor)
    }
    if (isZero(coefficient) && !hasUndefined(factors)) return new Map()
    if (factors.size === 1) {
      const [only] = factors.values()
      const inner = this.sum(only.base)
      if (only.exponent === 1 && inner.size > 1) return scaled(inner, coefficient)
    }
    return new Map([[keyOf(factors), { coefficient, factors }]])
  }

  private power(base: Expression, exponent: Expression): Sum {
    const index = this.sum(exponent)
    const n = constantOf(index)
    if (n && n.q === 1n && n.p > -LARGEST_EXPONENT && n.p < LARGEST_EXPONENT) {
      const size = Number(n.p)
      if (size === 0) return constantSum(ONE)
      const inner = this.sum(base)
      const largest = Math.max(1, ...[...inner.values()].flatMap(t => [...t.factors.values()].map(f => Math.abs(f.exponent))))
      if (inner.size !== 1 || largest * Math.abs(size) < LARGEST_EXPONENT) {
        const [scale, parts] = this.factorsOf(inner, size)
        const factors = new Map<string, Factor>()
        for (const factor of parts) this.addFactor(factors, factor)
        return this.finished(scale, factors)
      }
    }
    return this.atom(raise(this.simplify(base), this.simplify(exponent)))
  }

  private called(e: CallNode): Sum {
    if (e.name === 'pow') return this.power(e.arguments[0], e.arguments[1])
    if (e.name === 'if') {
      const condition = withoutRange(mapChildren(e.arguments[0], child => this.simplify(child)))
      const truth = truthOf(condition)
      if (truth !== undefined) return this.sum(e.arguments[truth ? 1 : 2])
      const [then, otherwise] = [this.simplify(e.arguments[1]), this.simplify(e.arguments[2])]
      return toKnownText(then, this.texts) === toKnownText(otherwise, this.texts) ? this.sum(e.arguments[1]) : this.atom(call('if', condition, then, otherwise))
    }
    const values = e.arguments.map(a => constantOf(this.sum(a)))
    const folded = foldCall(e.name, values)
    if (folded) return constantSum(folded)
    const title = e.name === 'ln' ? 'log' : e.name
    const parity = odd.has(title) ? -1 : even.has(title) ? 1 : 0
    const inner = parity !== 0 && e.arguments.length === 1 ? this.sum(e.arguments[0]) : undefined
    if (inner?.size === 1 && isNegative(leading(inner).coefficient)) {
      const mirrored = this.atom(call(title, this.expressionFromSum(scaled(inner, MINUS_ONE))))
      return parity < 0 ? scaled(mirrored, MINUS_ONE) : mirrored
    }
    return this.atom(call(title, ...e.arguments.map(a => this.simplify(a))))
  }

  private expressionFromSum(sum: Sum): Expression {
    const terms = [...sum].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : precedes(a, b))).map(([, term]) => term)
    if (terms.length === 0) return number(0)
    const first = terms.findIndex(t => !isNegative(t.coefficient))
    if (first > 0) terms.unshift(...terms.splice(first, 1))
    let result: Expression | undefined
    for (const term of terms) {
      const negative = isNegative(term.coefficient)
      const size = expressionFromTerm(negative ? negated(term.coefficient) : term.coefficient, term.factors)
      if (result) result = negative ? subtract(result, size) : add(result, size)
      else result = negative ? withMinus(size) : size
    }
    this.sums.set(result!, sum)
    this.results.set(result!, result!)
    return result!
  }
}

/** The minus sign stands at the first factor: −2·x, (−x)/y. */
function withMinus(e: Expression): Expression {
  if (e.kind === 'number') return number(-e.value)
  return e.kind === 'binary' && (e.operator === '*' || e.operator === '/') ? { ...e, left: withMinus(e.left) } : negate(e)
}

const odd: ReadonlySet<string> = new Set(['sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'erf', 'cbrt', 'sign'])
const even: ReadonlySet<string> = new Set(['cos', 'cosh', 'sech', 'abs'])

function addTerm(terms: Map<string, Term>, key: string, term: Term, scale: Rational): void {
  const before = terms.get(key)
  const coefficient = plus(before?.coefficient ?? ZERO, times(term.coefficient, scale))
  if (isZero(coefficient) && !hasUndefined(term.factors)) terms.delete(key)
  else terms.set(key, { coefficient, factors: term.factors })
}

/** Coefficients as they will be written: exact while they are being collected, rounded once when they have more digits than a double. */
function representable(sum: Sum): Sum {
  if ([...sum.values()].every(t => t.coefficient.q === 1n && t.coefficient.p < LARGEST_INTEGER && t.coefficient.p > -LARGEST_INTEGER)) return sum
  return new Map([...sum].map(([key, term]) => [key, { coefficient: asWritten(term.coefficient), factors: term.factors }]))
}

function undefinedSum(value: number): Sum {
  const factors = new Map([['0', undefinedFactor]])
  return new Map([[keyOf(factors), { coefficient: Number.isNaN(value) ? ZERO : value > 0 ? ONE : MINUS_ONE, factors }]])
}

function scaled(sum: Sum, scale: Rational): Sum {
  const terms = new Map<string, Term>()
  for (const [key, term] of sum) addTerm(terms, key, term, scale)
  return terms
}

/** The term that decides a sum's sign: the constant, else the first. */
function leading(sum: Sum): Term {
  return sum.get('') ?? [...sum].sort(([a], [b]) => precedes(a, b))[0][1]
}

function constantOf(sum: Sum): Rational | undefined {
  if (sum.size === 0) return ZERO
  return sum.size === 1 ? sum.get('')?.coefficient : undefined
}

function withoutRange(e: Expression): Expression {
  if (!e.range) return e
  const copy = { ...e }
  delete (copy as { range?: unknown }).range
  return copy
}

/** coefficient ≥ 0 times factors: numbers first, factors by name, then one division. */
function expressionFromTerm(coefficient: Rational, factors: ReadonlyMap<string, Factor>): Expression {
  const sorted = [...factors].sort(([a], [b]) => precedes(a, b)).map(([, f]) => f)
  const powers = (sign: number) => sorted.filter(f => f.exponent * sign > 0).map(f => (f.exponent * sign === 1 ? f.base : raise(f.base, number(f.exponent * sign))))
  const [above, below] = [powers(1), powers(-1)]
  const [p, q] = coefficientParts(coefficient)
  const numerator = [...(isOne(coefficient) && above.length > 0 ? [] : p), ...above]
  const denominator = [...q, ...below]
  const top = numerator.length === 0 ? one : numerator.reduce(multiply)
  return denominator.length === 0 ? top : divide(top, denominator.reduce(multiply))
}

function asWritten(r: Rational): Rational {
  if (decimalFromRational(r) !== undefined || (r.q <= LARGEST_INTEGER && r.p <= LARGEST_INTEGER && r.p >= -LARGEST_INTEGER)) return r
  const value = numberFromRational(r)
  return Number.isFinite(value) && value !== 0 ? rationalFromNumber(value) : r
}

/** A coefficient as numbers above and below the fraction line: a decimal where it is exactly one, else p/q, else rounded; out of range as two factors. */
function coefficientParts(r: Rational): readonly [readonly Expression[], readonly Expression[]] {
  const decimal = decimalFromRational(r)
  if (decimal !== undefined) return [[number(decimal)], []]
  if (r.p <= LARGEST_INTEGER && r.q <= LARGEST_INTEGER) return [r.p === 1n ? [] : [number(Number(r.p))], [number(Number(r.q))]]
  const value = numberFromRational(r)
  if (Number.isFinite(value) && value !== 0) return [[number(value)], []]
  const unit = 10n ** 300n
  const shrunk = value === 0 ? times(r, { p: unit, q: 1n }) : times(r, { p: 1n, q: unit })
  const [p, q] = coefficientParts(shrunk)
  return [[...p, number(value === 0 ? 1e-300 : 1e300)], q]
}

