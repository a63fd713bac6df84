import { error, FaultError } from '../fault'
import type { Arithmetic, BinaryOperation, UnaryOperation } from './interpret'
import type { ComparisonOperator } from './ast'
import type { Libm } from './libm'

/** One value of a program. Operands are indices of earlier values: the list of values is in the order of computation. */
export type Value =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'input' | 'scalar'; readonly index: number }
  /** In a sweep over the lines of a grid: an array at the node `shift` places further on a line `line` (a number that the sweep gives it); one value per place along the line, or per line. */
  | { readonly kind: 'neighbour'; readonly index: number; readonly line: number; readonly shift: number }
  | { readonly kind: 'column' | 'row'; readonly index: number }
  | { readonly kind: 'unary'; readonly operation: UnaryOperation }
  | { readonly kind: 'binary'; readonly operation: BinaryOperation }
  | { readonly kind: 'compare'; readonly operator: ComparisonOperator }
  | { readonly kind: 'and' | 'or' | 'not' | 'select' }
  | { readonly kind: 'libm'; readonly name: keyof Libm }

export type Node = Value & {
  readonly operands: readonly number[]
  /** The same at every node of the grid: made of constants and scalars. */
  readonly uniform: boolean
}

export const MAXIMUM_VALUES = 50_000

/**
 * Collects the values of expressions, each once: equal operations on equal operands are one value (common subexpressions).
 * Sums and products, minima and maxima do not care for the order of their operands, so neither does the search. Nothing is folded: bits must stay.
 */
export class ProgramGraph implements Arithmetic<number, number> {
  readonly nodes: Node[] = []
  private readonly known = new Map<string, number>()

  private value(value: Value, operands: readonly number[], key: string, uniform: boolean): number {
    const full = `${value.kind} ${key} ${operands.join(' ')}`
    const before = this.known.get(full)
    if (before !== undefined) return before
    if (this.nodes.length >= MAXIMUM_VALUES) throw new FaultError(error('expression-too-large', `The expressions have more than ${MAXIMUM_VALUES} operations.`, { tip: 'Use fewer or shorter definitions.' }))
    this.known.set(full, this.nodes.length)
    return this.nodes.push({ ...value, operands, uniform }) - 1
  }

  private operation(value: Value, operands: readonly number[], key = ''): number {
    return this.value(value, operands, key, operands.every(i => this.nodes[i].uniform))
  }

  input = (index: number) => this.value({ kind: 'input', index }, [], `${index}`, false)
  scalar = (index: number) => this.value({ kind: 'scalar', index }, [], `${index}`, true)
  neighbour = (index: number, line: number, shift: number) => this.value({ kind: 'neighbour', index, line, shift }, [], `${index} ${line} ${shift}`, false)
  column = (index: number) => this.value({ kind: 'column', index }, [], `${index}`, false)
  row = (index: number) => this.value({ kind: 'row', index }, [], `${index}`, false)
  constant = (value: number) => this.value({ kind: 'constant', value }, [], Object.is(value, -0) ? '-0' : `${value}`, true)
  unary = (operation: UnaryOperation, a: number) => this.operation({ kind: 'unary', operation }, [a], operation)
  binary = (operation: BinaryOperation, a: number, b: number) => {
    const swapped = operation !== 'subtract' && operation !== 'divide' && b < a
    return this.operation({ kind: 'binary', operation }, swapped ? [b, a] : [a, b], operation)
  }
  libm = (name: keyof Libm, ...list: number[]) => this.operation({ kind: 'libm', name }, list, name)
  compare = (operator: ComparisonOperator, a: number, b: number) => this.operation({ kind: 'compare', operator }, [a, b], operator)
  and = (a: number, b: number) => this.operation({ kind: 'and' }, [a, b])
  or = (a: number, b: number) => this.operation({ kind: 'or' }, [a, b])
  not = (a: number) => this.operation({ kind: 'not' }, [a])
  select = (condition: number, then: number, otherwise: number) => this.operation({ kind: 'select' }, [condition, then, otherwise])
}
