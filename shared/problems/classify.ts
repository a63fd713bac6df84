import type { Expression } from '../expressions/ast'
import { differentiate, freeNames, simplify, substitute } from '../expressions'
import type { Libm } from '../expressions/libm'
import { constantNames, evaluate } from '../expressions'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { EllipticEquation, EvolutionEquation, JetEntry, LinearOperator } from './analysed'
import { isZero, jetLetters, zero } from './operators'
import type { ParsedStatement } from './parsed'

type Classified<T> = { readonly equation: T; readonly faults: readonly Fault[] } | { readonly equation?: undefined; readonly faults: readonly Fault[] }

const number = (value: number): Expression => ({ kind: 'number', value })
const name = (text: string): Expression => ({ kind: 'name', name: text })
const binary = (operator: '+' | '-' | '*' | '/', left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right })
const negate = (argument: Expression): Expression => simplify({ kind: 'negate', argument })
const sum = (terms: readonly Expression[]): Expression => simplify(terms.reduce((a, b) => binary('+', a, b), zero))

const equationFault = (code: string, message: string, tip?: string): Fault => error(code, message, { tip, where: { path: 'problem.equations[0]' } })

/** Names of the jet (derivatives of the unknown) in an expression, with their letters. */
export function jetOf(e: Expression, unknown: string): { name: string; letters: string }[] {
  const found: { name: string; letters: string }[] = []
  for (const candidate of freeNames(e).keys()) {
    const letters = jetLetters(unknown, candidate)
    if (letters !== undefined) found.push({ name: candidate, letters })
  }
  return found.sort((a, b) => a.letters.length - b.letters.length || (a.letters < b.letters ? -1 : 1))
}

const containsJet = (e: Expression, unknown: string): boolean => jetOf(e, unknown).length > 0
const contains = (e: Expression, candidate: string): boolean => freeNames(e).has(candidate)
export const ordersOf = (letters: string): [number, number, number] => {
  const count = (letter: string): number => [...letters].filter(l => l === letter).length
  return [count('x'), count('y'), count('z')]
}

function withoutJet(e: Expression, unknown: string): Expression {
  return simplify(substitute(e, Object.fromEntries(jetOf(e, unknown).map(j => [j.name, zero]))))
}

/** residual = left − right, expanded to the jet, of a steady statement → −Σ∂ᵢ(aᵢ∂ᵢu) + Σbᵢ∂ᵢu + cu = f. */
export function classifyElliptic(residual: Expression, statement: ParsedStatement, libm: Libm): Classified<EllipticEquation> {
  const { unknown, axes } = statement
  const jet = jetOf(residual, unknown)
  if (jet.every(j => j.letters === '')) return { faults: [equationFault('no-derivatives', `The equation has no derivative of ${unknown}.`, `State a differential equation, for example -lap(${unknown}) = f.`)] }
  const coefficients = new Map<string, Expression>()
  for (const j of jet) {
    const coefficient = simplify(differentiate(residual, j.name))
    if (containsJet(coefficient, unknown)) {
      return { faults: [equationFault('unsupported-nonlinear', `The steady equation is nonlinear in ${unknown}; the steady solvers of this version take linear equations.`, 'An evolution to the steady state (with "time" and dt) can be nonlinear.')] }
    }
    coefficients.set(j.letters, coefficient)
  }
  const highest = Math.max(...jet.map(j => j.letters.length))
  if (highest > 2) return { faults: [equationFault('unsupported-order', `The equation has derivatives of order ${highest}; the steady solvers of this version take order 2.`)] }
  for (const [letters, coefficient] of coefficients) {
    if (letters.length === 2 && letters[0] !== letters[1] && !isZero(coefficient)) {
      return { faults: [equationFault('unsupported-mixed', `The equation has the mixed derivative d${letters}(${unknown}); the steady solvers of this version take diffusion along the axes.`)] }
    }
  }
  // The sign that makes the diffusion positive: −Δu = f and Δu = −f are the same statement.
  const center = Object.fromEntries(axes.map(a => [a.name, a.lower + 0.5 * (a.upper - a.lower)]))
  const trace = axes.reduce((total, a) => total + evaluate(coefficients.get(a.name + a.name) ?? zero, center, libm), 0)
  const sign = trace > 0 ? -1 : 1
  const signed = (letters: string): Expression => {
    const c = coefficients.get(letters) ?? zero
    return sign < 0 ? negate(c) : c
  }
  const missing = axes.find(a => isZero(signed(a.name + a.name)))
  if (missing) return { faults: [equationFault('not-elliptic', `The equation is not elliptic: it has no second derivative along ${missing.name}.`)] }
  const operator = linearOperator(axes.map(a => a.name), letters => negate(signed(letters)))
  const rest = withoutJet(residual, unknown)
  return { equation: { kind: 'elliptic', operator, source: sign < 0 ? rest : negate(rest) }, faults: [] }
}

