import { error, fail, succeed, type Fault, type Outcome } from '../fault'

/** Lexical elements of expressions, with their half-open place in the text. */
export interface Token {
  readonly kind: 'number' | 'name' | 'symbol' | 'end'
  /** The spelling; for `π` the name `pi`. */
  readonly text: string
  readonly value?: number
  readonly from: number
  readonly to: number
}

export const MAXIMUM_LENGTH = 20_000

const isDigit = (c: string) => c >= '0' && c <= '9'
const isNameStart = (c: string) => (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_'

/** Splits a text into tokens; the last one has kind `end`. Faults: `too-long`, `stray-character`, `malformed-number`, `number-out-of-range`. */
export function tokenize(text: string): Outcome<readonly Token[]> {
  if (text.length > MAXIMUM_LENGTH) {
    return fail(error('too-long', `The expression has ${text.length} characters; at most ${MAXIMUM_LENGTH} are allowed.`, { tip: 'Split it with definitions.' }))
  }
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const c = text[at]
    if (c === ' ' || c === '\t' || c === '\n' || c === '\r' || c === '\u00a0') {
      at++
    } else if (isDigit(c) || (c === '.' && isDigit(text[at + 1] ?? ''))) {
      const to = endOfNumber(text, at)
      const spelling = text.slice(at, to)
      if (text[to] === '.' && isDigit(text[to + 1] ?? '')) {
        return fail(error('malformed-number', `A number has at most one decimal point, "${shortened(text.slice(at, to + 2))}" has two.`, { where: { text, from: at, to: to + 2 } }))
      }
      const value = Number(spelling)
      if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(spelling.split(/[eE]/)[0]))) {
        return fail(error('number-out-of-range', `The number ${shortened(spelling)} is too ${value === 0 ? 'small' : 'large'} for double precision.`, { where: { text, from: at, to } }))
      }
      tokens.push({ kind: 'number', text: spelling, value, from: at, to })
      at = to
    } else if (isNameStart(c)) {
      let to = at + 1
      while (to < text.length && (isNameStart(text[to]) || isDigit(text[to]))) to++
      tokens.push({ kind: 'name', text: text.slice(at, to), from: at, to })
      at = to
    } else if (c === 'π') {
      tokens.push({ kind: 'name', text: 'pi', from: at, to: at + 1 })
      at++
    } else {
      const symbol = symbolAt(text, at)
      if (symbol === undefined) return fail(strayCharacter(text, at))
      tokens.push({ kind: 'symbol', text: symbol, from: at, to: at + symbol.length })
      at += symbol.length
    }
  }
  tokens.push({ kind: 'end', text: '', from: text.length, to: text.length })
  return succeed(tokens)
}

const shortened = (spelling: string) => (spelling.length > 24 ? `${spelling.slice(0, 20)}…` : spelling)

function endOfNumber(text: string, from: number): number {
  let to = from
  const digits = () => { while (to < text.length && isDigit(text[to])) to++ }
  digits()
  if (text[to] === '.') to++
  digits()
  if (text[to] === 'e' || text[to] === 'E') {
    const sign = text[to + 1] === '+' || text[to + 1] === '-' ? 1 : 0
    if (isDigit(text[to + 1 + sign] ?? '')) {
      to += 1 + sign
      digits()
    }
  }
  return to
}

function symbolAt(text: string, at: number): string | undefined {
  const two = text.slice(at, at + 2)
  if (two === '<=' || two === '>=') return two
  if (two === '**' || two === '==' || two === '!=') return undefined
  return '+-*/^(),<>='.includes(text[at]) ? text[at] : undefined
}

