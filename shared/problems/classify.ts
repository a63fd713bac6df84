import type { Expression } from '../expressions/ast'
import { constantNames, differentiate, evaluate, freeNames, name, negate, simplify, subtract, substitute, zero } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { EigenEquation, EllipticEquation, EvolutionEquation, LinearOperator } from './analysed'
import type { Jets } from './jets'
import { isZero } from './operators'
import type { ParsedStatement } from './parsed'
import { isPolynomialIn, withoutJets } from './system'

/** The special forms that fast solvers take; undefined where a scalar statement has none and solvers work from the system. */

const opposite = (e: Expression): Expression => simplify(negate(e))
const sum = (terms: readonly Expression[]): Expression => simplify(terms.reduce((a, b) => ({ kind: 'binary', operator: '+', left: a, right: b }), zero))
const letters = (along: readonly string[]): string => along.join('')

/** 0 = residual of a steady statement → −Σ∂ᵢ(aᵢ∂ᵢu) + Σbᵢ∂ᵢu + cu = f, when it is linear, of second order along every axis, without mixed derivatives. */
export function classifyElliptic(residual: Expression, statement: ParsedStatement, jets: Jets, libm: Libm): EllipticEquation | undefined {
  const { axes } = statement
  const coefficients = new Map<string, Expression>()
  for (const jet of jets.in(residual)) {
    const coefficient = simplify(differentiate(residual, jet.name))
    if (jets.occursIn(coefficient) || jet.along.length > 2) return undefined
    if (jet.along.length === 2 && jet.along[0] !== jet.along[1] && !isZero(coefficient)) return undefined
    coefficients.set(letters(jet.along), coefficient)
  }
  // The sign that makes the diffusion positive: −Δu = f and Δu = −f are the same statement.
  const center = Object.fromEntries(axes.map(a => [a.name, a.lower + 0.5 * (a.upper - a.lower)]))
  const trace = axes.reduce((total, a) => total + evaluate(coefficients.get(a.name + a.name) ?? zero, center, libm), 0)
  const sign = trace > 0 ? -1 : 1
  const signed = (along: string): Expression => {
    const c = coefficients.get(along) ?? zero
    return sign < 0 ? opposite(c) : c
  }
  if (axes.some(a => isZero(signed(a.name + a.name)))) return undefined
  const operator = linearOperator(axes.map(a => a.name), along => opposite(signed(along)))
  const rest = withoutJets(residual, jets)
  return { kind: 'elliptic', operator, source: sign < 0 ? rest : opposite(rest) }
}

/** −L u = Σ A_ii u_ii + Σ A_i u_i + A_0 u → L in flux form: aᵢ = A_ii, bᵢ = ∂ᵢaᵢ − A_i, c = −A_0. */
function linearOperator(axes: readonly string[], coefficient: (along: string) => Expression): LinearOperator {
  const diffusion = axes.map(x => coefficient(x + x))
  const advection = axes.map((x, i) => simplify(subtract(differentiate(diffusion[i], x), coefficient(x))))
  return { diffusion, advection, reaction: opposite(coefficient('')), symmetric: advection.every(isZero) }
}

/** 0 = residual(u, λ) → L u = λ m u, with the sign that makes the diffusion positive. */
export function classifyEigen(residual: Expression, eigenvalue: string, statement: ParsedStatement, jets: Jets, libm: Libm): EigenEquation | undefined {
  const slope = simplify(differentiate(residual, eigenvalue))
  if (freeNames(slope).has(eigenvalue)) return undefined
  const entries = jets.in(slope)
  if (entries.length !== 1 || entries[0].along.length > 0) return undefined
  const weight = simplify(differentiate(slope, entries[0].name))
  if (jets.occursIn(weight) || !isZero(withoutJets(slope, jets))) return undefined
  const without = simplify(substitute(residual, { [eigenvalue]: zero }))
  const elliptic = classifyElliptic(without, statement, jets, libm)
  if (!elliptic || !isZero(elliptic.source)) return undefined
  // The operator may have been turned round; then so is the weight: ±(L u) ∓ λ m u = 0.
  const [axis] = statement.axes
  const [kept] = [simplify(differentiate(without, jets.nameOf(0, [axis.name, axis.name])))]
  const center = Object.fromEntries(statement.axes.map(a => [a.name, a.lower + 0.5 * (a.upper - a.lower)]))
  const turned = evaluate(kept, center, libm) > 0
  return { kind: 'eigen', operator: elliptic.operator, mass: turned ? weight : opposite(weight), eigenvalue }
}

/** ∂ₜu = F: linear part of second order, constant coefficients of any order, and what remains of each. */
export function classifyEvolution(rightHandSide: Expression, initial: Expression, statement: ParsedStatement, jets: Jets, libm: Libm): EvolutionEquation {
  const entries = jets.in(rightHandSide)
  // −L u: terms whose coefficient does not depend on u; of a polynomial, the linear part at u = 0.
  const linearPart = new Map<string, { readonly jet: (typeof entries)[number]; readonly coefficient: Expression }>()
  for (const jet of entries) {
    let coefficient = simplify(differentiate(rightHandSide, jet.name))
    if (jets.occursIn(coefficient) && isPolynomialIn(coefficient, jets)) coefficient = withoutJets(coefficient, jets)
    if (!jets.occursIn(coefficient) && !freeNames(coefficient).has('t') && !isZero(coefficient)) linearPart.set(letters(jet.along), { jet, coefficient })
  }
  type Part = readonly (readonly [string, { readonly jet: (typeof entries)[number]; readonly coefficient: Expression }])[]
  const remainderOf = (part: Part): Expression => simplify(subtract(rightHandSide, sum(part.map(([, { jet, coefficient }]) => ({ kind: 'binary', operator: '*', left: coefficient, right: name(jet.name) })))))
  const inOperator: Part = [...linearPart].filter(([along]) => along.length < 2 || (along.length === 2 && along[0] === along[1]))
  const operatorMap = new Map(inOperator)
  const constants: Part = [...linearPart].filter(([, { coefficient }]) => [...freeNames(coefficient).keys()].every(n => constantNames.has(n)))
  return {
    kind: 'evolution',
    rightHandSide,
    jet: entries.map(jet => ({ name: jet.name, orders: jets.orders(jet) })),
    linear: linearOperator(statement.axes.map(a => a.name), along => operatorMap.get(along)?.coefficient ?? zero),
    remainder: remainderOf(inOperator),
    constantCoefficients: constants.map(([, { jet, coefficient }]) => ({ orders: jets.orders(jet), coefficient: evaluate(coefficient, {}, libm) })),
    spectralRemainder: remainderOf(constants),
    time: statement.time!,
    initial,
  }
}

