import { differentiate, freeNames, simplify, visit, type Expression } from '../expressions'
import type { AnalysedProblem } from '../problems/analysed'

const jumping = new Set(['if', 'sign', 'heaviside', 'step', 'floor', 'ceil', 'mod'])

/**
 * A derivative of order two or more whose factor is not continuous in space, by the name it has in the rows; undefined where all are continuous.
 * Across such a jump ∂ₓ(a ∂ₓu) is not a ∂ₓₓu + ∂ₓa ∂ₓu with ∂ₓa = 0 on both sides: a method that evaluates the written-out row keeps the slope continuous instead of the flux and converges to another solution.
 * `expressions`: the right-hand sides to look at, all rows by default.
 */
export function jumpingCoefficient({ system: { rows, jet } }: AnalysedProblem, expressions: readonly Expression[] = rows.map(row => row.expression)): string | undefined {
  for (const expression of expressions) {
    for (const { name, orders: [x, y, z] } of jet) {
      if (x + y + z < 2 || !freeNames(expression).has(name)) continue
      let jumps = false
      visit(simplify(differentiate(expression, name)), node => {
        if ((node.kind === 'compare' || (node.kind === 'call' && jumping.has(node.name))) && [...freeNames(node).keys()].some(free => free !== 't')) jumps = true
      })
      if (jumps) return name
    }
  }
  return undefined
}
