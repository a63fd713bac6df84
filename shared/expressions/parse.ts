import { error, FaultError, fail, nearestName, succeed, type Fault, type FaultPlace, type Outcome } from '../fault'
import type { BinaryOperator, ComparisonOperator, Equation, Expression, SourceRange } from './ast'
import { foreignNames, functionNamed, functionTable } from './functions'
import { tokenize, type Token } from './tokens'

/**
 * A Pratt parser (V. R. Pratt, "Top down operator precedence", POPL 1973) for the statement language. From loose to tight: `or`, `and`, `not`,
 * comparison (chains allowed), `+ -`, `* /`, unary minus, `^` (to the right). So −x² is −(x²) and 2^−1 is a half.
 * Every node carries its range; brackets around a node belong to its range. No input makes these functions throw.
 */

/** Brackets, signs, powers and calls inside one another. */
export const MAXIMUM_NESTING = 256
/** Levels of the tree: long sums and products are deep to the left. */
export const MAXIMUM_DEPTH = 1024

const power = { or: 1, and: 2, not: 3, comparison: 4, sum: 5, product: 6, minus: 7, exponent: 8 } as const

/** A value: `sin(pi*x) + dx(u)`. An equation or a bare inequality is a fault. */
export function parseExpression(text: string): Outcome<Expression> {
  return guarded(text, parser => parser.whole('expression'))
}

/** `left = right`, with exactly one equals sign. */
export function parseEquation(text: string): Outcome<Equation> {
  return guarded(text, parser => parser.equation())
}

/** An inequality, `0 < x < 1`, or several joined by `and`, `or`, `not`. A chain becomes comparisons joined by `and`. */
export function parseCondition(text: string): Outcome<Expression> {
  return guarded(text, parser => parser.whole('condition'))
}

function guarded<T>(text: string, parse: (parser: Parser) => T): Outcome<T> {
  const tokens = tokenize(text)
  if (!tokens.ok) return tokens
  try {
    return succeed(parse(new Parser(text, tokens.value)))
  } catch (thrown) {
    if (thrown instanceof FaultError) return fail(...thrown.faults)
    throw thrown
  }
}

const isCondition = (e: Expression) => e.kind === 'compare' || e.kind === 'and' || e.kind === 'or' || e.kind === 'not'

class Parser {
  private at = 0
  private nesting = 0
  private readonly depths = new WeakMap<Expression, number>()

  constructor(private readonly text: string, private readonly tokens: readonly Token[]) {}

  whole(wanted: 'expression' | 'condition'): Expression {
    const result = this.parse(0)
    const next = this.peek()
    if (next.kind === 'symbol' && next.text === '=') {
      if (wanted === 'condition') throw this.fault('equation-not-allowed', 'A condition is an inequality; "=" cannot stand in it.', next, 'Write <, <=, > or >=.')
      throw this.fault('equation-not-allowed', 'A single expression is expected here, but "=" makes it an equation.', next, 'Keep only one side.')
    }
    this.expectEnd()
    return wanted === 'condition' ? this.condition(result) : this.value(result)
  }

  equation(): Equation {
    const left = this.value(this.parse(0))
    const sign = this.peek()
    if (sign.text !== '=') {
      this.expectEnd()
      throw this.fault('missing-equals', 'An equation needs "=" with something on both sides.', { from: 0, to: this.text.length }, 'For example -lap(u) = f.')
    }
    this.at++
    const right = this.value(this.parse(0))
    const next = this.peek()
    if (next.text === '=') throw this.fault('second-equals', 'An equation has exactly one "=".', next, 'Write one equation per line.')
    this.expectEnd()
    return { left, right }
  }

  private parse(minimum: number): Expression {
    if (++this.nesting > MAXIMUM_NESTING) throw this.fault('too-deep', `The expression nests deeper than ${MAXIMUM_NESTING} levels.`, this.peek(), 'Split it with definitions.')
    let left = this.prefix()
    for (;;) {
      const token = this.peek()
      const operator = token.kind === 'symbol' || token.kind === 'name' ? token.text : ''
      const tightness = infixPower(operator)
      if (tightness === undefined || tightness < minimum) break
      this.at++
      left = this.infix(left, operator, tightness)
    }
    this.nesting--
    return left
  }

  private infix(left: Expression, operator: string, tightness: number): Expression {
    if (operator === 'and' || operator === 'or') {
      const right = this.parse(tightness + 1)
      return this.node({ kind: operator, left: this.condition(left), right: this.condition(right), range: span(left, right) })
    }
    if (tightness === power.comparison) return this.comparison(left, operator as ComparisonOperator)
    // `^` is right-associative and takes a sign in its exponent
    const right = operator === '^' ? this.parse(power.exponent) : this.parse(tightness + 1)
    return this.node({ kind: 'binary', operator: operator as BinaryOperator, left: this.value(left), right: this.value(right), range: span(left, right) })
  }

