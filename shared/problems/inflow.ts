import type { Expression } from '../expressions/ast'
import { evaluate } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { FaultError } from '../fault'
import type { BoundaryPiece } from './analysed'
import type { BoundaryPoint, Point } from './boundary-points'
import { innerPoints, sidePoints } from './boundary-points'
import { Jets } from './jets'
import type { ParsedStatement, SideName } from './parsed'
import { sideName } from './parsed'
import { spectralAbscissa } from './properties/eigenvalues'
import { linearise, type LinearEntry } from './properties/linearisation'
import { pointText } from './sampling'
import type { RawSystem } from './system'

/** An incoming speed counts beyond this part of the largest one. */
const smallestPart = 1e-9

/**
 * A boundary through which a transported component enters while no condition of it, or of those it is tied to, holds there: what comes in is then not determined. Components of evolutions without second derivatives are taken in groups
 * that first derivatives tie together, ∂ₜw = M ∂ₙw + …; an eigenvalue of M with a positive real part comes in. Speeds that depend on the solution are those of the start, and are told as a warning only. Says nothing where a
 * constraint (a stream function, a pressure) decides the speed.
 */
export function missingInflow(initial: readonly (Expression | undefined)[], pieces: readonly BoundaryPiece[], statement: ParsedStatement, system: RawSystem, libm: Libm): Fault | undefined {
  if (!statement.time || statement.cube || system.components.length > 12) return undefined
  try {
    const { entries, isLinear } = linearise(system)
    const plain = new Jets([], statement.coordinates)
    for (const group of transported(entries, system)) {
      const own = entries.filter(entry => group.includes(entry.row) && entry.along.length === 1)
      const stateAt = initialJets(own.map(entry => entry.coefficient), initial, system, plain)
      if (!stateAt) continue
      const names = new Set(group.map(c => system.components[c].name))
      for (const point of boundaryPoints(statement, libm)) {
        const holds = pieces.some(p => group.includes(p.component) && (p.on === 'all' || (point.inner && p.on.includes('holes')) || point.sides.some(side => p.on.includes(side))) && (p.where === undefined || evaluate(p.where, point.at, libm) !== 0))
        if (holds || !comesIn(own, group, point, stateAt(point.at, libm), statement, libm)) continue
        const what = [...new Set(group.map(c => system.components[c].unknown))].join(' and ')
        return {
          severity: isLinear ? 'error' : 'warning', code: 'missing-inflow',
          message: `${what} ${names.size > 1 && what.includes(' and ') ? 'come' : 'comes'} in through ${placeOf(point, statement)} and ${what.includes(' and ') ? 'have' : 'has'} no condition there, so what comes in is not determined.`,
          where: { path: 'problem.boundary' }, tip: `Give ${what.split(' and ')[0]} where it enters; where it leaves it needs no condition.`,
        }
      }
    }
    return undefined
  } catch (reason) {
    if (reason instanceof FaultError) return undefined
    throw reason
  }
}

/** Components with rates and derivatives of first order only, in groups that these tie together; groups with derivatives of other components or of higher order are left out. */
function transported(entries: readonly LinearEntry[], { rows, velocityOf }: RawSystem): number[][] {
  const group = rows.map((_, i) => i)
  const find = (i: number): number => (group[i] === i ? i : find(group[i]))
  const tied = entries.filter(entry => entry.along.length > 0)
  for (const { row, component } of tied) group[find(row)] = find(component)
  const isOut = rows.map((row, i) => row.kind !== 'rate' || velocityOf[i] >= 0 || velocityOf.includes(i))
  for (const { row, component, along } of tied) if (along.length > 1) isOut[row] = isOut[component] = true
  const roots = [...new Set(rows.map((_, i) => find(i)))]
  return roots.map(root => rows.flatMap((_, i) => (find(i) === root ? [i] : []))).filter(members => members.every(i => !isOut[i]) && tied.some(entry => members.includes(entry.row)))
}

/** Values of the jets that coefficients contain, from the initial values; undefined where one has none. */
function initialJets(coefficients: readonly Expression[], initial: readonly (Expression | undefined)[], { jets }: RawSystem, plain: Jets): ((at: Point, libm: Libm) => Point) | undefined {
  const used = [...new Map(coefficients.flatMap(e => jets.in(e)).map(jet => [jet.name, jet])).values()]
  if (used.some(jet => initial[jet.component] === undefined || jet.along.includes('t'))) return undefined
  const values = used.map(jet => [jet.name, jet.along.reduce((e, along) => plain.derivative(e, along), initial[jet.component]!)] as const)
  return (at, libm) => ({ ...at, ...Object.fromEntries(values.map(([name, e]) => [name, evaluate(e, at, libm)])) })
}

function comesIn(own: readonly LinearEntry[], group: readonly number[], { normal }: BoundaryPoint, state: Point, { axes }: ParsedStatement, libm: Libm): boolean {
  const matrix = group.map(() => new Float64Array(group.length))
  let size = 0
  for (const { row, component, along, coefficient } of own) {
    const across = normal![axes.findIndex(axis => axis.name === along[0])]
    const value = evaluate(coefficient, state, libm)
    if (!Number.isFinite(value)) return false
    size = Math.max(size, Math.abs(value))
    matrix[group.indexOf(row)][group.indexOf(component)] += across === 0 ? 0 : across * value
  }
  return size > 0 && spectralAbscissa(matrix, group.map(() => new Float64Array(group.length))).abscissa > smallestPart * size
}

function* boundaryPoints(statement: ParsedStatement, libm: Libm): Generator<BoundaryPoint> {
  const { axes, geometry } = statement
  if (!geometry || geometry.outer.kind === 'box') {
    for (const [i, axis] of axes.entries()) {
      if (axis.periodic) continue
      // Between the corners, where two sides meet and their speeds may vanish.
      for (const side of [sideName(i, 'lower'), sideName(i, 'upper')]) yield* sidePoints(statement, side, axes.length === 3 ? 5 : 9, libm)
    }
  }
  for (const point of innerPoints(statement, libm)) if (point.normal) yield point
}

function placeOf({ at, sides, inner }: BoundaryPoint, { axes }: ParsedStatement): string {
  const [side] = sides as SideName[]
  return `${inner ? 'a hole' : side ?? 'the boundary'} at ${pointText(at, axes)}`
}
