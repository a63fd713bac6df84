import type { Expression } from '../expressions/ast'
import { constantNames, differentiate, evaluate, freeNames, multiply, name, simplify, substitute, subtract, zero } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { Component, LinearTerm, System, SystemJet, SystemRow } from './analysed'
import { Jets } from './jets'
import { heaviestMatching } from './matching'
import type { ParsedStatement } from './parsed'
import { solveForRates } from './rates'

/** One real equation 0 = expression, from which equation of the document it comes. */
export interface RealRow {
  readonly expression: Expression
  readonly equation: number
}

export interface RawSystem {
  readonly components: readonly Component[]
  readonly rows: readonly SystemRow[]
  /** Names of jets over all components, velocities included. */
  readonly jets: Jets
  /** Component whose velocity a component is, by its index; −1 for all others. */
  readonly velocityOf: readonly number[]
}

export type Built<T> = { readonly value: T; readonly faults?: undefined } | { readonly value?: undefined; readonly faults: readonly Fault[] }

const fault = (code: string, message: string, equation: number, statement: ParsedStatement, tip?: string): Fault => {
  const { text } = statement.equations[equation]
  return error(code, message, { tip, where: { path: `problem.equations[${equation}]`, text, from: 0, to: text.length } })
}

/** The components that the declared unknowns consist of. */
export function declaredComponents(statement: ParsedStatement): Component[] {
  return statement.unknowns.flatMap(u => u.components.map(component => (u.type === 'real' ? { name: component, unknown: u.name } : { name: component, unknown: u.name, part: component.slice(u.name.length + 2) as Component['part'] })))
}

/**
 * First order in time: a component with ∂ₜₜ gets a velocity of its own, rows are solved for their time derivatives, what is left are constraints, and every row is given to the component it
 * determines: rates to theirs, constraints to the component with the highest derivative in them, document order deciding between equals.
 */
export function buildSystem(rows: readonly RealRow[], jets: Jets, statement: ParsedStatement): Built<RawSystem> {
  const declared = declaredComponents(statement)
  if (rows.length !== declared.length) {
    return { faults: [error('row-count', `Written out, the equations are ${rows.length} real ${rows.length === 1 ? 'equation' : 'equations'} for ${declared.length} real ${declared.length === 1 ? 'unknown' : 'unknowns'}.`, {
      where: { path: 'problem.equations' }, tip: 'A vector unknown needs a vector equation, a complex unknown a complex one.',
    })] }
  }
  const order = timeOrders(rows, jets, statement)
  if (order.faults) return { faults: order.faults }
  const second = declared.flatMap((_, i) => (order.value[i] === 2 ? [i] : []))
  const components: Component[] = [...declared, ...second.map(i => ({ name: `${declared[i].name}__t`, unknown: declared[i].unknown, part: 't' as const }))]
  const velocityOf = components.map((_, i) => (i < declared.length ? -1 : second[i - declared.length]))
  const all = new Jets(components.map(c => c.name), statement.coordinates)
  const first = rows.map(row => ({ ...row, expression: withVelocities(row.expression, jets, all, second, declared.length) }))
  const evolving = declared.flatMap((c, i) => (order.value[i] > 0 ? [{ rate: `${order.value[i] === 2 ? `${c.name}__t` : c.name}_t`, component: order.value[i] === 2 ? declared.length + second.indexOf(i) : i }] : []))
  if (statement.time && evolving.length === 0) {
    const names = statement.unknowns.map(u => u.name)
    return { faults: [fault('no-time-derivative', names.length === 1 ? `The statement has a time interval, but the equation has no dt(${names[0]}).` : 'The statement has a time interval, but no equation has a time derivative.', 0, statement, 'Remove "time" for a steady problem.')] }
  }
  const rateNames = evolving.map(e => e.rate)
  const isRate = (row: RealRow): boolean => [...freeNames(row.expression).keys()].some(n => rateNames.includes(n))
  const withRates = first.filter(isRate)
  const solved = solveForRates(withRates.map(r => r.expression), rateNames)
  if ('failure' in solved) return { faults: [rateFault(solved, withRates, statement)] }
  const result = new Array<SystemRow | undefined>(components.length).fill(undefined)
  for (const { rate, component } of evolving) result[component] = { kind: 'rate', expression: solved.rates.get(rate)! }
  second.forEach((i, k) => { result[i] = { kind: 'rate', expression: name(components[declared.length + k].name) } })
  const constraints = first.filter(row => !isRate(row))
  const free = components.flatMap((_, i) => (result[i] ? [] : [i]))
  if (constraints.length > 0) {
    const weights = constraints.map(row => free.map(component => weightOf(row, component, all, statement, declared)))
    heaviestMatching(weights).columns.forEach((column, i) => { result[free[column]] = { kind: 'constraint', expression: constraints[i].expression } })
  }
  return { value: { components, rows: result as SystemRow[], jets: all, velocityOf } }
}

