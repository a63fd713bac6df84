import type { Expression } from '../../expressions/ast'
import { differentiate, simplify } from '../../expressions'
import type { RawSystem } from '../system'

/** ∂rowᵢ/∂(∂^α componentⱼ): the rows linearised about a state; coefficients contain jets where the statement is nonlinear. */
export interface LinearEntry {
  readonly row: number
  readonly component: number
  /** Coordinates of the derivative, sorted. */
  readonly along: readonly string[]
  readonly name: string
  readonly coefficient: Expression
}

export interface Linearisation {
  readonly entries: readonly LinearEntry[]
  /** No coefficient contains a jet. */
  readonly isLinear: boolean
}

export function linearise({ rows, jets }: RawSystem): Linearisation {
  const entries = rows.flatMap((row, i) => jets.in(row.expression).map(jet => ({ row: i, component: jet.component, along: jet.along, name: jet.name, coefficient: simplify(differentiate(row.expression, jet.name)) })))
  return { entries, isLinear: entries.every(e => !jets.occursIn(e.coefficient)) }
}
