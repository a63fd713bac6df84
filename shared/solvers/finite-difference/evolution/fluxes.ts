import { add, binary, differentiate, evaluate, freeNames, isNumber, multiply, name, negate, number, simplify, zero } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import { FaultError, error } from '../../../fault'
import type { AnalysedProblem } from '../../../problems/analysed'

/** Rows in divergence form: ∂ₜu_i = −Σ_a ∂_a F[a][i](x, t, u) + source[i](x, t, jets). */
export interface Fluxes {
  readonly flux: readonly (readonly Expression[])[]
  /** jacobian[a][i][j] = ∂F[a][i]/∂u_j. */
  readonly jacobian: readonly (readonly (readonly Expression[])[])[]
  readonly source: readonly Expression[]
}

/**
 * Finds the fluxes of a quasi-linear first-order part ∂ₜu_i = −Σ_a Σ_j A[a][i][j](x, t, u) ∂_a u_j + …: F_i = Σ_j ∫₀¹ A_ij(s u) u_j ds (Poincaré's lemma), term by term, since a term of A that is homogeneous of
 * degree d in u gives term · u_j/(d + 1). What is found is held against ∂F/∂u = A at sample states; rows that are no divergence (primitive variables) fail that.
 *
 * Without `required`: undefined also where fluxes that capture shocks are not called for — derivatives of higher order, linear systems, constraints, domains other than a box.
 * With it: FaultError `no-fluxes` where there are none.
 */
export function recogniseFluxes(problem: AnalysedProblem, libm: Libm, required: boolean): Fluxes | undefined {
  const { system, axes, geometry } = problem
  const refuse = (why: string): undefined => {
    if (required) throw new FaultError(error('no-fluxes', `The WENO fluxes need equations in divergence form on a box: ${why}.`, { where: { path: 'flux' }, tip: 'State the equations in conservation form, dt(u) = -dx(f(u)), or use "flux": "central".' }))
    return undefined
  }
  if (system.rows.some(row => row.kind !== 'rate')) return refuse('the system has constraints')
  if (geometry && (geometry.outer.kind !== 'box' || geometry.holes.length > 0 || geometry.where)) return refuse('the domain has another shape')
  if (!required && system.jet.some(({ orders }) => orders[0] + orders[1] + orders[2] > 1)) return undefined
  const first = axes.map((_, a) => system.components.map((_c, j) => system.jet.find(({ component, orders }) => component === j && orders.every((m, b) => m === (a === b ? 1 : 0)))))
  const derivatives = new Set(system.jet.filter(({ orders }) => orders.some(m => m > 0)).map(entry => entry.name))
  const jacobian = first.map(entries => system.rows.map(({ expression }) => entries.map(entry => (entry ? simplify(negate(differentiate(expression, entry.name))) : zero))))
  const all = jacobian.flat(2)
  if (all.every(e => isNumber(e, 0))) return refuse('it has no first derivatives')
  if (all.some(e => [...freeNames(e).keys()].some(free => derivatives.has(free)))) return refuse('the factor of a first derivative depends on a derivative')
  const components = system.components.map(c => c.name)
  const nonlinear = all.some(e => components.some(c => freeNames(e).has(c)))
  if (!required && !nonlinear) return undefined
  const states = sampleStates(problem)
  const flux: Expression[][] = []
  for (const rows of jacobian) {
    const found = rows.map(entries => entries.reduce<Expression | undefined>((sum, entry, j) => {
      const part = antiderivative(entry, components, j, states, libm)
      return sum && part && simplify(add(sum, part))
    }, zero))
    if (found.some(f => f === undefined)) return refuse('no antiderivative of the factors of the first derivatives was found')
    flux.push(found as Expression[])
  }
  for (const [a, rows] of jacobian.entries()) {
    for (const [i, entries] of rows.entries()) {
      for (const [j, entry] of entries.entries()) {
        const derivative = differentiate(flux[a][i], components[j])
        if (states.some(state => !near(evaluate(derivative, state, libm), evaluate(entry, state, libm)))) return refuse(`the terms of the equation of ${components[i]} along ${axes[a].name} are no derivative of a flux`)
      }
    }
  }
  const source = system.rows.map(({ expression }, i) => simplify(first.reduce((rest, entries, a) => {
    const advected = entries.reduce<Expression>((sum, entry, j) => (entry ? add(sum, multiply(jacobian[a][i][j], name(entry.name))) : sum), rest)
    // −∂_a F = −A ∂_a u − (∂_a F at fixed u): the last is taken back where factors depend on the place.
    return add(advected, differentiate(flux[a][i], axes[a].name))
  }, expression)))
  return { flux, jacobian, source: source.map(e => dropVanishing(e, system.jet.filter(({ orders }) => orders.some(m => m > 0)).map(entry => entry.name), states, libm)) }
}

