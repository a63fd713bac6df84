import { evaluate, freeNames } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import type { Properties } from './analysed'
import { innerPoints, sidePoints } from './boundary-points'
import type { ParsedStatement, SideName } from './parsed'
import { sideName } from './parsed'
import type { RawSystem } from './system'

const warning = (code: string, message: string, path: string, tip: string): Fault => ({ severity: 'warning', code, message, where: { path }, tip })

/**
 * Boundary entries whose inequality holds at none of the sampled points of the parts they name: they set nothing. Inequalities in t are left out, since they may hold later.
 * At most six are named.
 */
export function unusedConditions(statement: ParsedStatement, libm: Libm): Fault[] {
  const asked = statement.boundary.filter(entry => entry.where && !freeNames(entry.where).has('t'))
  if (statement.cube || asked.length === 0) return []
  const perAxis = statement.axes.length === 3 ? (asked.length > 8 ? 33 : 65) : asked.length > 8 ? 257 : 1025
  const bounded = statement.geometry && statement.geometry.outer.kind !== 'box' ? [] : statement.axes.flatMap((axis, i): SideName[] => (axis.periodic ? [] : [sideName(i, 'lower'), sideName(i, 'upper')]))
  const unused = new Set(asked)
  const look = (points: ReturnType<typeof sidePoints>): void => {
    for (const point of points) {
      for (const entry of unused) {
        const named = entry.sides === 'all' || (point.inner && entry.sides.includes('holes')) || point.sides.some(side => entry.sides.includes(side))
        if (named && evaluate(entry.where!, point.at, libm) !== 0) unused.delete(entry)
      }
      if (unused.size === 0) return
    }
  }
  for (const side of bounded) look(sidePoints(statement, side, perAxis, libm))
  look(innerPoints(statement, libm))
  return [...unused].slice(0, 6).map(({ index, text }) =>
    warning('unused-boundary', `The condition "${text.length > 80 ? `${text.slice(0, 80)}…` : text}" holds nowhere: no point of the boundary satisfies its inequality.`, `problem.boundary[${index}].on`, 'Check the inequality, or remove the entry.'))
}

/** Notes on initial values of unknowns that their equations determine at every time, the first included. */
export function firstGuesses(statement: ParsedStatement, { components, rows }: RawSystem): Fault[] {
  if (!statement.time) return []
  return statement.unknowns.filter(unknown => statement.initial.get(unknown.name)?.value && unknown.components.every(c => rows[components.findIndex(other => other.name === c)].kind === 'constraint')).map(({ name }) => ({
    severity: 'info', code: 'first-guess', message: `The initial value of ${name} is a first guess only: no equation has dt(${name}), so the equations determine it at every time, the first included.`,
    where: { path: `problem.initial.${name}` }, tip: 'It may be left out.',
  }))
}

/** A steady statement of several components that the analysis found not to be elliptic: one component is told by its coefficients. */
export function notElliptic(properties: Properties, components: number): Fault[] {
  if (properties.elliptic !== false || components < 2) return []
  return [warning('not-elliptic-system', 'The system is not elliptic: its equations and boundary conditions may have no solution or many.', 'problem.equations', 'Check the derivatives of highest order; curl(curl(v)) alone, for example, does not see gradients.')]
}
