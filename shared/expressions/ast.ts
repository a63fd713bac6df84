/**
 * The abstract syntax of expressions (experiment-format: numbers, declared names, operators, a fixed list of functions; no members,
 * no indexing, no assignment, no strings). Nodes are immutable; `range` is where the node stands in the text it was parsed from
 * (half-open, UTF-16 units), absent on nodes made by algebra.
 */
export interface SourceRange {
  readonly from: number
  readonly to: number
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '^'
export type ComparisonOperator = '<' | '<=' | '>' | '>='

interface Node {
  readonly range?: SourceRange
}
export interface NumberNode extends Node { readonly kind: 'number'; readonly value: number; /** as typed, for LaTeX */ readonly text?: string }
export interface NameNode extends Node { readonly kind: 'name'; readonly name: string }
export interface NegateNode extends Node { readonly kind: 'negate'; readonly argument: Expression }
export interface BinaryNode extends Node { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
/** Elementary functions (`sin`), differential operators (`lap`, `dx`, `dxx`, `div`, `grad`, `dot`, `curl`, `dt`, `dn`) and `sum(i, e)`. */
export interface CallNode extends Node { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
/** Conditions, in `on`, `where` and as the first argument of `if(condition, then, else)`. Value 1 or 0. */
export interface CompareNode extends Node { readonly kind: 'compare'; readonly operator: ComparisonOperator; readonly left: Expression; readonly right: Expression }
export interface LogicalNode extends Node { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
export interface NotNode extends Node { readonly kind: 'not'; readonly argument: Expression }

export type Expression = NumberNode | NameNode | NegateNode | BinaryNode | CallNode | CompareNode | LogicalNode | NotNode

/** `left = right`, with the whole text's range. */
export interface Equation {
  readonly left: Expression
  readonly right: Expression
}
