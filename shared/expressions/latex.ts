import type { BinaryNode, CallNode, CompareNode, Equation, Expression } from './ast'
import { derivativeLetters } from './functions'
import { equalExpressions, number } from './structure'
import { latexFromName, latexFromNumber } from './symbols'

export interface LatexOptions {
  /** `u_t` (the default) or `\partial_t u` for derivatives of a plain name. */
  readonly derivatives?: 'subscript' | 'partial'
}

/**
 * Typesets an expression, a condition or an equation as one writes by hand: `-div(a*grad(u)) + 2*(k*pi)^2*ue` → −∇·(a∇u) + 2(kπ)²uₑ.
 * The result is plain TeX mathematics for KaTeX and MathJax alike (no packages, no macros).
 */
export function toLatex(e: Expression | Equation, options: LatexOptions = {}): string {
  const writer = new Writer(options)
  return 'kind' in e ? writer.write(e) : `${writer.write(e.left)} = ${writer.write(e.right)}`
}

/** `operator` is a derivative or function applied to something: as a factor it must stand last or in brackets. */
const level = { logic: 0, comparison: 1, sum: 2, product: 3, operator: 4, power: 5, atom: 6 } as const

const isTall = (tex: string) => /\\frac|\\begin|\\sum|\\sqrt/.test(tex)
const inBrackets = (tex: string) => (isTall(tex) ? `\\left(${tex}\\right)` : `(${tex})`)
const script = (tex: string) => (/^[A-Za-z0-9]$/.test(tex) ? tex : `{${tex}}`)

