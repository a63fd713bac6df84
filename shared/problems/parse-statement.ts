import type { Statement } from '../experiment/document'
import { deviceName } from '../experiment/document'
import type { Equation, Expression } from '../expressions/ast'
import type { Libm } from '../expressions/libm'
import { constantNames, evaluate, freeNames, parseCondition, parseEquation, parseExpression, substitute } from '../expressions'
import type { AxisName } from '../fields/field'
import { axisNames } from '../fields/field'
import type { Fault, Outcome } from '../fault'
import { error, nearestName } from '../fault'
import type { ParsedBoundaryEntry, ParsedStatement, SideName } from './parsed'
import { sideAxis, sideNames } from './parsed'

export interface StatementParse {
  readonly faults: readonly Fault[]
  /** Present when no error was found. */
  readonly parsed?: ParsedStatement
  /** As far as they could be evaluated. */
  readonly parameters: Readonly<Record<string, number>>
}

const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,31}$/

/** Parses every text of a statement, resolves names in the order of the document and reports every fault with its place. Never throws. */
export function parseStatement(statement: Statement, libm: Libm): StatementParse {
  return new StatementParser(statement, libm).parse()
}

class StatementParser {
  private readonly faults: Fault[] = []
  /** Without a prototype: `toString` is a name like any other. */
  private readonly parameters = Object.create(null) as Record<string, number>
  private readonly definitions = Object.create(null) as Record<string, Expression>
  /** Declared, but with a fault of their own: using them is no second fault. */
  private readonly faulty = new Set<string>()
  private axes: { name: AxisName; lower: number; upper: number; periodic: boolean }[] = []
  private unknown = 'u'

  constructor(private readonly statement: Statement, private readonly libm: Libm) {}

  parse(): StatementParse {
    const { statement } = this
    this.parseUnknowns()
    this.parseParameters()
    this.parseDomain()
    const time = statement.time ? this.interval(statement.time, 'time', 'The time interval') : undefined
    this.parseDefinitions()
    const equations = statement.equations.map((text, i) => this.equation(text, `equations[${i}]`, this.fieldNames()))
    if (equations.length !== 1 && statement.unknowns.length === 1) {
      this.report('equation-count', `There are ${equations.length} equations for one unknown.`, 'equations', 'Give as many equations as unknowns.')
    }
    const boundary = (statement.boundary ?? []).map((entry, i) => this.boundaryEntry(entry, i)).filter(entry => entry !== undefined)
    const initial = this.initialValue(time !== undefined)
    const exact = this.exactSolution()
    const equation = equations[0]
    if (this.faults.some(f => f.severity === 'error') || !equation || this.axes.length === 0) return { faults: this.faults, parameters: { ...this.parameters } }
    return {
      faults: this.faults,
      parameters: { ...this.parameters },
      parsed: { axes: this.axes, time, unknown: this.unknown, parameters: { ...this.parameters }, definitions: { ...this.definitions }, equation, boundary, initial, exact },
    }
  }

  private report(code: string, message: string, path: string, tip?: string, text?: string, range?: { from: number; to: number }): void {
    this.faults.push(error(code, message, { tip, where: { path: `problem.${path}`, ...(text !== undefined ? { text, from: range?.from ?? 0, to: range?.to ?? text.length } : {}) } }))
  }

  private parseUnknowns(): void {
    const { unknowns } = this.statement
    unknowns.forEach((entry, i) => {
      const name = typeof entry === 'string' ? entry : entry.name
      this.checkName(name, `unknowns[${i}]`, 'unknown')
      if (typeof entry !== 'string' && entry.type !== 'real') this.report('unsupported-unknown', `The unknown ${name} is ${entry.type}; the solvers of this version take one real scalar unknown.`, `unknowns[${i}]`)
      if (i === 0) this.unknown = name
    })
    if (unknowns.length > 1) {
      this.report('unsupported-system', `The statement is a system in ${unknowns.length} unknowns; the solvers of this version take one scalar equation.`, 'unknowns', 'State one unknown and one equation.')
    }
    if (this.statement.eigenvalue !== undefined) this.report('unsupported-eigenproblem', 'The statement is an eigenproblem; this version has no eigenvalue solver.', 'eigenvalue')
    if (this.statement.random !== undefined) this.report('unsupported-random', 'Random coefficients have no use in this version: no step draws from them.', 'random')
  }

