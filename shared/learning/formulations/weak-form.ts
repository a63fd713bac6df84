import { differentiate, freeNames, isNumber, multiply, name, simplify, substitute, subtract, zero } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { AnalysedProblem } from '../../problems/analysed'
import { networkStatement, type NetworkStatement } from './formulation'

/**
 * The weak form of a statement: for each equation the functions G_β of coordinates and derivatives with
 *
 *   Σ_β ∫ G_β(x, t, u, ∂u, …) ∂^β v dx dt = 0   for all test functions v that vanish, with as many derivatives as are taken of them, on the border of their support.
 *
 * It comes from the residual by parts, one derivative at a time: c ∂ₖJ v → −J (c ∂ₖv + (Dₖc) v), wherever the residual is linear in the derivative ∂ₖJ with a factor c of derivatives two orders
 * lower, until u and v carry the same number of derivatives, or u one more: u_xx gives −u_x v_x, u_xxxx gives u_xx v_xx, ∂ₜₜu gives −∂ₜu ∂ₜv; what cannot be moved stays. Time is a coordinate
 * like the others. A factor that jumps (`if`, `heaviside`) has the derivative 0 on both sides, here as in the analysis of the statement: what −∇·(a∇u) was written out to is put together again
 * and ∫ a∇u·∇v is right across the jump.
 */
export interface WeakFormulation extends NetworkStatement {
  readonly equations: readonly WeakEquation[]
}

export interface WeakEquation {
  /** `equation u`. */
  readonly name: string
  readonly terms: readonly WeakTerm[]
}

export interface WeakTerm {
  /** β: derivatives of the test function, counted by the network's inputs. */
  readonly orders: readonly number[]
  /** G_β over coordinates and names of derivatives, which `derivativeOf` reads. */
  readonly integrand: Expression
}

/** Which derivative of which output of the network a name in an integrand stands for; undefined for coordinates. */
export interface NetworkDerivative {
  readonly output: number
  readonly orders: readonly number[]
}

/** No name of a statement has such a character. */
const mark = '∂'
const nameOf = ({ output, orders }: NetworkDerivative): string => `${mark}${output}:${orders.join()}`

export function derivativeOf(text: string): NetworkDerivative | undefined {
  if (!text.startsWith(mark)) return undefined
  const [output, orders] = text.slice(mark.length).split(':')
  return { output: Number(output), orders: orders.split(',').map(Number) }
}

/** The derivatives that occur in an expression. */
export const derivativesIn = (e: Expression): readonly NetworkDerivative[] => [...freeNames(e).keys()].flatMap(text => derivativeOf(text) ?? [])

export function weakFormulation(problem: AnalysedProblem): WeakFormulation {
  const { components } = problem.system
  const { coordinates, outputs } = networkStatement(problem)
  const equations = residuals(problem).map(({ output, residual }) => ({ name: `equation ${components[outputs[output]].name}`, terms: byParts(residual, coordinates) }))
  return { coordinates, outputs, equations }
}

/** The residual of every equation over coordinates and derivatives of the network's outputs: ∂ₜu − F, or the constraint itself. */
export function residuals(problem: AnalysedProblem): readonly { readonly output: number; readonly residual: Expression }[] {
  const { components, jet, rows } = problem.system
  const { coordinates, outputs } = networkStatement(problem)
  const none = coordinates.map(() => 0)
  const time = coordinates.length - 1
  /** A component as the network sees it: one of its outputs, or the time derivative of one. */
  const seen = components.map((c, i): NetworkDerivative => {
    const base = c.part === 't' ? components.findIndex(other => other.name === c.name.replace(/__t$/, '')) : i
    return { output: outputs.indexOf(base), orders: c.part === 't' ? raised(none, time) : none }
  })
  const derivatives = new Map(jet.map(({ name: text, component, orders, along }) => {
    const own = seen[component]
    const counted = along ? along.reduce<readonly number[]>(raised, own.orders) : own.orders.map((n, axis) => n + (axis < orders.length && (!problem.time || axis < time) ? orders[axis] : 0))
    return [text, name(nameOf({ output: own.output, orders: counted }))] as const
  }))
  return rows.flatMap(({ kind, expression }, i) => {
    // ∂ₜu = u__t says what u__t is.
    if (kind === 'rate' && components.some(c => c.part === 't' && c.name === `${components[i].name}__t`)) return []
    const own = seen[i]
    const rest = renamed(expression, derivatives)
    return [{ output: own.output, residual: kind === 'rate' ? subtract(name(nameOf({ ...own, orders: raised(own.orders, time) })), rest) : rest }]
  })
}

const raised = (orders: readonly number[], axis: number): readonly number[] => orders.map((n, i) => (i === axis ? n + 1 : n))
const degree = (orders: readonly number[]): number => orders.reduce((sum, n) => sum + n, 0)

/** Moves derivatives from u to v. */
function byParts(residual: Expression, coordinates: readonly string[]): readonly WeakTerm[] {
  const none = coordinates.map(() => 0)
  const integrands = new Map<string, Expression>([[none.join(), simplify(residual)]])
  const totalDerivative = (e: Expression, axis: number): Expression => differentiate(e, coordinates[axis], text => {
    const d = derivativeOf(text)
    return d && name(nameOf({ ...d, orders: raised(d.orders, axis) }))
  })
  for (;;) {
    const move = [...integrands].map(([key, integrand]) => ({ key, ...movable(integrand, degree(ordersOf(key))) })).find(m => m.derivative)
    if (!move?.derivative) break
    const { key, derivative, factor } = move
    const axis = derivative.orders.indexOf(Math.max(...derivative.orders))
    const lower = name(nameOf({ ...derivative, orders: derivative.orders.map((n, i) => (i === axis ? n - 1 : n)) }))
    const higher = raised(ordersOf(key), axis).join()
    const rest = substitute(integrands.get(key)!, { [nameOf(derivative)]: zero })
    integrands.set(key, simplify(subtract(rest, multiply(totalDerivative(factor, axis), lower))))
    integrands.set(higher, simplify(subtract(integrands.get(higher) ?? zero, multiply(factor, lower))))
  }
  return [...integrands].flatMap(([key, integrand]) => (isNumber(integrand, 0) ? [] : [{ orders: ordersOf(key), integrand }]))
}

const ordersOf = (key: string): readonly number[] => key.split(',').map(Number)

/** The highest derivative in which an integrand beside ∂^β v, |β| = `taken`, is linear and that is at least two orders above β; with its factor. */
function movable(integrand: Expression, taken: number): { readonly derivative?: NetworkDerivative; readonly factor: Expression } {
  const candidates = derivativesIn(integrand).filter(d => degree(d.orders) - taken >= 2).sort((a, b) => degree(b.orders) - degree(a.orders))
  for (const derivative of candidates) {
    const factor = differentiate(integrand, nameOf(derivative))
    if (derivativesIn(factor).every(d => degree(d.orders) <= degree(derivative.orders) - 2)) return { derivative, factor }
  }
  return { factor: zero }
}

/** With names of a row replaced by names of the network's derivatives. */
function renamed(e: Expression, names: ReadonlyMap<string, Expression>): Expression {
  switch (e.kind) {
    case 'name': return names.get(e.name) ?? e
    case 'number': return e
    case 'negate': case 'not': return { ...e, argument: renamed(e.argument, names) }
    case 'call': return { ...e, arguments: e.arguments.map(a => renamed(a, names)) }
    default: return { ...e, left: renamed(e.left, names), right: renamed(e.right, names) }
  }
}