  private comparison(first: Expression, operator: ComparisonOperator): Expression {
    let left = this.value(first)
    let chain: Expression | undefined
    for (let sign = operator; ; ) {
      const right = this.value(this.parse(power.comparison + 1))
      const link = this.node({ kind: 'compare', operator: sign, left, right, range: span(left, right) })
      chain = chain ? this.node({ kind: 'and', left: chain, right: link, range: span(chain, link) }) : link
      const next = this.peek()
      if (infixPower(next.kind === 'symbol' ? next.text : '') !== power.comparison) return chain
      if (next.text[0] !== operator[0]) throw this.fault('mixed-chain', 'A chain of inequalities must point one way.', next, 'Join two conditions with and.')
      this.at++
      sign = next.text as ComparisonOperator
      left = right
    }
  }

  private prefix(): Expression {
    const token = this.peek()
    if (token.kind === 'number') {
      this.at++
      return this.followed({ kind: 'number', value: token.value!, text: token.text, range: rangeOf(token) })
    }
    if (token.kind === 'name') {
      if (token.text === 'not') {
        this.at++
        const argument = this.parse(power.not)
        return this.node({ kind: 'not', argument: this.condition(argument), range: { from: token.from, to: argument.range!.to } })
      }
      if (token.text === 'and' || token.text === 'or') throw this.missingOperand(token)
      this.at++
      if (this.peek().text === '(') return this.followed(this.call(token))
      return this.followed({ kind: 'name', name: token.text, range: rangeOf(token) })
    }
    if (token.text === '-') {
      this.at++
      const argument = this.value(this.parse(power.minus))
      return this.node({ kind: 'negate', argument, range: { from: token.from, to: argument.range!.to } })
    }
    if (token.text === '+') {
      this.at++
      const argument = this.value(this.parse(power.minus))
      return this.widen(argument, token.from, argument.range!.to)
    }
    if (token.text === '(') {
      this.at++
      if (this.peek().text === ')') throw this.fault('missing-operand', 'There is nothing between the brackets.', { from: token.from, to: this.peek().to }, 'Write an expression between them.')
      const inner = this.parse(0)
      const to = this.close(token)
      return this.followed(this.widen(inner, token.from, to))
    }
    throw this.missingOperand(token)
  }

  private call(name: Token): Expression {
    const entry = functionNamed(name.text)
    if (!entry) throw this.unknownFunction(name)
    const open = this.tokens[this.at++]
    const list: Expression[] = []
    if (this.peek().text !== ')') {
      for (;;) {
        list.push(this.parse(0))
        if (this.peek().text !== ',') break
        this.at++
      }
    }
    const to = this.close(open)
    const range = { from: name.from, to }
    if (list.length < entry.arity || list.length > (entry.maximumArity ?? entry.arity)) {
      const words = ['no arguments', 'one argument', 'two arguments', 'three arguments']
      const count = entry.maximumArity === undefined ? words[entry.arity] : `${words[entry.arity].split(' ')[0]} or ${words[entry.maximumArity]}`
      throw this.fault('wrong-arity', `${name.text} takes ${count}, here it has ${list.length}.`, range, arityTip(name.text, entry.arity))
    }
    const checked = list.map((argument, index) => (entry.kind === 'choice' && index === 0 ? this.condition(argument) : this.value(argument)))
    if (entry.kind === 'sum' && checked[0].kind !== 'name') throw this.fault('sum-index', 'The first argument of sum is the name of its index.', checked[0].range!, 'Write sum(i, expression).')
    return this.node({ kind: 'call', name: name.text, arguments: checked, range })
  }

  private close(open: Token): number {
    const next = this.peek()
    if (next.text === ')') {
      this.at++
      return next.to
    }
    if (next.kind === 'end') throw this.fault('unclosed-bracket', 'This bracket is never closed.', open, 'Add ) where it should end.')
    if (next.text === '=') throw this.fault('unclosed-bracket', 'This bracket is not closed before "=".', open, 'Add ) where it should end.')
    if (next.text === ',') {
      const between = [this.tokens[this.at - 1], this.tokens[this.at + 1]]
      const decimal = between.every(t => t.kind === 'number') && between[0].to === next.from && between[1].from === next.to
      throw this.fault('stray-comma', 'A comma can only separate the arguments of a function.', next, decimal ? `Write the decimal point: ${between[0].text}.${between[1].text}.` : 'Remove it.')
    }
    throw this.fault('missing-operator', 'An operator or ) is expected here.', next)
  }