const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-8 * (1 + Math.abs(a) + Math.abs(b))

/** First derivatives that cancel in value, if not symbol by symbol, are taken out. */
function dropVanishing(e: Expression, jets: readonly string[], states: readonly Record<string, number>[], libm: Libm): Expression {
  let result = e
  for (const jet of jets) {
    if (!freeNames(result).has(jet)) continue
    const factor = simplify(differentiate(result, jet))
    const vanishes = states.every(state => near(evaluate(factor, { ...Object.fromEntries(jets.map(n => [n, 0.3])), ...state }, libm), 0))
    if (vanishes) result = simplify(replaceByZero(result, jet))
  }
  return result
}

function replaceByZero(e: Expression, target: string): Expression {
  if (e.kind === 'name') return e.name === target ? number(0) : e
  if (e.kind === 'negate') return { ...e, argument: replaceByZero(e.argument, target) }
  if (e.kind === 'binary') return { ...e, left: replaceByZero(e.left, target), right: replaceByZero(e.right, target) }
  if (e.kind === 'call') return { ...e, arguments: e.arguments.map(argument => replaceByZero(argument, target)) }
  return e
}

/** Σ over the terms of `entry`: term · u_j/(degree + 1); undefined when a term has no whole degree above −1. */
function antiderivative(entry: Expression, components: readonly string[], j: number, states: readonly Record<string, number>[], libm: Libm): Expression | undefined {
  let sum: Expression = zero
  for (const term of additiveTerms(entry)) {
    if (isNumber(term, 0)) continue
    const degree = degreeOf(term, components, states, libm)
    if (degree === undefined) return undefined
    sum = add(sum, binary('/', multiply(term, name(components[j])), number(degree + 1)))
  }
  return simplify(sum)
}

function degreeOf(term: Expression, components: readonly string[], states: readonly Record<string, number>[], libm: Libm): number | undefined {
  if (!components.some(c => freeNames(term).has(c))) return 0
  for (let degree = 0; degree <= 12; degree++) {
    const fits = states.every(state => {
      const scaled = { ...state }
      for (const c of components) scaled[c] = 2 * state[c]
      return near(evaluate(term, scaled, libm), 2 ** degree * evaluate(term, state, libm))
    })
    if (fits) return degree
  }
  return undefined
}

/** Additive terms with products over sums multiplied out, a few hundred at most. */
function additiveTerms(e: Expression): Expression[] {
  if (e.kind === 'negate') return additiveTerms(e.argument).map(negate)
  if (e.kind !== 'binary') return [e]
  const { operator, left, right } = e
  if (operator === '+') return [...additiveTerms(left), ...additiveTerms(right)]
  if (operator === '-') return [...additiveTerms(left), ...additiveTerms(right).map(negate)]
  if (operator === '/') return additiveTerms(left).map(term => binary('/', term, right))
  if (operator === '*') {
    const [l, r] = [additiveTerms(left), additiveTerms(right)]
    return l.length * r.length > 400 ? [e] : l.flatMap(a => r.map(b => multiply(a, b)))
  }
  if (operator === '^' && right.kind === 'number' && (right.value === 2 || right.value === 3)) {
    const base = additiveTerms(left)
    if (base.length > 1) return additiveTerms(multiply(left, right.value === 2 ? left : binary('^', left, number(2))))
  }
  return [e]
}

/** States with positive, generic values (densities and depths are divisors), at generic places and times. */
function sampleStates({ system, axes, time }: AnalysedProblem): Record<string, number>[] {
  return [0, 1, 2].map(k => {
    const state: Record<string, number> = { t: time ? time[0] + (0.21 + 0.2 * k) * (time[1] - time[0]) : 0 }
    axes.forEach(({ name: axis, lower, upper }, a) => (state[axis] = lower + (0.31 + 0.17 * k + 0.05 * a) * (upper - lower)))
    system.components.forEach(({ name: component }, j) => (state[component] = 0.9 + 0.37 * j + 0.53 * k + 0.11 * j * k))
    return state
  })
}

