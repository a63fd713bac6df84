import type { Expression } from '../expressions/ast'
import { evaluate, freeNames, sizeOf, substitute, subtract } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { FaultError } from '../fault'
import type { BoundaryPiece } from './analysed'
import type { BoundaryPoint } from './boundary-points'
import { innerPoints, sidePoints } from './boundary-points'
import { needsAlong } from './coverage'
import { domainPoints } from './inside'
import { Jets } from './jets'
import { zero } from './operators'
import type { ParsedStatement } from './parsed'
import { sideName } from './parsed'
import { pointText } from './sampling'
import type { RawSystem } from './system'
import { elasticRows } from './traction'

type Parts = readonly (Expression | undefined)[]
type Point = Record<string, number>

/** Evaluations of nodes that a check may take: far below a second. */
const MAXIMUM_WORK = 4_000_000

/** A warning with the worst point when the exact solution that the document gives does not solve its equations, or misses its data: errors would be measured against it. */
export function checkExactSolution(exact: Parts, initial: Parts, pieces: readonly BoundaryPiece[], statement: ParsedStatement, system: RawSystem, libm: Libm): Fault | undefined {
  if (exact.every(e => e === undefined) || statement.coordinates.length > 32) return undefined
  try {
    return checkRows(exact, statement, system, libm) ?? checkBoundary(exact, pieces, statement, system, libm) ?? checkInitial(exact, initial, statement, system, libm)
  } catch (reason) {
    // Derivatives of a very long exact solution outgrow the algebra; then nothing is said about it.
    if (reason instanceof FaultError) return undefined
    throw reason
  }
}

function checkRows(exact: Parts, statement: ParsedStatement, system: RawSystem, libm: Libm): Fault | undefined {
  const { axes, time } = statement
  const plain = new Jets([], statement.coordinates)
  for (const [i, row] of system.rows.entries()) {
    const jets = system.jets.in(row.expression)
    if (jets.some(jet => exact[jet.component] === undefined) || (row.kind === 'rate' && exact[i] === undefined)) continue
    if (statement.eigenvalue && freeNames(row.expression).has(statement.eigenvalue.name) && statement.eigenvalue.exact === undefined) continue
    const lambda: Record<string, Expression> = statement.eigenvalue?.exact === undefined ? {} : { [statement.eigenvalue.name]: { kind: 'number', value: statement.eigenvalue.exact } }
    const derivatives = Object.fromEntries(jets.map(jet => [jet.name, jet.along.reduce((e, along) => plain.derivative(e, along), exact[jet.component]!)]))
    const expression = substitute(row.expression, { ...derivatives, ...lambda })
    const residualOfExact = row.kind === 'rate' ? subtract(plain.derivative(exact[i]!, 't'), expression) : expression
    const scale = substitute(row.expression, { ...Object.fromEntries(jets.map(jet => [jet.name, zero])), ...lambda })
    const points = function* (): Generator<Point> {
      for (const t of time ? [time[0], time[0] + 0.37 * (time[1] - time[0]), time[1]] : [0]) yield* domainPoints(statement, resolution(axes.length, residualOfExact), t, libm)
    }
    const { value, size, at } = worstOf(residualOfExact, scale, points(), libm)
    if (value > 1e-7 * Math.max(size, 1)) {
      return warning(`The exact solution does not solve the equation${system.rows.length > 1 ? ` of ${system.components[i].name}` : ''}: the residual is ${value.toPrecision(3)} at ${pointText(at, axes)}.`, 'Check the source term; errors against this solution would not go to zero.')
    }
  }
  return undefined
}

const resolution = (dimension: number, e: Expression): number => {
  const most = dimension === 1 ? 41 : dimension === 2 ? 13 : 7
  const affordable = MAXIMUM_WORK / sizeOf(e).nodes
  return Math.max(3, Math.min(most, Math.floor(dimension === 1 ? affordable : dimension === 2 ? Math.sqrt(affordable) : Math.sqrt(Math.sqrt(affordable)))))
}

function worstOf(e: Expression, scale: Expression, points: Iterable<Point>, libm: Libm): { value: number; size: number; at: Point } {
  const worst = { value: 0, size: 0, at: {} as Point }
  for (const point of points) {
    const value = Math.abs(evaluate(e, point, libm))
    const here = Math.abs(evaluate(scale, point, libm))
    if (Number.isFinite(here)) worst.size = Math.max(worst.size, here)
    if (Number.isFinite(value) && value > worst.value) Object.assign(worst, { value, at: point })
  }
  return worst
}