/** Characters that people paste or carry over from programming: what they are called and what to write. */
const foreign: ReadonlyMap<string, readonly [name: string, tip: string]> = new Map([
  ['−', ['the minus sign U+2212', 'Write the hyphen-minus - instead.']], ['–', ['an en dash', 'Write the hyphen-minus - instead.']], ['—', ['an em dash', 'Write the hyphen-minus - instead.']],
  ['·', ['a middle dot', 'Write * for multiplication.']], ['⋅', ['a dot operator', 'Write * for multiplication.']], ['×', ['a multiplication sign', 'Write * for multiplication.']],
  ['∗', ['an asterisk operator', 'Write * for multiplication.']], ['÷', ['a division sign', 'Write / for division.']], ['⁄', ['a fraction slash', 'Write / for division.']],
  ['≤', ['a less-or-equal sign', 'Write <= instead.']], ['≥', ['a greater-or-equal sign', 'Write >= instead.']], ['≠', ['a not-equal sign', 'Write an inequality with <, <=, > or >=.']],
  ['²', ['a superscript two', 'Write ^2 instead.']], ['³', ['a superscript three', 'Write ^3 instead.']], ['√', ['a square root sign', 'Write sqrt(…) instead.']],
  ['∂', ['a partial derivative sign', 'Write dx(u), dt(u), … for derivatives.']], ['∇', ['a nabla', 'Write grad(…) or div(…) instead.']], ['Δ', ['a capital delta', 'Write lap(…) for the Laplacian.']],
  ['∆', ['an increment sign', 'Write lap(…) for the Laplacian.']], ['∞', ['an infinity sign', 'Expressions hold finite numbers only.']],
  ['[', ['a square bracket', 'Use round brackets ( and ).']], [']', ['a square bracket', 'Use round brackets ( and ).']], ['{', ['a curly bracket', 'Use round brackets ( and ).']], ['}', ['a curly bracket', 'Use round brackets ( and ).']],
  ['"', ['a quotation mark', 'Expressions have no text in quotes.']], ["'", ['an apostrophe', 'Write dx(u), dt(u), … for derivatives.']], ['`', ['a backtick', 'Remove it.']],
  [';', ['a semicolon', 'Separate arguments with a comma.']], [':', ['a colon', 'Remove it.']], ['.', ['a dot', 'A dot is allowed only inside a number, as in 0.5.']],
  ['%', ['a percent sign', 'Write mod(a, b) for the remainder.']], ['&', ['an ampersand', 'Write and between conditions.']], ['|', ['a vertical bar', 'Write abs(…), or or between conditions.']],
  ['!', ['an exclamation mark', 'Write not before a condition.']], ['\\', ['a backslash', 'Write names without it, for example alpha.']], ['$', ['a dollar sign', 'Remove it.']],
  ['#', ['a number sign', 'Remove it.']], ['@', ['an at sign', 'Remove it.']], ['?', ['a question mark', 'Write if(condition, a, b).']], ['~', ['a tilde', 'Remove it.']],
])

const greek = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta', 'theta', 'iota', 'kappa', 'lambda', 'mu', 'nu', 'xi', 'omicron', 'pi', 'rho', 'sigma', 'sigma', 'tau', 'upsilon', 'phi', 'chi', 'psi', 'omega']

function strayCharacter(text: string, at: number): Fault {
  const two = text.slice(at, at + 2)
  const pair = { '**': 'Write ^ for powers.', '==': 'Write a single =.', '!=': 'Write an inequality with <, <=, > or >=.', '&&': 'Write and between conditions.', '||': 'Write or between conditions.' }[two]
  if (pair) return error('stray-character', `"${two}" is not an operator here.`, { where: { text, from: at, to: at + 2 }, tip: pair })
  const character = String.fromCodePoint(text.codePointAt(at)!)
  const where = { text, from: at, to: at + character.length }
  const known = foreign.get(character)
  if (known) return error('stray-character', `${known[0][0].toUpperCase()}${known[0].slice(1)} ("${character}") cannot stand in an expression.`, { where, tip: known[1] })
  const letter = greek[character.toLowerCase().charCodeAt(0) - 0x3b1]
  if (letter) return error('stray-character', `The Greek letter "${character}" cannot stand in an expression.`, { where, tip: `Write ${letter}; it is typeset as the letter.` })
  const code = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  const printable = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? ` ("${character}")` : ''
  return error('stray-character', `The character ${code}${printable} cannot stand in an expression.`, { where, tip: 'Use letters a–z, digits, + - * / ^ and brackets.' })
}
