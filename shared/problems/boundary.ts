import type { Expression } from '../expressions/ast'
import { differentiate, divide, freeNames, negate, simplify, substitute, zero } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { BoundaryPiece, BoundarySide } from './analysed'
import { expandEquation, isZero, placed, realParts } from './operators'
import type { ParsedBoundaryEntry, ParsedStatement, SideName } from './parsed'
import { sideAxis, sideEnd, sideName } from './parsed'
import { elasticRows, tractionName } from './traction'
import type { RawSystem } from './system'

export interface AnalysedBoundary {
  readonly sides: readonly BoundarySide[]
  readonly pieces: readonly BoundaryPiece[]
  readonly faults: readonly Fault[]
}

/** Reads every condition as α ∂ₙu + β u (+ couplings) = g per component, with a traction in place of ∂ₙu where it says so, and lays the entries on the sides of the box; later entries override earlier ones. */
export function analyseBoundary(statement: ParsedStatement, system: RawSystem, libm: Libm): AnalysedBoundary {
  const faults: Fault[] = []
  const bounded: SideName[] = statement.axes.flatMap((axis, i) => (axis.periodic ? [] : [sideName(i, 'lower'), sideName(i, 'upper')]))
  if (bounded.length === 0 && !statement.cube && !statement.geometry && statement.boundary.length > 0) {
    faults.push(error('periodic-side', 'Every axis is periodic, so there is no boundary to hold a condition.', { where: { path: 'problem.boundary' }, tip: 'Remove the boundary conditions.' }))
    return { sides: [], pieces: [], faults }
  }
  const pieces = statement.boundary.flatMap(entry => placed(() => readCondition(entry, statement, system, faults, libm), `problem.boundary[${entry.index}].condition`, entry.text))
  const hasSides = !statement.geometry || statement.geometry.outer.kind === 'box'
  const sides = hasSides ? bounded.map(side => ({ axis: sideAxis(side), end: sideEnd(side), pieces: pieces.filter(p => p.on === 'all' || p.on.includes(side)) })) : []
  return { sides, pieces, faults }
}

/** One condition of the document as pieces of components; those of a component of second order in time hold, differentiated by t, for its velocity too. */
function readCondition(entry: ParsedBoundaryEntry, statement: ParsedStatement, system: RawSystem, faults: Fault[], libm: Libm): BoundaryPiece[] {
  const { unknowns, imaginary } = statement
  const where = { path: `problem.boundary[${entry.index}].condition`, text: entry.text }
  const { jets } = system
  const expanded = expandEquation(entry.condition, { jets, unknowns, hasTime: statement.time !== undefined, imaginary, onBoundary: true })
  if (!expanded.ok) {
    faults.push({ ...expanded.fault, where: { ...where, from: 0, to: entry.text.length, ...expanded.fault.where } })
    return []
  }
  const found: BoundaryPiece[] = []
  for (const row of realParts(expanded.value)) {
    if (isZero(row)) continue
    const piece = readRow(row, entry, statement, system, libm)
    if ('code' in piece) {
      faults.push({ ...piece, where: { ...where, from: 0, to: entry.text.length } })
      return []
    }
    found.push(piece)
    const velocity = system.velocityOf.indexOf(piece.component)
    if (velocity >= 0) found.push(rateOf(piece, velocity, system))
  }
  return found
}

/** g(t) → g′(t): what the condition says about the rate. */
function rateOf(piece: BoundaryPiece, velocity: number, system: RawSystem): BoundaryPiece {
  const coupled = piece.coupled?.map(c => ({ ...c, component: system.velocityOf.indexOf(c.component) })).filter(c => c.component >= 0)
  return { ...piece, component: velocity, data: differentiate(piece.data, 't'), ...(coupled?.length ? { coupled } : {}) }
}

