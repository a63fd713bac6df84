import { evaluate } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { BoundaryPiece } from './analysed'
import type { BoundaryPoint } from './boundary-points'
import { innerPoints, sidePoints } from './boundary-points'
import type { ParsedStatement, SideName } from './parsed'
import { sideAxis, sideEnd, sideName } from './parsed'
import { pointText } from './sampling'
import type { RawSystem } from './system'

export interface Coverage {
  readonly faults: readonly Fault[]
  /** Whether at least one condition holds everywhere on every bounded side: what the special forms take for granted. */
  readonly complete: boolean
}

/**
 * Whether the conditions are enough: half the order in space for every component (a pressure, or a system of first order, needs none), counted together at every boundary point,
 * because a stream function may carry the condition that its vorticity lacks. Later pieces override earlier ones of the same component and kind.
 */
export function checkCoverage(pieces: readonly BoundaryPiece[], statement: ParsedStatement, system: RawSystem, libm: Libm): Coverage {
  const faults: Fault[] = []
  let complete = true
  const perAxis = pieces.filter(p => p.where).length > 8 ? 17 : 65
  const bounded = statement.geometry && statement.geometry.outer.kind !== 'box' ? [] : statement.axes.flatMap((axis, i) => (axis.periodic ? [] : [sideName(i, 'lower'), sideName(i, 'upper')]))
  for (const side of bounded) {
    const own = pieces.filter(p => p.on === 'all' || p.on.includes(side))
    const needs = needsAlong(system, statement.axes[sideAxis(side)].name)
    const simple = own.every(p => p.where === undefined)
    for (const point of sidePoints(statement, side, simple && !statement.geometry?.where ? 2 : perAxis, libm)) {
      const lack = lacking(own, needs, point, libm)
      if (!holds(own, point, libm)) complete = false
      if (!lack) continue
      faults.push(sideFault(side, lack, simple, point, statement, system))
      break
    }
  }
  if (statement.geometry) {
    const needs = needsAlong(system, undefined)
    for (const point of innerPoints(statement, libm)) {
      const own = pieces.filter(p => p.on === 'all' || (point.inner && p.on.includes('holes')) || point.sides.some(side => p.on.includes(side)))
      const lack = lacking(own, needs, point, libm)
      if (!lack) continue
      const what = point.inner ? (statement.geometry.where ? 'The inner boundary' : 'The boundary of a hole') : 'The boundary'
      faults.push(error('missing-boundary', `${what} has no boundary condition${ofUnknown(lack, statement, system)} at ${pointText(point.at, statement.axes)}.`, {
        where: { path: 'problem.boundary' }, tip: `Add { "on": "${point.inner ? 'holes' : 'all'}", "condition": "${unknownOf(lack.component, system)} = 0" }.`,
      }))
      break
    }
  }
  if (statement.cube && pieces.length === 0 && needsAlong(system, undefined).some(n => n > 0)) {
    faults.push(error('missing-boundary', 'The cube has no boundary condition.', { where: { path: 'problem.boundary' }, tip: `Add { "on": "all", "condition": "${statement.unknowns[0].name} = 0" }.` }))
  }
  return { faults: faults.slice(0, 6), complete }
}

interface Lack {
  readonly component: number
  readonly has: number
  readonly needs: number
}

/** Half the highest order of each component's derivatives (those that look along the axis); velocities follow their components. */
export function needsAlong(system: RawSystem, axis: string | undefined): number[] {
  const highest = system.components.map(() => 0)
  for (const row of system.rows) {
    for (const jet of system.jets.in(row.expression)) if (axis === undefined || jet.along.includes(axis)) highest[jet.component] = Math.max(highest[jet.component], jet.along.length)
  }
  return highest.map((order, i) => (system.velocityOf[i] >= 0 ? 0 : Math.floor(order / 2)))
}

const applies = (piece: BoundaryPiece, point: BoundaryPoint, libm: Libm): boolean => piece.where === undefined || evaluate(piece.where, point.at, libm) !== 0
const holds = (pieces: readonly BoundaryPiece[], point: BoundaryPoint, libm: Libm): boolean => pieces.some(p => applies(p, point, libm))

function lacking(pieces: readonly BoundaryPiece[], needs: readonly number[], point: BoundaryPoint, libm: Libm): Lack | undefined {
  const active = pieces.filter(p => applies(p, point, libm))
  const counts = needs.map((_, i) => new Set(active.filter(p => p.component === i).map(p => (p.kind === 'dirichlet' ? 'value' : 'normal'))).size)
  const spare = needs.reduce((sum, need, i) => sum + (need > 0 ? Math.max(0, counts[i] - need) : 0), 0)
  const missing = needs.reduce((sum, need, i) => sum + Math.max(0, need - counts[i]), 0)
  if (missing <= spare) return undefined
  const component = needs.findIndex((need, i) => counts[i] < need)
  return { component, has: counts[component], needs: needs[component] }
}

const unknownOf = (component: number, system: RawSystem): string => system.components[component].unknown
const ofUnknown = (lack: Lack, statement: ParsedStatement, system: RawSystem): string => (statement.unknowns.length > 1 ? ` for ${unknownOf(lack.component, system)}` : '')

function sideFault(side: SideName, lack: Lack, whole: boolean, point: BoundaryPoint, statement: ParsedStatement, system: RawSystem): Fault {
  const { axes } = statement
  const { name, lower, upper } = axes[sideAxis(side)]
  const place = `${side} (${name} = ${sideEnd(side) === 'lower' ? lower : upper})`
  const free = axes.filter(a => a.name !== name)
  const at = whole ? '' : ` at ${free.map(a => `${a.name} = ${point.at[a.name]}`).join(', ') || 'its point'}`
  const u = unknownOf(lack.component, system)
  if (lack.has > 0) {
    return error('missing-boundary', `The side ${place} has one boundary condition for ${u}${at}, but its derivatives of order ${2 * lack.needs} need ${lack.needs === 2 ? 'two' : lack.needs}.`, {
      where: { path: 'problem.boundary' }, tip: `Give for example ${u} = 0 and dn(${u}) = 0.`,
    })
  }
  return error('missing-boundary', `The side ${place} has no boundary condition${ofUnknown(lack, statement, system)}${at}.`, {
    where: { path: 'problem.boundary' }, tip: `Add { "on": "${side}", "condition": "${u} = 0" }, or make ${name} periodic.`,
  })
}
