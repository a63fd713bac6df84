import type { Expression } from '../../expressions/ast'
import { evaluate, toText } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { AnalysedProblem, BoundaryPiece } from '../../problems/analysed'
import { sampledDomain, type BoundarySet } from '../sampling'
import { add, mul, sub, type Operand, type Tensor } from '../tf'
import { networkStatement, type NetworkStatement } from './formulation'
import { contractSeconds } from './contraction'
import type { HeldConditions } from './held-conditions'
import { tensorOf } from './tensor-expression'

/**
 * The strong form of a statement, as residuals that vanish for its solution: one for each equation inside, one for each condition on the boundary, one for each initial value.
 *
 *   equation i:  ∂ₜuᵢ − Fᵢ(x, t, u, ∂u, …)   or   0 − Cᵢ(x, t, u, ∂u, …) for constraints
 *   boundary:    α ∂ₙu + β u − g             initial:  u(·, t₀) − u₀
 *
 * A second-order equation in time is one residual of ∂ₜₜu: what the first-order system calls u__t is the network's own time derivative.
 */
export interface StrongFormulation extends NetworkStatement {
  readonly terms: readonly ResidualTerm[]
}

export interface ResidualTerm {
  readonly kind: 'equation' | 'boundary' | 'initial'
  /** `equation u`, `u on left`, `u at t = 0`: names the loss curve. */
  readonly name: string
  /** Of boundary terms: the piece, by its index in the problem. */
  readonly piece?: number
  /** Derivative orders by coordinate that the residual needs, of any output. */
  readonly derivatives: readonly (readonly number[])[]
  /** Where second derivatives occur in weighted sums only: what else is needed, and the weights by coordinate of the sums. */
  readonly contracted?: { readonly derivatives: readonly (readonly number[])[]; readonly rows: readonly (readonly number[])[] }
  /** [points, 1]; from sums of second derivatives where `at` has them and the term is `contracted`. */
  residual(at: PointValues): Tensor
}

/** What is known at the points of one set; every tensor is [points, 1]. */
export interface PointValues {
  coordinate(name: string): Tensor
  /** ∂^orders of output number `output`, orders counted by the network's inputs. */
  derivative(output: number, orders: readonly number[]): Tensor
  /** Outward unit normal along space axis i; on the boundary only. */
  normal(axis: number): Tensor
  /** Σᵢ wᵢ ∂ᵢ² of output number `output`, instead of second derivatives one by one. */
  contraction?(output: number, weights: readonly number[]): Tensor
}

/** `held`: conditions that the network fulfils by its form have no residual. */
export function strongFormulation(problem: AnalysedProblem, held?: Pick<HeldConditions, 'pieces' | 'initial'>): StrongFormulation {
  const { components, jet, rows, initial } = problem.system
  const { coordinates: space } = sampledDomain(problem)
  const { coordinates, outputs } = networkStatement(problem)
  const time = coordinates.length - 1
  const none = coordinates.map(() => 0)
  const raised = (orders: readonly number[], axis: number): readonly number[] => orders.map((n, i) => (i === axis ? n + 1 : n))
  /** A component as the network sees it: one of its outputs, and whether it is that output's time derivative. */
  const seen = components.map((c, i) => {
    const base = c.part === 't' ? components.findIndex(other => other.name === c.name.replace(/__t$/, '')) : i
    return { output: outputs.indexOf(base), orders: c.part === 't' ? raised(none, time) : none }
  })
  /** Names of jets in rows, as derivatives of outputs. */
  const jets = new Map(jet.map(({ name, component, orders, along }) => {
    const counted = [...seen[component].orders]
    if (along) for (const axis of along) counted[axis]++
    else orders.forEach((n, axis) => { if (n > 0) counted[axis] += n })
    return [name, { output: seen[component].output, orders: counted as readonly number[] }]
  }))
  const used = (e: Expression): (readonly number[])[] => [...namesIn(e)].flatMap(name => (jets.has(name) ? [jets.get(name)!.orders] : []))
  const valuesAt = (at: PointValues) => (name: string): Operand | undefined => {
    const found = jets.get(name)
    return found ? at.derivative(found.output, found.orders) : coordinates.includes(name) ? at.coordinate(name) : undefined
  }
  const equations = rows.flatMap(({ kind, expression }, i): ResidualTerm[] => {
    const own = seen[i]
    // ∂ₜu = u__t says what u__t is.
    if (kind === 'rate' && components.some(c => c.part === 't' && c.name === `${components[i].name}__t`)) return []
    const rate = raised(own.orders, time)
    const sums = contractedRow(kind === 'rate' ? { output: own.output, orders: rate } : undefined, expression, jets, coordinates.length)
    return [{
      kind: 'equation', name: `equation ${components[i].part === 't' ? components[outputs[own.output]].name : components[i].name}`, derivatives: kind === 'rate' ? [rate, ...used(expression)] : used(expression),
      ...(sums ? { contracted: sums } : {}),
      residual: at => {
        if (sums && at.contraction) return sums.residual(at, valuesAt(at))
        const value = tensorOf(expression, valuesAt(at))
        return kind === 'rate' ? sub(at.derivative(own.output, rate), value) : column(value, at, coordinates)
      },
    }]
  })
  const conditions = problem.pieces.flatMap((piece, k): ResidualTerm[] => (components[piece.component].part === 't' || held?.pieces.has(k) ? [] : [{
    kind: 'boundary', piece: k, name: pieceName(piece, components[piece.component].name),
    derivatives: [none, ...(piece.kind === 'dirichlet' ? [] : space.map((_, axis) => raised(none, axis)))],
    residual: at => {
      const names = (name: string): Operand | undefined => (coordinates.includes(name) ? at.coordinate(name) : undefined)
      const { output } = seen[piece.component]
      let left: Operand = scaled(tensorOf(piece.value, names), at.derivative(output, none))
      if (piece.kind !== 'dirichlet') {
        const slope = space.map((_, axis) => mul(at.normal(axis), at.derivative(output, raised(none, axis)))).reduce((a, b) => add(a, b))
        left = add(left, scaled(tensorOf(piece.normal, names), slope))
      }
      for (const { component, value } of piece.coupled ?? []) left = add(left, scaled(tensorOf(value, names), at.derivative(seen[component].output, seen[component].orders)))
      return sub(left, tensorOf(piece.data, names))
    },
  }]))
  const starts = problem.time ? initial.flatMap((value, i): ResidualTerm[] => (value === undefined || held?.initial.has(i) ? [] : [{
    kind: 'initial', name: `${components[i].name} at t = ${problem.time![0]}`, derivatives: [seen[i].orders],
    residual: at => sub(at.derivative(seen[i].output, seen[i].orders), tensorOf(value, name => (coordinates.includes(name) ? at.coordinate(name) : undefined))),
  }])) : []
  return { coordinates, outputs, terms: [...equations, ...conditions, ...starts] }
}

