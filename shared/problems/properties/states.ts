import type { Expression } from '../../expressions/ast'
import { evaluate } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { FaultError } from '../../fault'
import { domainPoints } from '../inside'
import { Jets } from '../jets'
import type { ParsedStatement } from '../parsed'
import type { RawSystem } from '../system'

/**
 * Values of all jets at points of the domain at the start, from the initial values and their derivatives: what coefficients of nonlinear rows are sampled at. Components without an initial value
 * (constraints) are zero. Undefined where the derivatives outgrow the algebra.
 */
export function initialStates(initial: readonly (Expression | undefined)[], raw: RawSystem, statement: ParsedStatement, libm: Libm): Record<string, number>[] | undefined {
  const plain = new Jets([], statement.coordinates)
  const wanted = new Map<string, Expression | undefined>()
  try {
    for (const row of raw.rows) {
      for (const jet of raw.jets.in(row.expression)) {
        const start = initial[jet.component]
        if (!wanted.has(jet.name)) wanted.set(jet.name, start && jet.along.reduce((e, c) => plain.derivative(e, c), start))
      }
    }
  } catch (reason) {
    if (reason instanceof FaultError) return undefined
    throw reason
  }
  const perAxis = statement.axes.length === 1 ? 61 : statement.axes.length === 2 ? 11 : 5
  const states: Record<string, number>[] = []
  for (const point of domainPoints(statement, perAxis, statement.time?.[0] ?? 0, libm)) {
    const state = { ...point }
    for (const [name, e] of wanted) state[name] = e ? evaluate(e, point, libm) : 0
    states.push(state)
  }
  return states
}