const functionNames: ReadonlyMap<string, string> = new Map([
  ...['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'log', 'ln', 'min', 'max', 'exp'].map(f => [f, `\\${f}`] as const),
  ['asin', '\\arcsin'], ['acos', '\\arccos'], ['atan', '\\arctan'], ['log2', '\\log_2'], ['log10', '\\log_{10}'], ['heaviside', 'H'], ['sign', '\\operatorname{sgn}'], ['re', '\\operatorname{Re}'], ['im', '\\operatorname{Im}'],
])
const operatorSigns: ReadonlyMap<string, string> = new Map([['lap', '\\Delta '], ['grad', '\\nabla '], ['div', '\\nabla\\cdot '], ['curl', '\\nabla\\times '], ['dn', '\\partial_n ']])
const comparisonSigns = { '<': '<', '<=': '\\le', '>': '>', '>=': '\\ge' } as const

class Writer {
  /** Indices of the sums around: `xi` is the coordinate with index i there. */
  private readonly indices: string[] = []
  /** Inside an exponent fractions are written with a slash. */
  private inScript = false

  constructor(private readonly options: LatexOptions) {}

  write(e: Expression): string {
    switch (e.kind) {
      case 'number': return latexFromNumber(e.value, e.text)
      case 'name': return this.named(e.name)
      case 'negate': return `-${this.atLeast(e.argument, level.product)}`
      case 'binary': return this.binary(e)
      case 'call': return this.called(e)
      case 'compare': return `${this.write(e.left)} ${comparisonSigns[e.operator]} ${this.write(e.right)}`
      case 'and': return this.chain(e.left, e.right) ?? `${this.conjunct(e.left)} \\text{ and } ${this.conjunct(e.right)}`
      case 'or': return `${this.atLeast(e.left, level.comparison)} \\text{ or } ${this.atLeast(e.right, level.comparison)}`
      case 'not': return `\\lnot ${inBrackets(this.write(e.argument))}`
    }
  }

  private named(name: string): string {
    const index = this.indices.find(i => name === `x${i}` || name === `x_${i}`)
    return index === undefined ? latexFromName(name) : `x_${script(latexFromName(index))}`
  }

  private atLeast(e: Expression, least: number): string {
    const tex = this.write(e)
    return this.levelOf(e) < least ? inBrackets(tex) : tex
  }

  private levelOf(e: Expression): number {
    switch (e.kind) {
      case 'number': return e.value < 0 ? level.sum : /[eE]/.test(e.text ?? String(e.value)) ? level.product : level.atom
      case 'name': return level.atom
      case 'negate': return level.sum
      case 'compare': return level.comparison
      case 'and': case 'or': case 'not': return level.logic
      case 'call': return this.levelOfCall(e)
      case 'binary': return e.operator === '^' ? level.power : e.operator === '+' || e.operator === '-' ? level.sum : e.operator === '/' && splitSign(e)[0] ? level.sum : level.product
    }
  }

  private levelOfCall(e: CallNode): number {
    if (operatorSigns.has(e.name) || e.name === 'sum') return level.operator
    if (e.name === 'dot' || e.name === 'outer' || e.name === 'traction') return level.product
    if (e.name === 'pow' || e.name === 'transpose') return level.power
    if (derivativeLetters(e.name) !== undefined) return this.hasSubscript(e) ? level.power : level.operator
    if (e.name === 'exp') return this.isShortExponent(e) ? level.power : level.atom
    return level.atom
  }

  private conjunct(e: Expression): string {
    return e.kind === 'or' ? inBrackets(this.write(e)) : this.write(e)
  }

  /** 0 < x and x < 1 is written 0 < x < 1. */
  private chain(left: Expression, right: Expression): string | undefined {
    const last = left.kind === 'and' ? left.right : left
    if (last.kind !== 'compare' || right.kind !== 'compare' || !equalExpressions(last.right, right.left)) return undefined
    if (left.kind === 'and' && !this.chain(left.left, last)) return undefined
    return `${this.write(left)} ${comparisonSigns[(right as CompareNode).operator]} ${this.write(right.right)}`
  }

  private binary(e: BinaryNode): string {
    switch (e.operator) {
      case '+': {
        const [negative, right] = splitSign(e.right)
        return `${this.write(e.left)} ${negative ? '-' : '+'} ${this.atLeast(right, negative ? level.product : level.sum)}`
      }
      case '-': return `${this.write(e.left)} - ${this.atLeast(e.right, level.product)}`
      case '*': return this.product(e)
      case '/': return this.quotient(e)
      case '^': return this.power(e.left, e.right)
    }
  }

  private product(e: BinaryNode): string {
    const [negative, unsigned] = splitSign(e)
    if (negative) return `-${this.atLeast(unsigned, level.product)}`
    const factors = factorsOf(e)
    return factors.map((factor, i) => this.atLeast(factor, i < factors.length - 1 && this.levelOf(factor) === level.operator ? level.power : level.product)).reduce(juxtaposed)
  }

  private quotient(e: BinaryNode): string {
    const [negative, unsigned] = splitSign(e)
    if (negative) return `-${this.atLeast(unsigned, level.product)}`
    if (!this.inScript) return `\\frac{${this.write(e.left)}}{${this.write(e.right)}}`
    return `${this.atLeast(e.left, level.product)}/${this.atLeast(e.right, level.operator)}`
  }

  private power(base: Expression, exponent: Expression): string {
    const raised = this.script(exponent)
    const head = base.kind === 'call' && exponent.kind === 'number' && Number.isInteger(exponent.value) && exponent.value > 1 ? functionNames.get(base.name) : undefined
    if (head?.startsWith('\\') && !head.includes('_') && base.kind === 'call' && base.name !== 'exp') return `${head}^${script(raised)}${this.list(base.arguments)}`
    const tex = this.atLeast(base, level.atom)
    return `${/[_^]/.test(tex) && !tex.startsWith('(') && !tex.startsWith('\\left(') ? `{${tex}}` : tex}^${script(raised)}`
  }

  private script(e: Expression): string {
    const outside = this.inScript
    this.inScript = true
    const tex = this.write(e)
    this.inScript = outside
    return tex
  }

  private list(values: readonly Expression[]): string {
    return inBrackets(values.map(v => this.write(v)).join(', '))
  }

  private called(e: CallNode): string {
    const [a, b] = e.arguments
    const sign = operatorSigns.get(e.name)
    if (sign !== undefined) return this.applied(sign, a)
    const letters = derivativeLetters(e.name)
    if (letters !== undefined) return this.hasSubscript(e) ? `${this.write(a)}_${script(letters)}` : this.applied(`\\partial_${script(letters)} `, a)
    switch (e.name) {
      case 'dot': return `${this.atLeast(a, level.operator)}\\cdot ${this.atLeast(b, level.operator)}`
      case 'sum': return this.summed(a, b)
      case 'vec': return `\\begin{pmatrix} ${e.arguments.map(v => this.write(v)).join(' \\\\ ')} \\end{pmatrix}`
      case 'outer': return `${this.atLeast(a, level.operator)}\\otimes ${this.atLeast(b, level.operator)}`
      case 'traction': return `\\sigma${this.list([a])}\\,n`
      case 'transpose': return `${this.atLeast(a, level.atom)}^{\\top}`
      case 'pow': return this.power(a, b)
      case 'exp': return this.isShortExponent(e) ? `e^{${this.script(a)}}` : `\\exp${this.list([a])}`
      case 'sqrt': return `\\sqrt{${this.write(a)}}`
      case 'cbrt': return `\\sqrt[3]{${this.write(a)}}`
      case 'abs': return isTall(this.write(a)) ? `\\left\\lvert ${this.write(a)}\\right\\rvert ` : `\\lvert ${this.write(a)}\\rvert `
      case 'floor': return `\\lfloor ${this.write(a)}\\rfloor `
      case 'ceil': return `\\lceil ${this.write(a)}\\rceil `
      case 'conj': return `\\overline{${this.write(a)}}`
      case 'mod': return `(${this.atLeast(a, level.product)} \\bmod ${this.atLeast(b, level.operator)})`
      case 'if': return `\\begin{cases} ${this.write(b)} & \\text{if } ${this.write(a)} \\\\ ${this.write(e.arguments[2])} & \\text{otherwise} \\end{cases}`
      default: return `${functionNames.get(e.name) ?? `\\operatorname{${e.name}}`}${this.list(e.arguments)}`
    }
  }

  /** ∇u, but ∇(u + v). */
  private applied(sign: string, e: Expression): string {
    const isPower = e.kind === 'binary' || (e.kind === 'call' && e.name === 'pow')
    return `${sign}${this.levelOf(e) >= level.operator && !isPower ? this.write(e) : inBrackets(this.write(e))}`
  }

  private summed(index: Expression, body: Expression): string {
    this.indices.push(index.kind === 'name' ? index.name : '')
    const tex = `\\sum_{${this.write(index)}} ${this.atLeast(body, level.product)}`
    this.indices.pop()
    return tex
  }

  private hasSubscript(e: CallNode): boolean {
    const [a] = e.arguments
    return this.options.derivatives !== 'partial' && a.kind === 'name' && !this.named(a.name).includes('_')
  }

  private isShortExponent(e: CallNode): boolean {
    const tex = this.script(e.arguments[0])
    return !this.inScript && tex.length <= 24 && !isTall(tex)
  }
}

/** Factors of a product from left to right. */
function factorsOf(e: Expression): readonly Expression[] {
  return e.kind === 'binary' && e.operator === '*' ? [...factorsOf(e.left), ...factorsOf(e.right)] : [e]
}

/** Takes a leading minus sign off a product, quotient or number. */
function splitSign(e: Expression): readonly [boolean, Expression] {
  if (e.kind === 'negate') return [true, e.argument]
  if (e.kind === 'number' && e.value < 0) return [true, number(-e.value)]
  if (e.kind === 'binary' && (e.operator === '*' || e.operator === '/')) {
    const [negative, left] = splitSign(e.left)
    if (negative) return [true, { ...e, left }]
  }
  return [false, e]
}

/** Two factors side by side: a dot between numbers, a thin space beside words, a space where a command would run into a letter. */
function juxtaposed(left: string, right: string): string {
  if (/^[\d.]/.test(right) || (/[\d}]$/.test(left) && /^\\frac/.test(right))) return `${left}\\cdot ${right}`
  if (/\\(mathrm|operatorname)\{[^}]*\}[^(]*$/.test(left) || /^\\(mathrm|operatorname)/.test(right)) return `${left}\\,${right}`
  return /\\[A-Za-z]+$/.test(left) && /^[A-Za-z]/.test(right) ? `${left} ${right}` : `${left}${/[A-Za-z}]$/.test(left) && /^[A-Za-z]/.test(right) ? ' ' : ''}${right}`
}