  /** After a complete operand: a second operand means that an operator was forgotten. */
  private followed(operand: Expression): Expression {
    const next = this.peek()
    const startsOperand = next.kind === 'number' || (next.kind === 'name' && !['and', 'or'].includes(next.text)) || next.text === '('
    if (!startsOperand) return operand
    const left = this.text.slice(operand.range!.from, operand.range!.to)
    const shown = left.length > 24 ? '…' : left
    if (operand.kind === 'name' && functionNamed(operand.name)) {
      throw this.fault('function-without-brackets', `${operand.name} needs its argument in brackets.`, { from: operand.range!.from, to: next.to }, `Write ${operand.name}(${next.text}${next.text === '(' ? '…' : ''}).`)
    }
    const right = next.text === '(' ? '(…)' : next.kind === 'name' && this.tokens[this.at + 1].text === '(' ? `${next.text}(…)` : this.text.slice(next.from, next.to)
    throw this.fault('missing-operator', `An operator is missing between "${shown}" and "${right}".`, { from: operand.range!.from, to: next.to }, `To multiply, write ${shown}*${right}.`)
  }

  private unknownFunction(name: Token): FaultError {
    const near = foreignNames.get(name.text) ?? (name.text.length >= 3 ? nearestName(name.text, functionTable.map(f => f.name)) : undefined)
    const tip = near ? `Did you mean ${near}?` : `To multiply, write ${name.text.length > 24 ? '' : name.text}*(…).`
    return this.fault('unknown-function', `There is no function "${name.text.length > 40 ? `${name.text.slice(0, 40)}…` : name.text}".`, name, tip)
  }

  private missingOperand(token: Token): FaultError {
    const before = this.tokens[this.at - 1]
    if (token.kind === 'end' && !before) return this.fault('empty', 'The expression is empty.', token, 'Write an expression, for example sin(pi*x).')
    if (!before) return token.text === ')' ? this.unopened(token) : this.fault('missing-operand', `A number, a name or ( is expected before "${token.text}".`, token)
    const what = token.kind === 'end' ? 'but the text ends' : `but "${token.text}" stands there`
    const place = token.kind === 'end' ? { from: before.from, to: before.to } : token
    return this.fault('missing-operand', `After "${before.text}" a number, a name or ( is expected, ${what}.`, place)
  }

  private unopened(token: Token): FaultError {
    return this.fault('unopened-bracket', 'This bracket closes nothing: there is no ( for it.', token, 'Remove it, or add ( before.')
  }

  private expectEnd(): void {
    const next = this.peek()
    if (next.kind === 'end') return
    if (next.text === ')') throw this.unopened(next)
    if (next.text === ',') this.close(next)
    throw this.fault('missing-operator', 'An operator is expected here.', next)
  }

  private value(e: Expression): Expression {
    if (!isCondition(e)) return e
    throw this.fault('condition-not-allowed', 'A number is expected here, but this is a condition.', e.range!, 'Write if(condition, a, b) to choose between values.')
  }

  private condition(e: Expression): Expression {
    if (isCondition(e)) return e
    throw this.fault('condition-expected', 'An inequality is expected here, but this is a number.', e.range!, 'Compare with <, <=, > or >=, for example x < 0.5.')
  }

  private node<T extends Expression>(e: T): T {
    let depth = 0
    const look = (child: Expression) => { depth = Math.max(depth, this.depths.get(child) ?? 1) }
    if ('left' in e) {
      look(e.left)
      look(e.right)
    } else if (e.kind === 'call') e.arguments.forEach(look)
    else if ('argument' in e) look(e.argument)
    if (depth >= MAXIMUM_DEPTH) throw this.fault('too-deep', `The expression has more than ${MAXIMUM_DEPTH} operations inside one another.`, e.range!, 'Split it with definitions.')
    this.depths.set(e, depth + 1)
    return e
  }

  private widen(e: Expression, from: number, to: number): Expression {
    const wide = { ...e, range: { from, to } }
    this.depths.set(wide, this.depths.get(e) ?? 1)
    return wide
  }

  private peek(): Token {
    return this.tokens[this.at]
  }

  private fault(code: string, message: string, place: SourceRange, tip?: string): FaultError {
    const where: FaultPlace = { text: this.text, from: place.from, to: place.to }
    const fault: Fault = error(code, message, tip === undefined ? { where } : { where, tip })
    return new FaultError(fault)
  }
}

function infixPower(operator: string): number | undefined {
  switch (operator) {
    case 'or': return power.or
    case 'and': return power.and
    case '<': case '<=': case '>': case '>=': return power.comparison
    case '+': case '-': return power.sum
    case '*': case '/': return power.product
    case '^': return power.exponent
    default: return undefined
  }
}

function arityTip(name: string, arity: number): string {
  if (name === 'if') return 'Write if(condition, then, else).'
  if (name === 'sum') return 'Write sum(i, expression).'
  if (name === 'atan2') return 'Write atan2(y, x).'
  return `Write ${name}(${['', 'a', 'a, b', 'a, b, c'][arity]}).`
}

const rangeOf = (token: Token): SourceRange => ({ from: token.from, to: token.to })
const span = (left: Expression, right: Expression): SourceRange => ({ from: left.range!.from, to: right.range!.to })
