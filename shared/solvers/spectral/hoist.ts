import { freeNames, type Expression } from '../../expressions'
import { mapChildren, visit } from '../../expressions/structure'

/** Expressions with the parts that never change taken out: each is the name of an array that is computed once. */
export interface Hoisted {
  readonly expressions: readonly Expression[]
  readonly arrays: readonly { readonly name: string; readonly expression: Expression }[]
}

/**
 * Takes the largest parts out that depend on coordinates alone and hold a function or a power: sin(2πx) in a source would otherwise be computed at every node in every stage. Names
 * begin with `$`, which no statement can hold.
 */
export function hoistStatic(expressions: readonly Expression[], coordinates: ReadonlySet<string>, prefix: string): Hoisted {
  const arrays: { name: string; expression: Expression }[] = []
  const known = new Map<Expression, Expression>()
  const hoist = (e: Expression): Expression => {
    const before = known.get(e)
    if (before) return before
    let result: Expression
    if (isStatic(e, coordinates)) {
      const name = `$${prefix}${arrays.length}`
      arrays.push({ name, expression: e })
      result = { kind: 'name', name }
    } else result = mapChildren(e, hoist)
    known.set(e, result)
    return result
  }
  return { expressions: expressions.map(hoist), arrays }
}

function isStatic(e: Expression, coordinates: ReadonlySet<string>): boolean {
  if (e.kind === 'name' || e.kind === 'number') return false
  const names = [...freeNames(e).keys()]
  if (!names.some(name => coordinates.has(name)) || names.some(name => !coordinates.has(name) && name !== 'pi' && name !== 'e' && name !== 'tau')) return false
  let costly = false
  visit(e, node => {
    if (node.kind === 'call' || (node.kind === 'binary' && (node.operator === '^' || node.operator === '/'))) costly = true
  })
  return costly
}