/** −L u = Σ A_ii u_ii + Σ A_i u_i + A_0 u → L in flux form: aᵢ = A_ii, bᵢ = ∂ᵢaᵢ − A_i, c = −A_0. */
function linearOperator(axes: readonly string[], coefficient: (letters: string) => Expression): LinearOperator {
  const diffusion = axes.map(x => coefficient(x + x))
  const advection = axes.map((x, i) => simplify(binary('-', differentiate(diffusion[i], x), coefficient(x))))
  return { diffusion, advection, reaction: negate(coefficient('')), symmetric: advection.every(isZero) }
}

export function classifyEvolution(residual: Expression, statement: ParsedStatement, libm: Libm): Classified<EvolutionEquation> {
  const { unknown, axes } = statement
  const rate = `${unknown}_t`
  for (const j of jetOf(residual, unknown)) {
    if (j.letters.includes('t') && j.name !== rate) {
      return { faults: [equationFault('unsupported-time-order', `The equation has the derivative d${j.letters}(${unknown}); the time integrators of this version take first order in time, dt(${unknown}) = ….`)] }
    }
  }
  const mass = simplify(differentiate(residual, rate))
  if (isZero(mass)) return { faults: [equationFault('no-time-derivative', `The statement has a time interval, but the equation has no dt(${unknown}).`, 'Remove "time" for a steady problem.')] }
  if (containsJet(mass, unknown)) return { faults: [equationFault('unsupported-mass', `The factor of dt(${unknown}) depends on ${unknown}; the time integrators of this version need it free of the unknown.`)] }
  const spatial = simplify(substitute(residual, { [rate]: zero }))
  const rightHandSide = simplify(mass.kind === 'number' ? binary('*', number(-1 / mass.value), spatial) : binary('/', negate(spatial), mass))
  const jet: JetEntry[] = jetOf(rightHandSide, unknown).map(j => ({ name: j.name, orders: ordersOf(j.letters) }))

  // −L u: terms whose coefficient does not depend on u; for terms of order ≤ 1 of a polynomial, the linear part at u = 0.
  const linearPart = new Map<string, Expression>()
  for (const j of jetOf(rightHandSide, unknown)) {
    let coefficient = simplify(differentiate(rightHandSide, j.name))
    if (containsJet(coefficient, unknown) && isPolynomialInJet(coefficient, unknown)) coefficient = withoutJet(coefficient, unknown)
    if (!containsJet(coefficient, unknown) && !contains(coefficient, 't') && !isZero(coefficient)) linearPart.set(j.letters, coefficient)
  }
  const termsOf = (part: Iterable<readonly [string, Expression]>): Expression => sum([...part].map(([letters, c]) => binary('*', c, name(letters === '' ? unknown : `${unknown}_${letters}`))))
  const names = axes.map(a => a.name as string)
  const inOperator = [...linearPart].filter(([letters]) => letters.length < 2 || (letters.length === 2 && letters[0] === letters[1]))
  const operatorMap = new Map(inOperator)
  const linear = linearOperator(names, letters => operatorMap.get(letters) ?? zero)
  const constants = [...linearPart].filter(([, c]) => [...freeNames(c).keys()].every(n => constantNames.has(n)))
  const remainderOf = (part: readonly (readonly [string, Expression])[]): Expression => simplify(binary('-', rightHandSide, termsOf(part)))
  return {
    equation: {
      kind: 'evolution',
      rightHandSide,
      jet,
      linear,
      remainder: remainderOf(inOperator),
      constantCoefficients: constants.map(([letters, c]) => ({ orders: ordersOf(letters), coefficient: evaluate(c, {}, libm) })),
      spectralRemainder: remainderOf(constants),
      time: statement.time!,
      initial: statement.initial!,
    },
    faults: [],
  }
}

/** Sums, products and whole powers of the jet: finite at u = 0, so that setting the jet to zero gives the linear part. */
function isPolynomialInJet(e: Expression, unknown: string): boolean {
  if (!containsJet(e, unknown)) return true
  switch (e.kind) {
    case 'name':
      return true
    case 'negate':
      return isPolynomialInJet(e.argument, unknown)
    case 'binary':
      if (e.operator === '^') return isPolynomialInJet(e.left, unknown) && e.right.kind === 'number' && Number.isInteger(e.right.value) && e.right.value >= 0
      if (e.operator === '/') return isPolynomialInJet(e.left, unknown) && !containsJet(e.right, unknown)
      return isPolynomialInJet(e.left, unknown) && isPolynomialInJet(e.right, unknown)
    default:
      return false
  }
}
