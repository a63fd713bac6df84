import { error, FaultError } from '../fault'
import type { BinaryOperator, CallNode, Expression, SourceRange } from './ast'

/** Building, walking and comparing expressions. Trees made here may share subtrees; nothing ever changes a node. */

export const number = (value: number): Expression => ({ kind: 'number', value })
export const name = (text: string): Expression => ({ kind: 'name', name: text })
export const negate = (argument: Expression): Expression => ({ kind: 'negate', argument })
export const binary = (operator: BinaryOperator, left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right })
export const call = (text: string, ...list: Expression[]): Expression => ({ kind: 'call', name: text, arguments: list })
export const add = (left: Expression, right: Expression) => binary('+', left, right)
export const subtract = (left: Expression, right: Expression) => binary('-', left, right)
export const multiply = (left: Expression, right: Expression) => binary('*', left, right)
export const divide = (left: Expression, right: Expression) => binary('/', left, right)
export const raise = (base: Expression, exponent: Expression) => binary('^', base, exponent)
export const zero = number(0)
export const one = number(1)

/** Is the expression literally this number? */
export const isNumber = (e: Expression, value?: number) => e.kind === 'number' && (value === undefined || e.value === value)

export function children(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number': case 'name': return []
    case 'negate': case 'not': return [e.argument]
    case 'call': return e.arguments
    default: return [e.left, e.right]
  }
}

/** The same node over changed children; the very node when none changed. */
export function mapChildren(e: Expression, change: (child: Expression) => Expression): Expression {
  switch (e.kind) {
    case 'number': case 'name': return e
    case 'negate': case 'not': {
      const argument = change(e.argument)
      return argument === e.argument ? e : { ...e, argument }
    }
    case 'call': {
      const list = e.arguments.map(change)
      return list.every((a, i) => a === e.arguments[i]) ? e : { ...e, arguments: list }
    }
    default: {
      const left = change(e.left)
      const right = change(e.right)
      return left === e.left && right === e.right ? e : { ...e, left, right }
    }
  }
}

/** Visits every node from the outside in; return false to leave a node's children out. */
export function visit(e: Expression, look: (node: Expression) => boolean | void): void {
  if (look(e) !== false) for (const child of children(e)) visit(child, look)
}

/**
 * Names that occur free, with their first place: constants (`pi`) and coordinates included. Inside `sum(i, …)` the index `i` and the coordinates
 * it stands for (`xi`, `x_i`) are bound.
 */
export function freeNames(e: Expression): Map<string, SourceRange | undefined> {
  const found = new Map<string, SourceRange | undefined>()
  const walk = (node: Expression, bound: ReadonlySet<string>): void => {
    if (node.kind === 'name') {
      if (!bound.has(node.name) && !found.has(node.name)) found.set(node.name, node.range)
    } else if (isSum(node)) walk(node.arguments[1], new Set([...bound, ...boundBy(node)]))
    else for (const child of children(node)) walk(child, bound)
  }
  walk(e, new Set())
  return found
}

/** `sum(i, body)`. */
export const isSum = (e: Expression): e is CallNode => e.kind === 'call' && e.name === 'sum' && e.arguments.length === 2 && e.arguments[0].kind === 'name'

function boundBy(sum: CallNode): readonly string[] {
  const index = sum.arguments[0].kind === 'name' ? sum.arguments[0].name : ''
  return [index, `x${index}`, `x_${index}`]
}

/** Equal as trees: same operators, names and number values; places and spellings of numbers are ignored, and the number −3 equals the negated 3. */
export function equalExpressions(first: Expression, second: Expression): boolean {
  if (first === second) return true
  const [a, b] = [spelledOut(first), spelledOut(second)]
  if (a.kind === 'number') return b.kind === 'number' && Object.is(a.value, b.value)
  if (a.kind === 'name') return b.kind === 'name' && a.name === b.name
  if (a.kind !== b.kind) return false
  if ('operator' in a && a.operator !== (b as typeof a).operator) return false
  if (a.kind === 'call' && a.name !== (b as typeof a).name) return false
  const left = children(a)
  const right = children(b)
  return left.length === right.length && left.every((child, i) => equalExpressions(child, right[i]))
}

const spelledOut = (e: Expression): Expression => (e.kind === 'number' && (e.value < 0 || Object.is(e.value, -0)) ? negate(number(-e.value)) : e)

export const MAXIMUM_NODES = 100_000
export const MAXIMUM_LEVELS = 1500

/** Number of nodes and levels of the tree; shared subtrees are counted as often as they occur but looked at once, so this is fast on any input. */
export function sizeOf(e: Expression): { readonly nodes: number; readonly levels: number } {
  const known = new Map<Expression, { nodes: number; levels: number }>()
  const measure = (node: Expression): { nodes: number; levels: number } => {
    const before = known.get(node)
    if (before) return before
    const size = { nodes: 1, levels: 0 }
    for (const child of children(node)) {
      const part = measure(child)
      size.nodes += part.nodes
      size.levels = Math.max(size.levels, part.levels)
    }
    size.levels++
    known.set(node, size)
    return size
  }
  return measure(e)
}

/** Returns `e`; throws FaultError `expression-too-large` when it is more than later passes can take (definitions that double each other grow exponentially). */
export function checkedSize(e: Expression): Expression {
  const { nodes, levels } = sizeOf(e)
  if (nodes <= MAXIMUM_NODES && levels <= MAXIMUM_LEVELS) return e
  const what = nodes > MAXIMUM_NODES ? `has more than ${MAXIMUM_NODES} terms and factors` : `nests deeper than ${MAXIMUM_LEVELS} levels`
  throw new FaultError(error('expression-too-large', `Written out with all definitions, the expression ${what}.`, { tip: 'Use fewer or shorter definitions.' }))
}

/**
 * Replaces free names by expressions, all at once (replacements are not looked into). The index of a `sum` is bound and stays.
 * Throws FaultError `expression-too-large`.
 */
export function substitute(e: Expression, bindings: Readonly<Record<string, Expression>>): Expression {
  const table = new Map(Object.entries(bindings))
  return table.size === 0 ? e : checkedSize(replaceNames(e, text => table.get(text)))
}

function replaceNames(e: Expression, replacement: (name: string) => Expression | undefined): Expression {
  if (e.kind === 'name') return replacement(e.name) ?? e
  if (!isSum(e)) return mapChildren(e, child => replaceNames(child, replacement))
  const bound = boundBy(e)
  const body = replaceNames(e.arguments[1], text => (bound.includes(text) ? undefined : replacement(text)))
  return body === e.arguments[1] ? e : { ...e, arguments: [e.arguments[0], body] }
}

/**
 * Writes every `sum(i, body)` out over i = 1 … dimension: in the body, `xi` and `x_i` stand for the coordinates `x1 … xd` and `i` for the number.
 * Throws FaultError `expression-too-large`.
 */
export function expandSums(e: Expression, dimension: number): Expression {
  const expand = (node: Expression): Expression => {
    if (!isSum(node)) return mapChildren(node, expand)
    const [index, ...coordinates] = boundBy(node)
    const body = checkedSize(expand(node.arguments[1]))
    let total: Expression | undefined
    for (let i = 1; i <= dimension; i++) {
      const term = replaceNames(body, text => (text === index ? number(i) : coordinates.includes(text) ? name(`x${i}`) : undefined))
      total = total ? add(total, term) : term
    }
    return total ?? zero
  }
  return checkedSize(expand(e))
}
