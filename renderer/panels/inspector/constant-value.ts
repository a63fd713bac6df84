import { parseExpression } from '../../../shared/expressions'
import type { Expression } from '../../../shared/expressions/ast'
import { constants } from '../../../shared/expressions/functions'

/** The value of an expression of numbers, constants, arithmetic and square roots (`pi/4`, `2^10 + 1`, `1e-3`); undefined for anything else. */
export function constantValue(text: string): number | undefined {
  if (text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  const parsed = parseExpression(text)
  return parsed.ok ? valueOf(parsed.value) : undefined
}

function valueOf(e: Expression): number | undefined {
  switch (e.kind) {
    case 'number':
      return e.value
    case 'name':
      return constants.get(e.name)
    case 'negate': {
      const value = valueOf(e.argument)
      return value === undefined ? undefined : -value
    }
    case 'binary': {
      const a = valueOf(e.left)
      const b = valueOf(e.right)
      if (a === undefined || b === undefined) return undefined
      return { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '^': a ** b }[e.operator]
    }
    case 'call': {
      const value = e.name === 'sqrt' && e.arguments.length === 1 ? valueOf(e.arguments[0]) : undefined
      return value === undefined ? undefined : Math.sqrt(value)
    }
    default:
      return undefined
  }
}