function readRow(row: Expression, entry: ParsedBoundaryEntry, statement: ParsedStatement, system: RawSystem, libm: Libm): BoundaryPiece | Fault {
  const { jets } = system
  const shown = entry.text.length > 80 ? `${entry.text.slice(0, 80)}…` : entry.text
  const names = freeNames(row)
  const u = statement.unknowns[0].name
  const fault = (code: string, message: string, tip?: string): Fault => error(code, message, { tip })
  const inner = jets.in(row)
  const tangential = inner.find(jet => jet.along.length > 0)
  if (tangential) return fault('unsupported-boundary', `The condition "${shown}" contains a derivative along a coordinate.`, `Conditions are ${u} = g, dn(${u}) = g or dn(${u}) + b*${u} = g, with the outward normal derivative dn; name lap(${u}) as another unknown to fix it.`)
  const tractions = jets.components.flatMap((component, i) => (names.has(tractionName(component)) ? [i] : []))
  const slopes = jets.components.flatMap((component, i) => (names.has(`${component}_n`) ? [i] : []))
  if (tractions.length > 0 && slopes.length > 0) return fault('unsupported-boundary', `The condition "${shown}" contains both a traction and a normal derivative.`, 'Give the one or the other.')
  const suffix = tractions.length > 0 ? '_traction' : '_n'
  const normals = tractions.length > 0 ? tractions : slopes
  const values = inner.map(jet => jet.component)
  const involved = [...values.map(i => jets.components[i]), ...normals.map(i => jets.components[i] + suffix)]
  const coefficients = new Map(involved.map(n => [n, simplify(differentiate(row, n))]))
  for (const coefficient of coefficients.values()) {
    const inside = freeNames(coefficient)
    if (involved.some(n => inside.has(n))) return fault('nonlinear-boundary', `The condition "${shown}" is not linear in ${statement.unknowns.length === 1 ? u : 'the unknowns'}.`)
    if (inside.has('t')) return fault('unsupported-boundary', `The factors of ${u} in the condition "${shown}" depend on time.`, 'Only the right-hand side may depend on t.')
  }
  const nonzero = (list: readonly number[], ending: string): number[] => list.filter(i => !isZero(coefficients.get(jets.components[i] + ending)!))
  const [normal, value] = [nonzero(normals, suffix), nonzero(values, '')]
  const names_ = statement.unknowns.map(unknown => unknown.name).slice(0, 3).join(' or ')
  if (normal.length === 0 && value.length === 0) return fault('empty-boundary', `The condition "${shown}" does not contain ${names_}.`, `Write for example ${u} = 0.`)
  if (normal.length > 1) return fault('unsupported-boundary', `The condition "${shown}" contains the ${tractions.length > 0 ? 'tractions' : 'normal derivatives'} of more than one component.`, 'Give one condition for each.')
  const component = normal[0] ?? value[0]
  const data = simplify(negate(substitute(row, Object.fromEntries(involved.map(n => [n, zero])))))
  const at = { component, on: entry.sides, ...(entry.where ? { where: entry.where } : {}) }
  const own = value.includes(component) ? coefficients.get(jets.components[component])! : zero
  const over = (e: Expression): Expression => (normal.length === 0 ? simplify(divide(e, own)) : e)
  const coupled = value.filter(i => i !== component).map(i => ({ component: i, value: over(coefficients.get(jets.components[i])!) }))
  const elastic = tractions.length > 0 ? elasticRows(statement.unknowns.find(unknown => unknown.name === system.components[component].unknown)!, statement, system, libm) : undefined
  if (elastic && 'code' in elastic) return elastic
  const more = { ...(coupled.length > 0 ? { coupled } : {}), ...(elastic ? { traction: elastic.sign } : {}) }
  if (normal.length === 0) return { ...at, kind: 'dirichlet', normal: zero, value: { kind: 'number', value: 1 }, data: over(data), ...more }
  return { ...at, kind: isZero(own) ? 'neumann' : 'robin', normal: coefficients.get(jets.components[component] + suffix)!, value: own, data, ...more }
}