  private checkName(name: string, path: string, role: string): void {
    if (!namePattern.test(name)) return this.report('invalid-name', `"${name}" cannot name a${role === 'unknown' ? 'n' : ''} ${role}.`, path, 'Use a letter followed by letters, digits or underscores.')
    const taken = reservedNames.has(name) || constantNames.has(name) || /^d[xyztn]+$/.test(name)
    if (taken) return this.report('reserved-name', `"${name}" already has a meaning in expressions and cannot name a${role === 'unknown' ? 'n' : ''} ${role}.`, path, 'Choose another name.')
    if (role === 'unknown' && name === 'residuals') return this.report('reserved-name', `"residuals" cannot name an unknown: the solver's history of residuals is stored under this name.`, path, 'Choose another name.')
    if (role === 'unknown' && deviceName.test(name)) return this.report('reserved-name', `"${name}" cannot name an unknown: Windows gives this name to a device, and the result is a file of the unknown's name.`, path, 'Choose another name.')
    if (role !== 'unknown' && (name === this.unknown || name.startsWith(`${this.unknown}_`) && /_[xyzt]+$/.test(name))) {
      this.report('reserved-name', `"${name}" would stand for the unknown ${this.unknown} or one of its derivatives.`, path, 'Choose another name.')
    }
  }

  private parseParameters(): void {
    for (const [name, given] of Object.entries(this.statement.parameters ?? {})) {
      const path = `parameters.${name}`
      this.checkName(name, path, 'parameter')
      const value = this.scalar(given, path)
      if (value === undefined) {
        this.faulty.add(name)
        continue
      }
      if (!Number.isFinite(value)) this.report('non-finite-parameter', `The parameter ${name} is ${value}.`, path, 'A parameter must be a finite number.')
      this.parameters[name] = value
    }
  }

  /** A number, or an expression over constants and the parameters known so far. */
  private scalar(given: number | string, path: string): number | undefined {
    if (typeof given === 'number') return given
    const expression = this.accept(parseExpression(given), path)
    if (!expression || !this.namesAreKnown(expression, given, path, new Set(Object.keys(this.parameters)))) return undefined
    return evaluate(expression, this.parameters, this.libm)
  }

  private interval(pair: readonly [number | string, number | string], path: string, what: string): [number, number] | undefined {
    const lower = this.scalar(pair[0], `${path}[0]`)
    const upper = this.scalar(pair[1], `${path}[1]`)
    if (lower === undefined || upper === undefined) return undefined
    if (!Number.isFinite(lower) || !Number.isFinite(upper) || !(lower < upper)) {
      this.report('empty-interval', `${what} from ${lower} to ${upper} is empty.`, path, 'The first bound must be smaller than the second.')
      return undefined
    }
    const largest = Math.max(Math.abs(lower), Math.abs(upper))
    if (largest > 1e100 || upper - lower < 1e-100 || upper - lower < 1e-10 * largest) {
      this.report('interval-range', `${what} from ${lower} to ${upper} is too ${largest > 1e100 ? 'large' : 'short'} for double precision.`, path, 'Choose units in which it is nearer to one.')
      return undefined
    }
    return [lower, upper]
  }

  private parseDomain(): void {
    const { domain } = this.statement
    if (domain.dimension !== undefined) return this.report('unsupported-domain', `The domain is a cube in ${domain.dimension} dimensions; the solvers of this version take boxes in one to three dimensions.`, 'domain.dimension')
    if (domain.shape !== 'box') return this.report('unsupported-domain', `The domain is a ${domain.shape}; the solvers of this version take boxes.`, 'domain.shape', 'Use "shape": "box" with "bounds".')
    if (domain.holes?.length) return this.report('unsupported-domain', 'The domain has holes; the solvers of this version take boxes without holes.', 'domain.holes')
    if (!domain.bounds) return this.report('missing-bounds', 'The box has no bounds.', 'domain', 'Give "bounds": [[0, 1]] with one pair per axis.')
    const periodic = domain.periodic ?? []
    if (periodic.length > 0 && periodic.length !== domain.bounds.length) {
      this.report('periodic-count', `"periodic" has ${periodic.length} entries for ${domain.bounds.length} axes.`, 'domain.periodic', 'Give one true or false per axis.')
    }
    domain.bounds.forEach((pair, i) => {
      const bounds = this.interval(pair, `domain.bounds[${i}]`, `The domain along ${axisNames[i]}`)
      if (bounds) this.axes.push({ name: axisNames[i], lower: bounds[0], upper: bounds[1], periodic: periodic[i] ?? false })
    })
    if (this.axes.length !== domain.bounds.length) this.axes = []
  }

