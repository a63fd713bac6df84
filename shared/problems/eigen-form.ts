import { differentiate, freeNames, simplify } from '../expressions'
import type { Fault } from '../fault'
import { error } from '../fault'
import type { BoundaryPiece } from './analysed'
import { isZero } from './operators'
import type { ParsedStatement } from './parsed'
import { linearise } from './properties/linearisation'
import { withoutJets, type RawSystem } from './system'

/**
 * Why the rows are no eigenproblem L u = λ m u: λ is absent or not linear, the unknowns are not linear, or something stands without an unknown. Solvers read L at λ = 0 and m as the derivative by λ, about the
 * zero state, so anything else would be dropped without a word.
 */
export function eigenFaults(raw: RawSystem, pieces: readonly BoundaryPiece[], statement: ParsedStatement): Fault[] {
  if (!statement.eigenvalue) return []
  const { name } = statement.eigenvalue
  const u = statement.unknowns[0].name
  const of = (code: string, message: string, tip: string, path = 'problem.equations'): Fault[] => [error(code, message, { where: { path }, tip })]
  if (!raw.rows.some(row => freeNames(row.expression).has(name))) {
    return of('no-eigenvalue', `${raw.rows.length === 1 ? 'The equation does not contain' : 'No equation contains'} the eigenvalue ${name}.`, `State for example -lap(${u}) = ${name}*${u}.`, 'problem.equations[0]')
  }
  if (raw.rows.some(row => freeNames(simplify(differentiate(row.expression, name))).has(name))) {
    return of('nonlinear-eigenvalue', `The eigenvalue ${name} does not enter linearly.`, `Write ${name} for the whole factor, or make ${name}*${u} an unknown of its own.`)
  }
  if (!linearise(raw).isLinear) return of('nonlinear-eigenproblem', 'An eigenproblem is linear in its unknowns, and this one is not.', 'Remove the products of unknowns, or linearise about a known state.')
  if (!raw.rows.every(row => isZero(withoutJets(row.expression, raw.jets)))) return of('eigen-data', 'The eigenproblem has a term without an unknown.', 'An eigenproblem is homogeneous: remove the source.')
  const withData = pieces.find(piece => !isZero(piece.data))
  return withData ? of('eigen-data', `The condition for ${raw.components[withData.component].name} has boundary data that are not zero.`, 'An eigenproblem is homogeneous: set the data to zero.', 'problem.boundary') : []
}