interface Derivative { readonly output: number; readonly orders: readonly number[] }

/** The residual ∂ₜu − F or 0 − C with second derivatives gathered into weighted sums; undefined where they are not linear, mixed, or of higher order. */
function contractedRow(rate: Derivative | undefined, expression: Expression, jets: ReadonlyMap<string, Derivative>, dimension: number) {
  const known = rate ? new Map([...jets, ['∂ₜ', rate] as const]) : jets
  const whole: Expression = rate ? { kind: 'binary', operator: '-', left: { kind: 'name', name: '∂ₜ' }, right: expression } : expression
  const order = ({ orders }: Derivative): number => orders.reduce((sum, n) => sum + n, 0)
  const used = [...namesIn(whole)].flatMap(name => (known.has(name) ? [[name, known.get(name)!] as const] : []))
  const seconds = new Map(used.filter(([, d]) => order(d) === 2 && d.orders.includes(2)).map(([name, { output, orders }]) => [name, { output, axis: orders.indexOf(2) }]))
  if (used.some(([name, d]) => order(d) > 1 && !seconds.has(name))) return undefined
  const found = contractSeconds(whole, seconds, dimension)
  if (!found) return undefined
  const { contractions } = found
  return {
    derivatives: used.flatMap(([name, { orders }]) => (seconds.has(name) ? [] : [orders])), rows: contractions.map(c => c.weights),
    residual: (at: PointValues, values: (name: string) => Operand | undefined): Tensor => tensorOf(found.expression, name => {
      if (name === '∂ₜ' && rate) return at.derivative(rate.output, rate.orders)
      const sum = contractions.find(c => c.name === name)
      return sum ? at.contraction!(sum.output, sum.weights) : values(name)
    }) as Tensor,
  }
}

const scaled = (factor: Operand, x: Tensor): Tensor => (factor === 1 ? x : mul(factor, x))

/** A residual that does not depend on the network is a column all the same. */
const column = (value: Operand, at: PointValues, coordinates: readonly string[]): Tensor => (typeof value === 'number' ? add(mul(at.coordinate(coordinates[0]), 0), value) : value)

export function pieceName({ on, where }: BoundaryPiece, component: string): string {
  const place = on === 'all' ? 'the boundary' : on.join(', ')
  return `${component} on ${where ? `${place} where ${toText(where)}` : place}`
}

function namesIn(e: Expression, found: Set<string> = new Set()): Set<string> {
  if (e.kind === 'name') found.add(e.name)
  else if (e.kind === 'call') for (const a of e.arguments) namesIn(a, found)
  else if ('left' in e) {
    namesIn(e.left, found)
    namesIn(e.right, found)
  } else if ('argument' in e) namesIn(e.argument, found)
  return found
}

/**
 * Which boundary pieces hold at which points: [pieces, points], 1 where piece k is the condition in force. Later pieces override earlier ones of the same component;
 * in equations of fourth order, only those of their own kind (values beside slopes).
 */
export function activePieces(problem: AnalysedProblem, set: BoundarySet, libm: Libm): Float64Array {
  const { pieces } = problem
  const { coordinates } = sampledDomain(problem)
  const active = new Float64Array(pieces.length * set.count)
  const two = problem.properties.orderInSpace >= 4
  for (let k = 0; k < set.count; k++) {
    const { sides, inner } = set.parts[set.partOf[k]]
    const at: Record<string, number> = { t: problem.time?.[0] ?? 0 }
    coordinates.forEach((name, axis) => { at[name] = set.points[k * set.dimension + axis] })
    if (problem.time) at.t = set.points[(k + 1) * set.dimension - 1]
    const taken = new Set<string>()
    for (let p = pieces.length - 1; p >= 0; p--) {
      const { on, where, component, kind } = pieces[p]
      const slot = two ? `${component} ${kind === 'dirichlet'}` : String(component)
      if (taken.has(slot)) continue
      if (on !== 'all' && !on.some(place => (place === 'holes' ? inner : sides.includes(place)))) continue
      if (where && evaluate(where, at, libm) === 0) continue
      taken.add(slot)
      active[p * set.count + k] = 1
    }
  }
  return active
}
