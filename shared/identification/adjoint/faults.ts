import { error, type Fault } from '../../fault'
import type { IdentificationStep } from '../method'
import { roleOf } from '../unknowns'

/** What least squares through the solver does not cover. */
export function adjointFaults({ statement, problem, unknown }: IdentificationStep): Fault[] {
  if (!statement || !problem || unknown.length === 0) return []
  if (problem.eigenvalue) return [error('identify-eigenproblem', 'An eigenproblem has no solution to compare with data: its eigenfunctions are free up to a factor.', { where: { path: 'method' } })]
  if (roleOf(unknown[0], statement) === 'parameter') return []
  return fieldFaults({ problem, unknown })
}

function fieldFaults({ problem, unknown }: { readonly problem: NonNullable<IdentificationStep['problem']>; readonly unknown: readonly string[] }): Fault[] {
  const where = { path: 'unknown' }
  if (unknown.length > 1) return [error('one-field', `One coefficient field can be unknown, and ${unknown.length} are named.`, { where, tip: 'Name one definition.' })]
  if (problem.equation.kind !== 'elliptic' || problem.axes.length > 2 || problem.axes.some(a => a.periodic)) {
    return [error('field-class', 'Coefficient fields are recovered in linear elliptic statements of one unknown on an interval or a rectangle; this one is of another class.', { where, tip: 'Describe the coefficient with a few parameters, and identify those.' })]
  }
  return []
}
