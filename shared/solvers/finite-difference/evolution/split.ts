import { binary, differentiate, freeNames, isNumber, simplify } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { System } from '../../../problems/analysed'
import type { Split } from './implicit'

const zero: Expression = { kind: 'number', value: 0 }
const name = (text: string): Expression => ({ kind: 'name', name: text })

/** Takes from each row its terms a(x) · (derivative of order two or more): they go into the implicit part of implicit–explicit steps. Undefined when no row has any. */
export function splitDiffusion({ components, jet, rows }: System): Split | undefined {
  const moving = new Set(['t', ...components.map(c => c.name), ...jet.map(entry => entry.name)])
  const parts = rows.map(({ expression }) => {
    let implicit: Expression = zero
    for (const { name: derivative, orders } of jet) {
      if (orders[0] + orders[1] + orders[2] < 2) continue
      const factor = simplify(differentiate(expression, derivative))
      if (isNumber(factor, 0) || [...freeNames(factor).keys()].some(free => moving.has(free))) continue
      implicit = simplify(binary('+', implicit, binary('*', factor, name(derivative))))
    }
    return { implicit, explicit: simplify(binary('-', expression, implicit)) }
  })
  return parts.some(part => !isNumber(part.implicit, 0)) ? { implicit: parts.map(p => p.implicit), explicit: parts.map(p => p.explicit) } : undefined
}

/** Where all rows say q' = p, p' = F(x, t, q): which component is which one's velocity. Undefined for any other system (damping, advection of velocities, constraints). */
export function separablePairs({ components, jet, rows }: System): { readonly position: number; readonly velocity: number }[] | undefined {
  const pairs = components.flatMap((component, velocity) => {
    const position = component.part === 't' ? components.findIndex(other => `${other.name}__t` === component.name) : -1
    return position >= 0 ? [{ position, velocity }] : []
  })
  if (2 * pairs.length !== components.length || rows.some(row => row.kind !== 'rate')) return undefined
  const velocities = new Set(pairs.map(pair => pair.velocity))
  const forbidden = new Set([...components.filter((_, c) => velocities.has(c)).map(c => c.name), ...jet.filter(entry => velocities.has(entry.component)).map(entry => entry.name)])
  const fits = pairs.every(({ position, velocity }) => {
    const { expression } = rows[position]
    return expression.kind === 'name' && expression.name === components[velocity].name && ![...freeNames(rows[velocity].expression).keys()].some(free => forbidden.has(free))
  })
  return fits ? pairs : undefined
}