  private coordinateNames(): string[] {
    const names: string[] = (this.statement.domain.bounds ?? []).map((_, i) => axisNames[i])
    if (this.statement.time) names.push('t')
    return names
  }

  private closedNames(): Set<string> {
    return new Set([...this.coordinateNames(), ...Object.keys(this.statement.parameters ?? {}), ...Object.keys(this.definitions)])
  }

  private fieldNames(): Set<string> {
    const unknowns = this.statement.unknowns.map(u => (typeof u === 'string' ? u : u.name))
    return new Set([...this.closedNames(), ...Object.keys(this.statement.definitions ?? {}), ...unknowns])
  }

  private parseDefinitions(): void {
    for (const [name, text] of Object.entries(this.statement.definitions ?? {})) {
      const path = `definitions.${name}`
      this.checkName(name, path, 'definition')
      if (name in this.parameters) this.report('duplicate-name', `"${name}" is both a parameter and a definition.`, path, 'Rename one of them.')
      const expression = this.accept(parseExpression(text), path)
      if (expression && this.namesAreKnown(expression, text, path, this.closedNames())) this.definitions[name] = this.close(expression)
      else this.faulty.add(name)
    }
  }

  /** Parameters become numbers, definitions their trees. */
  private close(expression: Expression): Expression {
    const bindings: Record<string, Expression> = { ...this.definitions }
    for (const [name, value] of Object.entries(this.parameters)) bindings[name] = { kind: 'number', value }
    return substitute(expression, bindings)
  }

  private accept<T>(outcome: Outcome<T>, path: string): T | undefined {
    if (outcome.ok) return outcome.value
    for (const fault of outcome.faults) this.faults.push({ ...fault, where: { ...fault.where, path: `problem.${path}` } })
    return undefined
  }

  private namesAreKnown(expression: Expression, text: string, path: string, known: ReadonlySet<string>): boolean {
    let allKnown = true
    for (const [name, range] of freeNames(expression)) {
      if (known.has(name) || constantNames.has(name)) continue
      allKnown = false
      if (this.faulty.has(name)) continue
      const candidates = [...known, ...constantNames]
      const near = nearestName(name, candidates)
      const coordinate = (axisNames as readonly string[]).includes(name) ? `The domain has no axis ${name}.` : name === 't' ? 'A steady problem has no time: give "time": [0, 1] to state an evolution.' : undefined
      const later = Object.hasOwn(this.statement.definitions ?? {}, name) || Object.hasOwn(this.statement.parameters ?? {}, name) ? `"${name}" is declared later; move it up.` : undefined
      this.report('unknown-name', `"${name}" is not declared.`, path, coordinate ?? later ?? (near ? `Did you mean "${near}"?` : `Known here: ${candidates.slice(0, 12).join(', ')}.`), text, range)
    }
    return allKnown
  }

  private equation(text: string, path: string, known: ReadonlySet<string>): Equation | undefined {
    const equation = this.accept(parseEquation(text), path)
    if (!equation) return undefined
    const left = this.namesAreKnown(equation.left, text, path, known)
    const right = this.namesAreKnown(equation.right, text, path, known)
    return left && right ? { left: this.close(equation.left), right: this.close(equation.right) } : undefined
  }

