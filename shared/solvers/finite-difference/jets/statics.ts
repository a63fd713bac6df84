import { freeNames } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import { mapChildren, visit } from '../../../expressions/structure'

/** A part of expressions that is computed once. Its name begins with `$`, which no statement can hold. */
export interface Static {
  readonly name: string
  readonly expression: Expression
}

export interface Separated {
  readonly expressions: readonly Expression[]
  /** Per axis: parts that depend on its coordinate alone. */
  readonly along: readonly (readonly Static[])[]
  /** Parts that depend on several coordinates. */
  readonly everywhere: readonly Static[]
}

/**
 * Takes parts out of expressions that depend on coordinates alone and hold a function, a power or a quotient, so that a sweep computes sin(πx) once per grid line's place and not at every node in every stage: the largest
 * parts of one coordinate, and of several coordinates those that are no sum or product of such.
 */
export function separateStatics(expressions: readonly Expression[], axes: readonly string[]): Separated {
  const along: Static[][] = axes.map(() => [])
  const everywhere: Static[] = []
  const known = new Map<Expression, Expression>()
  const take = (list: Static[], letter: string, expression: Expression): Expression => {
    const name = `$${letter}${list.length}`
    list.push({ name, expression })
    return { kind: 'name', name }
  }
  const separate = (e: Expression): Expression => {
    const before = known.get(e)
    if (before) return before
    let result: Expression | undefined
    const used = coordinatesOf(e, axes)
    if (used && used.length === 1 && isCostly(e)) result = take(along[used[0]], axes[used[0]], e)
    else if (used && used.length > 1 && isCostlyItself(e)) result = take(everywhere, '', e)
    result ??= mapChildren(e, separate)
    known.set(e, result)
    return result
  }
  return { expressions: expressions.map(separate), along, everywhere }
}

/** The axes whose coordinates an expression is made of; undefined when it depends on anything else. */
function coordinatesOf(e: Expression, axes: readonly string[]): number[] | undefined {
  if (e.kind === 'name' || e.kind === 'number') return undefined
  const names = [...freeNames(e).keys()].filter(name => name !== 'pi' && name !== 'e' && name !== 'tau')
  const used = names.map(name => axes.indexOf(name))
  return used.includes(-1) ? undefined : used
}

const isCostlyItself = (e: Expression): boolean => e.kind === 'call' || (e.kind === 'binary' && (e.operator === '^' || e.operator === '/'))

function isCostly(e: Expression): boolean {
  let costly = false
  visit(e, node => {
    if (isCostlyItself(node)) costly = true
  })
  return costly
}
