import type { Expression } from './ast'

/** Binding strength of a node as printed: the parser's levels. */
const level = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, minus: 7, power: 8, atom: 9 } as const

function levelOf(e: Expression): number {
  switch (e.kind) {
    case 'number': return isNegative(e.value) ? level.minus : level.atom
    case 'name': case 'call': return level.atom
    case 'negate': return level.minus
    case 'binary': return e.operator === '^' ? level.power : e.operator === '+' || e.operator === '-' ? level.sum : level.product
    case 'compare': return level.comparison
    case 'not': return level.not
    case 'and': return level.and
    case 'or': return level.or
  }
}

const isNegative = (value: number) => value < 0 || Object.is(value, -0)

/** The expression in the statement language with as few brackets as the grammar allows; `parseExpression(toText(e))` equals `e` for every parsed `e`. */
export function toText(e: Expression): string {
  return write(e, undefined)
}

/** The same, remembering the texts of nodes from one call to the next: for many calls on trees that share subtrees. */
export function toKnownText(e: Expression, known: Map<Expression, string> | undefined): string {
  const before = known?.get(e)
  if (before !== undefined) return before
  const text = write(e, known)
  known?.set(e, text)
  return text
}

function write(e: Expression, known: Map<Expression, string> | undefined): string {
  const bracketed = (part: Expression, least: number) => (levelOf(part) < least ? `(${toKnownText(part, known)})` : toKnownText(part, known))
  switch (e.kind) {
    case 'number': return numberText(e.value)
    case 'name': return e.name
    case 'negate': return `-${bracketed(e.argument, level.minus)}`
    case 'call': return `${e.name}(${e.arguments.map(a => toKnownText(a, known)).join(', ')})`
    case 'not': return `not ${bracketed(e.argument, level.not)}`
    case 'and': case 'or': return `${bracketed(e.left, level[e.kind])} ${e.kind} ${bracketed(e.right, level[e.kind] + 1)}`
    case 'compare': return `${bracketed(e.left, level.sum)} ${e.operator} ${bracketed(e.right, level.sum)}`
    case 'binary': {
      if (e.operator === '^') return `${bracketed(e.left, level.atom)}^${bracketed(e.right, level.minus)}`
      const own = levelOf(e)
      const gap = own === level.sum ? ' ' : ''
      return `${bracketed(e.left, own)}${gap}${e.operator}${gap}${bracketed(e.right, own + 1)}`
    }
  }
}

/** The shortest decimal that reads back as the same double. Infinity and NaN, which only algebra can make, print as quotients that evaluate to them. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return '(0/0)'
  if (!Number.isFinite(value)) return value > 0 ? '(1/0)' : '(-1/0)'
  return Object.is(value, -0) ? '-0' : String(value)
}