/** 0, 1 or 2 per component; refusals for what no first-order form has. */
function timeOrders(rows: readonly RealRow[], jets: Jets, statement: ParsedStatement): Built<number[]> {
  const orders = jets.components.map(() => 0)
  for (const row of rows) for (const jet of jets.in(row.expression)) orders[jet.component] = Math.max(orders[jet.component], timesOf(jet.along))
  for (const row of rows) {
    for (const jet of jets.in(row.expression)) {
      const times = timesOf(jet.along)
      if (times > 2) return { faults: [fault('unsupported-time-order', `The equation has the time derivative d${jet.along.join('')}(${jets.components[jet.component]}) of order ${times}; at most order 2 is taken.`, row.equation, statement, 'Name a lower derivative as another unknown.')] }
      if (times > 0 && times === orders[jet.component] && jet.along.length > times) {
        const u = jets.components[jet.component]
        return { faults: [fault('unsupported-mixed-time', `The equation has the derivative d${jet.along.join('')}(${u}) in space and time at once, so that it cannot be solved for the rate of ${u} point by point.`, row.equation, statement, 'State what stands under dt as another unknown: dt(w) = …, w = u - dxx(u).')] }
      }
    }
  }
  return { value: orders }
}

const timesOf = (along: readonly string[]): number => along.filter(c => c === 't').length

/** u_t → u__t, u_tt → u__t_t, u_xt → u__t_x for components of second order in time. */
function withVelocities(e: Expression, jets: Jets, all: Jets, second: readonly number[], declared: number): Expression {
  const bindings: Record<string, Expression> = {}
  for (const jet of jets.in(e)) {
    const k = second.indexOf(jet.component)
    if (k < 0 || timesOf(jet.along) === 0) continue
    const rest = [...jet.along]
    rest.splice(rest.indexOf('t'), 1)
    bindings[jet.name] = name(all.nameOf(declared + k, rest))
  }
  return simplify(substitute(e, bindings))
}

function rateFault(failed: Extract<ReturnType<typeof solveForRates>, { failure: string }>, rows: readonly RealRow[], statement: ParsedStatement): Fault {
  const equation = failed.equations.length > 0 ? rows[failed.equations[0]].equation : 0
  const derivatives = failed.names.map(n => (n.endsWith('__t_t') ? `dtt(${n.slice(0, -5)})` : `dt(${n.slice(0, -2)})`)).join(', ')
  switch (failed.failure) {
    case 'nonlinear': return fault('unsupported-mass', `The equation is not linear in the time derivative ${derivatives}.`, equation, statement, 'Solve it for the time derivative.')
    case 'too-few': return fault('singular-rates', `The time derivatives ${derivatives} stand together in ${failed.equations.length === 1 ? 'one equation' : `${failed.equations.length} equations`}, too few to tell them apart.`, equation, statement, 'State the combination that evolves as an unknown of its own.')
    case 'too-many': return fault('singular-rates', `${failed.equations.length} equations contain the time ${failed.names.length === 1 ? 'derivative' : 'derivatives'} ${derivatives}: they say twice how ${failed.names.length === 1 ? 'it evolves' : 'they evolve'}.`, equation, statement, 'Put one expression into the other, so that each time derivative has its equation.')
    case 'singular': return fault('singular-rates', `The equations cannot be solved for the time derivatives ${derivatives}.`, equation, statement, 'State a constraint without dt, and one equation per time derivative.')
    case 'too-large': return fault('unsupported-mass', `${failed.names.length} equations mix their time derivatives.`, equation, statement, 'Solve them for the time derivatives.')
  }
}