  private boundaryEntry(entry: { on: string | string[]; condition: string }, index: number): ParsedBoundaryEntry | undefined {
    const path = `boundary[${index}]`
    const condition = this.equation(entry.condition, `${path}.condition`, this.fieldNames())
    const words = typeof entry.on === 'string' ? [entry.on] : entry.on
    const sides: SideName[] = []
    let where: Expression | undefined
    let all = false
    let known = true
    words.forEach((word, i) => {
      const place = typeof entry.on === 'string' ? `${path}.on` : `${path}.on[${i}]`
      if (word === 'all') all = true
      else if ((sideNames as readonly string[]).includes(word)) known = this.side(word as SideName, place, sides) && known
      else if (word === 'holes') {
        known = false
        this.report('no-holes', 'The domain has no holes.', place, 'Name a side, or "all".')
      } else if (/[<>]/.test(word)) {
        const parsed = this.accept(parseCondition(word), place)
        if (!parsed || !this.namesAreKnown(parsed, word, place, this.closedNames())) known = false
        else where = where ? { kind: 'or', left: where, right: this.close(parsed) } : this.close(parsed)
      } else {
        known = false
        const near = nearestName(word, [...sideNames, 'all'])
        this.report('unknown-side', `"${word}" is not a part of the boundary.`, place, near ? `Did you mean "${near}"?` : `Use all, ${sideNames.slice(0, 2 * (this.axes.length || 3)).join(', ')}, or an inequality in the coordinates.`)
      }
    })
    if (!condition || !known) return undefined
    return { index, sides: all || sides.length === 0 ? 'all' : sides, where, condition, text: entry.condition }
  }

  private side(word: SideName, path: string, sides: SideName[]): boolean {
    const axis = this.axes[sideAxis(word)]
    if (!axis) {
      if (this.axes.length > 0) this.report('unknown-side', `The domain has no side "${word}": it has ${this.axes.length} ${this.axes.length === 1 ? 'axis' : 'axes'}.`, path)
      return false
    }
    if (axis.periodic) {
      this.report('periodic-side', `The side ${word} lies on the periodic axis ${axis.name} and takes no condition.`, path, `Remove the condition, or make ${axis.name} bounded.`)
      return false
    }
    sides.push(word)
    return true
  }

  private initialValue(isEvolution: boolean): Expression | undefined {
    const given = this.statement.initial ?? {}
    for (const key of Object.keys(given)) {
      if (key !== this.unknown) this.report('unknown-initial', `There is an initial value for "${key}".`, `initial.${key}`, key === `dt(${this.unknown})` ? 'Only statements of first order in time have solvers in this version.' : `The unknown is ${this.unknown}.`)
    }
    const text = Object.hasOwn(given, this.unknown) ? given[this.unknown] : undefined
    if (text === undefined) {
      if (isEvolution) this.report('missing-initial', `The unknown ${this.unknown} has no initial value.`, 'initial', `Give "initial": { "${this.unknown}": "…" }.`)
      return undefined
    }
    if (!isEvolution) this.report('initial-without-time', 'There is an initial value but no time interval.', 'initial', 'Give "time": [0, 1], or remove the initial value.')
    return this.closedExpression(text, `initial.${this.unknown}`)
  }

  private exactSolution(): Expression | undefined {
    const given = this.statement.exact ?? {}
    for (const key of Object.keys(given)) if (key !== this.unknown) this.report('unknown-exact', `There is an exact solution for "${key}", which is not an unknown.`, `exact.${key}`, `The unknown is ${this.unknown}.`)
    const text = Object.hasOwn(given, this.unknown) ? given[this.unknown] : undefined
    return text === undefined ? undefined : this.closedExpression(text, `exact.${this.unknown}`)
  }

  private closedExpression(text: string, path: string): Expression | undefined {
    const expression = this.accept(parseExpression(text), path)
    if (!expression || !this.namesAreKnown(expression, text, path, this.closedNames())) return undefined
    return this.close(expression)
  }
}

const reservedNames = new Set(['x', 'y', 'z', 't', 'n', 'lap', 'grad', 'div', 'dot', 'curl', 'sum', 'if', 'and', 'or', 'not', 'sin', 'cos', 'tan', 'exp', 'log', 'ln', 'sqrt', 'abs', 'min', 'max', 'sign'])
