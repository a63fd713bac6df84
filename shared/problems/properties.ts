import { simplify, differentiate } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import type { AnalysedProblem, BoundaryPiece, Properties, System } from './analysed'
import type { ParsedStatement } from './parsed'
import type { RawSystem } from './system'

/** What can be told from the rows alone: orders and linearity. */
export function analyseProperties(raw: RawSystem, system: System, _equation: AnalysedProblem['equation'], _pieces: readonly BoundaryPiece[], statement: ParsedStatement, _libm: Libm): { readonly value: Properties; readonly fault?: Fault } {
  const orderInSpace = Math.max(0, ...system.jet.map(jet => jet.along?.length ?? jet.orders[0] + jet.orders[1] + jet.orders[2]))
  const orderInTime = raw.velocityOf.some(i => i >= 0) ? 2 : statement.time ? 1 : 0
  const linear = raw.rows.every(row => raw.jets.in(row.expression).every(jet => !raw.jets.occursIn(simplify(differentiate(row.expression, jet.name)))))
  return { value: { orderInSpace, orderInTime, linear, conserved: [], energy: { refused: 'The statement has not been held against an energy.' } } }
}