/** How strongly a constraint determines a component: by the highest order of its derivatives there, a little more for its place in the document. */
function weightOf(row: RealRow, component: number, jets: Jets, statement: ParsedStatement, declared: readonly Component[]): number {
  const orders = jets.in(row.expression).filter(jet => jet.component === component).map(jet => jet.along.length)
  const owner = declared[component] ? statement.unknowns[row.equation]?.name === declared[component].unknown : false
  const strength = orders.length === 0 ? 0 : 3 ** Math.min(4, Math.max(...orders))
  return strength + (owner ? 2.5 : 0)
}

/** The jets of all rows, and the part of every row that is linear with constant coefficients. */
export function completeSystem({ components, rows, jets }: RawSystem, initial: readonly (Expression | undefined)[], eigenvalue: string | undefined, libm: Libm): System {
  const found = new Map<string, SystemJet>()
  for (const row of rows) {
    for (const jet of jets.in(row.expression)) {
      const cube = jets.coordinates.length > 3 && jet.along.length > 0 ? { along: jet.along.map(c => Number(c.slice(1)) - 1) } : {}
      found.set(jet.name, { name: jet.name, component: jet.component, orders: jets.orders(jet), ...cube })
    }
  }
  const size = (jet: SystemJet): number => jet.along?.length ?? jet.orders[0] + jet.orders[1] + jet.orders[2]
  const jet = [...found.values()].sort((a, b) => a.component - b.component || size(a) - size(b) || (a.name < b.name ? -1 : 1))
  const linear: LinearTerm[] = []
  const remainder = rows.map((row, i) => {
    const terms = jets.coordinates.length > 3 ? [] : constantTerms(row.expression, jets, eigenvalue, libm)
    linear.push(...terms.map(({ entry, value }) => ({ row: i, component: entry.component, orders: jets.orders(entry), coefficient: value })))
    return simplify(terms.reduce<Expression>((rest, { entry, coefficient }) => subtract(rest, multiply(coefficient, name(entry.name))), row.expression))
  })
  return { components, jet, rows, initial, linear, remainder }
}

/** Coefficients ∂row/∂jet that are constants; for polynomials in the jet their value where the jet vanishes. */
function constantTerms(row: Expression, jets: Jets, eigenvalue: string | undefined, libm: Libm): { entry: ReturnType<Jets['in']>[number]; coefficient: Expression; value: number }[] {
  return jets.in(row).flatMap(entry => {
    let coefficient = differentiate(row, entry.name)
    if (jets.occursIn(coefficient) && isPolynomialIn(coefficient, jets)) coefficient = withoutJets(coefficient, jets)
    if (isZeroNumber(coefficient) || ![...freeNames(coefficient).keys()].every(n => constantNames.has(n) && n !== eigenvalue)) return []
    const value = evaluate(coefficient, {}, libm)
    return Number.isFinite(value) ? [{ entry, coefficient, value }] : []
  })
}

const isZeroNumber = (e: Expression): boolean => e.kind === 'number' && e.value === 0

export function withoutJets(e: Expression, jets: Jets): Expression {
  return simplify(substitute(e, Object.fromEntries(jets.in(e).map(j => [j.name, zero]))))
}

/** Sums, products and whole powers of the jet: finite where the jet vanishes, so that setting it to zero gives the linear part. */
export function isPolynomialIn(e: Expression, jets: Jets): boolean {
  if (!jets.occursIn(e)) return true
  switch (e.kind) {
    case 'name': return true
    case 'negate': return isPolynomialIn(e.argument, jets)
    case 'binary':
      if (e.operator === '^') return isPolynomialIn(e.left, jets) && e.right.kind === 'number' && Number.isInteger(e.right.value) && e.right.value >= 0
      if (e.operator === '/') return isPolynomialIn(e.left, jets) && !jets.occursIn(e.right)
      return isPolynomialIn(e.left, jets) && isPolynomialIn(e.right, jets)
    default: return false
  }
}