const warning = (message: string, tip: string): Fault => ({ severity: 'warning', code: 'exact-inconsistent', message, where: { path: 'problem.exact' }, tip })
const misses = (what: string, value: number, at: Point, statement: ParsedStatement): Fault =>
  warning(`The exact solution does not meet ${what}: they differ by ${value.toPrecision(3)} at ${pointText(at, statement.axes)}.`, 'Check both; errors against this solution would not go to zero.')

/** α ∂ₙu + β u − g on the whole boundary, for the conditions that hold there. */
function checkBoundary(exact: Parts, pieces: readonly BoundaryPiece[], statement: ParsedStatement, system: RawSystem, libm: Libm): Fault | undefined {
  const plain = new Jets([], statement.coordinates)
  const gradients = exact.map(e => e && statement.axes.map(a => plain.derivative(e, a.name)))
  const demanding = needsAlong(system, undefined).map(n => n > 1)
  let worst = { value: 0, at: {} as Point }
  /** Component of σ·n of the exact solution. */
  const tractionAt = (component: number, normal: readonly number[], value: (e: Expression) => number): number => {
    const elastic = elasticRows(statement.unknowns.find(u => u.name === system.components[component].unknown)!, statement, system, libm)
    if ('code' in elastic) return NaN
    const rows = elastic.stress[elastic.components.indexOf(component)]
    return elastic.sign * rows.reduce((sum, tensor, p) => sum + normal[p] * tensor.reduce((flux, line, l) => flux + line.reduce((part, c, q) => part + value(c) * value(gradients[elastic.components[l]]![q]), 0), 0), 0)
  }
  const look = (point: BoundaryPoint): void => {
    const own = pieces.filter(p => (p.on === 'all' || (point.inner && p.on.includes('holes')) || point.sides.some(side => p.on.includes(side))) && (p.where === undefined || evaluate(p.where, point.at, libm) !== 0))
    for (const [index, piece] of own.entries()) {
      const { component, coupled = [] } = piece
      const overridden = own.some((p, later) => later > index && p.component === component && (!demanding[component] || (p.kind === 'dirichlet') === (piece.kind === 'dirichlet')))
      if (overridden || exact[component] === undefined || coupled.some(c => exact[c.component] === undefined) || (piece.kind !== 'dirichlet' && !point.normal)) continue
      const value = (e: Expression): number => evaluate(e, point.at, libm)
      const slope = piece.traction ? tractionAt(component, point.normal!, value) : piece.kind === 'dirichlet' ? 0 : gradients[component]!.reduce((sum, g, i) => sum + (point.normal![i] === 0 ? 0 : point.normal![i] * value(g)), 0)
      const mismatch = (slope === 0 ? 0 : value(piece.normal) * slope) + value(piece.value) * value(exact[component]) + coupled.reduce((sum, c) => sum + value(c.value) * value(exact[c.component]!), 0) - value(piece.data)
      if (Math.abs(mismatch) > Math.max(worst.value, 1e-7 * Math.max(1, Math.abs(value(piece.data))))) worst = { value: Math.abs(mismatch), at: point.at }
    }
  }
  if (!statement.geometry || statement.geometry.outer.kind === 'box') {
    for (const [i, axis] of statement.axes.entries()) {
      if (axis.periodic) continue
      for (const side of [sideName(i, 'lower'), sideName(i, 'upper')]) {
        for (const point of sidePoints(statement, side, statement.axes.length === 3 ? 5 : 9, libm)) look(point)
        if (worst.value > 0) return misses(`the condition on the side ${side}`, worst.value, worst.at, statement)
      }
    }
  }
  for (const point of innerPoints(statement, libm)) look(point)
  if (worst.value > 0) return misses('the condition on the boundary', worst.value, worst.at, statement)
  return undefined
}

function checkInitial(exact: Parts, initial: Parts, statement: ParsedStatement, system: RawSystem, libm: Libm): Fault | undefined {
  const start = statement.time?.[0] ?? 0
  for (const [i, e] of exact.entries()) {
    const given = initial[i]
    if (!e || !given || system.rows[i].kind === 'constraint') continue
    const { value, at } = worstOf(subtract(e, given), zero, domainPoints(statement, 9, start, libm), libm)
    if (value > 1e-7) return misses(system.components.length > 1 ? `the initial value of ${system.components[i].name}` : 'the initial value', value, at, statement)
  }
  return undefined
}
