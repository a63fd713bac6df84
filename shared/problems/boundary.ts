import type { Expression } from '../expressions/ast'
import { differentiate, evaluate, freeNames, simplify, substitute } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { BoundaryPiece, BoundarySide } from './analysed'
import { expandOperators, isZero, jetLetters, zero } from './operators'
import type { ParsedBoundaryEntry, ParsedStatement, SideName } from './parsed'
import { sideAxis, sideEnd, sideName } from './parsed'

/** Reads every condition as α ∂ₙu + β u = g and lays the entries on the sides of the box; later entries override earlier ones. */
export function analyseBoundary(statement: ParsedStatement, libm: Libm): { readonly sides: readonly BoundarySide[]; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const pieces = new Map<SideName, BoundaryPiece[]>()
  const bounded: SideName[] = statement.axes.flatMap((axis, i) => (axis.periodic ? [] : [sideName(i, 'lower'), sideName(i, 'upper')]))
  for (const side of bounded) pieces.set(side, [])
  if (bounded.length === 0 && statement.boundary.length > 0) {
    faults.push(error('periodic-side', 'Every axis is periodic, so there is no boundary to hold a condition.', { where: { path: 'problem.boundary' }, tip: 'Remove the boundary conditions.' }))
    return { sides: [], faults }
  }
  for (const entry of statement.boundary) {
    const piece = readCondition(entry, statement, faults)
    if (!piece) continue
    for (const side of entry.sides === 'all' ? bounded : entry.sides) pieces.get(side)?.push(piece)
  }
  if (faults.length === 0) {
    for (const side of bounded) {
      const gap = uncovered(side, pieces.get(side)!, statement, libm)
      if (!gap) continue
      const { name, lower, upper } = statement.axes[sideAxis(side)]
      const place = `${side} (${name} = ${sideEnd(side) === 'lower' ? lower : upper})`
      faults.push(error('missing-boundary', gap === 'whole' ? `The side ${place} has no boundary condition.` : `The side ${place} has no boundary condition at ${gap}.`, {
        where: { path: 'problem.boundary' }, tip: `Add { "on": "${side}", "condition": "${statement.unknown} = 0" }, or make ${name} periodic.`,
      }))
    }
  }
  return { sides: bounded.map(side => ({ axis: sideAxis(side), end: sideEnd(side), pieces: pieces.get(side)! })), faults }
}

function readCondition(entry: ParsedBoundaryEntry, statement: ParsedStatement, faults: Fault[]): BoundaryPiece | undefined {
  const { unknown, axes } = statement
  const where = { path: `problem.boundary[${entry.index}].condition`, text: entry.text }
  const report = (code: string, message: string, tip?: string): undefined => void faults.push(error(code, message, { where: { ...where, from: 0, to: entry.text.length }, tip }))
  const space = { unknown, coordinates: axes.map(a => a.name), hasTime: statement.time !== undefined, onBoundary: true }
  const difference: Expression = { kind: 'binary', operator: '-', left: entry.condition.left, right: entry.condition.right }
  const expanded = expandOperators(difference, space)
  if (!expanded.ok) {
    faults.push({ ...expanded.fault, where: { ...where, ...expanded.fault.where } })
    return undefined
  }
  const normalName = `${unknown}_n`
  const normal = simplify(differentiate(expanded.value, normalName))
  const value = simplify(differentiate(expanded.value, unknown))
  const tangential = [...freeNames(expanded.value).keys()].find(n => (jetLetters(unknown, n) ?? '') !== '')
  if (tangential !== undefined) return report('unsupported-boundary', `The condition "${entry.text}" contains a derivative along a coordinate.`, `Conditions are ${unknown} = g, dn(${unknown}) = g or dn(${unknown}) + b*${unknown} = g, with the outward normal derivative dn.`)
  for (const coefficient of [normal, value]) {
    const names = freeNames(coefficient)
    if (names.has(unknown) || names.has(normalName)) return report('nonlinear-boundary', `The condition "${entry.text}" is not linear in ${unknown}.`)
    if (names.has('t')) return report('unsupported-boundary', `The factors of ${unknown} in the condition "${entry.text}" depend on time.`, 'Only the right-hand side may depend on t.')
  }
  if (isZero(normal) && isZero(value)) return report('empty-boundary', `The condition "${entry.text}" does not contain ${unknown}.`, `Write for example ${unknown} = 0.`)
  const data = simplify({ kind: 'negate', argument: substitute(expanded.value, { [unknown]: zero, [normalName]: zero }) })
  const one: Expression = { kind: 'number', value: 1 }
  if (isZero(normal)) return { component: 0, on: entry.sides, where: entry.where, kind: 'dirichlet', normal: zero, value: one, data: simplify({ kind: 'binary', operator: '/', left: data, right: value }) }
  return { component: 0, on: entry.sides, where: entry.where, kind: isZero(value) ? 'neumann' : 'robin', normal, value, data }
}

/** Where a side has no condition: 'whole', a point in words, or undefined when it is covered. Sampled at 65 points per direction. */
function uncovered(side: SideName, list: readonly BoundaryPiece[], statement: ParsedStatement, libm: Libm): string | undefined {
  if (list.some(p => p.where === undefined)) return undefined
  if (list.length === 0) return 'whole'
  const fixedAxis = sideAxis(side)
  const samples = 65
  const free = statement.axes.map((_, i) => i).filter(i => i !== fixedAxis)
  const total = samples ** free.length
  for (let k = 0; k < total; k++) {
    const point: Record<string, number> = { t: statement.time?.[0] ?? 0 }
    const fixed = statement.axes[fixedAxis]
    point[fixed.name] = sideEnd(side) === 'lower' ? fixed.lower : fixed.upper
    let rest = k
    for (const i of free) {
      const { name, lower, upper } = statement.axes[i]
      point[name] = lower + ((upper - lower) * (rest % samples)) / (samples - 1)
      rest = Math.floor(rest / samples)
    }
    if (!list.some(p => evaluate(p.where!, point, libm) !== 0)) return free.map(i => `${statement.axes[i].name} = ${point[statement.axes[i].name]}`).join(', ') || 'its point'
  }
  return undefined
}
