import type { Statement } from '../experiment/document'
import type { Equation, Expression } from '../expressions/ast'
import type { Libm } from '../expressions/libm'
import { constantNames, evaluate, expandSums, freeNames, parseCondition, parseEquation, parseExpression, substitute } from '../expressions'
import { axisNames } from '../fields/field'
import type { Fault, Outcome } from '../fault'
import { error, nearestName } from '../fault'
import { nameFault, shown } from './names'
import { parseBoundaryPlace } from './parse-place'
import { parseDomain, type ParsedDomain } from './parse-domain'
import type { ParsedBoundaryEntry, ParsedEquation, ParsedStatement, ParsedText, ParsedUnknown } from './parsed'

export interface StatementParse {
  readonly faults: readonly Fault[]
  /** Present when no error was found. */
  readonly parsed?: ParsedStatement
  /** As far as they could be evaluated. */
  readonly parameters: Readonly<Record<string, number>>
}

/** More unknowns, equations or conditions than these are no statement that anybody typed. */
const MAXIMUM = { unknowns: 32, boundary: 512, names: 1000 }

/** Parses every text of a statement, resolves names in the order of the document and reports every fault with its place. Never throws, except FaultError for what outgrows the algebra. */
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
  /** Definitions that contain unknowns: they have no value of their own. */
  private readonly dependent = new Set<string>()
  private unknowns: ParsedUnknown[] = []
  private domain: ParsedDomain | undefined
  /** Coordinates, parameters and definitions so far, as known in texts that hold no unknowns; and with the unknowns and their components. */
  private readonly closed = new Set<string>()
  private readonly open = new Set<string>()
  /** What names stand for in trees: parameters, definitions, other spellings of the coordinates. */
  private readonly bindings = Object.create(null) as Record<string, Expression>

  constructor(private readonly statement: Statement, private readonly libm: Libm) {}

  parse(): StatementParse {
    const { statement } = this
    const failed = (): StatementParse => ({ faults: this.faults, parameters: { ...this.parameters } })
    if (this.isTooLarge()) return failed()
    const names = this.unknownNames()
    this.parseParameters(names)
    this.domain = parseDomain(statement.domain, { scalar: (given, path) => this.scalar(given, path), interval: (pair, path, what) => this.interval(pair, path, what), report: (code, message, path, tip) => this.report(code, message, path, tip) })
    const time = statement.time ? this.interval(statement.time, 'time', 'The time interval') : undefined
    this.declareNames()
    const eigenvalue = this.eigenvalueName(names)
    this.parseDefinitions(names)
    const where = statement.domain.where === undefined ? undefined : this.conditionText(statement.domain.where, 'domain.where')
    if (statement.domain.shape === 'mask' && statement.domain.where === undefined) this.report('missing-where', 'The mask has no inequality.', 'domain', 'Give "where": "x^2 + y^2 < 1".')
    const equations = statement.equations.map((text, index) => this.numberedEquation(text, index))
    if (equations.length !== names.length) {
      this.report('equation-count', names.length === 1 ? `There are ${equations.length} equations for one unknown.` : `There ${equations.length === 1 ? 'is one equation' : `are ${equations.length} equations`} for ${names.length} unknowns.`, 'equations', 'Give as many equations as unknowns.')
    }
    const boundary = (statement.boundary ?? []).map((entry, i) => this.boundaryEntry(entry, i))
    const initial = this.initialValues(time !== undefined)
    const exact = this.exactSolution()
    const exactEigenvalue = eigenvalue === undefined ? undefined : this.exactEigenvalue(eigenvalue)
    if (this.faults.some(f => f.severity === 'error') || !this.domain) return failed()
    const { axes, cube, coordinates, geometry } = this.domain
    return {
      faults: this.faults,
      parameters: { ...this.parameters },
      parsed: {
        axes, cube, coordinates, geometry: geometry && (where ? { ...geometry, where } : geometry), time, unknowns: this.unknowns, imaginary: this.isImaginary(), parameters: { ...this.parameters },
        definitions: { ...this.definitions }, equations: equations.filter(e => e !== undefined), boundary: boundary.filter(e => e !== undefined), initial, exact,
        eigenvalue: eigenvalue === undefined ? undefined : { name: eigenvalue, exact: exactEigenvalue },
      },
    }
  }

  private report(code: string, message: string, path: string, tip?: string, text?: string, range?: { from: number; to: number }): void {
    this.faults.push(error(code, message, { tip, where: { path: `problem.${path}`, ...(text !== undefined ? { text, from: range?.from ?? 0, to: range?.to ?? text.length } : {}) } }))
  }

  private isTooLarge(): boolean {
    const { unknowns, equations, boundary, parameters, definitions } = this.statement
    const tooMany = (count: number, most: number, what: string, path: string): boolean => {
      if (count > most) this.report('statement-too-large', `The statement has ${count} ${what}; at most ${most} are allowed.`, path)
      return count > most
    }
    return [
      tooMany(unknowns.length, MAXIMUM.unknowns, 'unknowns', 'unknowns'), tooMany(equations.length, 2 * MAXIMUM.unknowns, 'equations', 'equations'), tooMany(boundary?.length ?? 0, MAXIMUM.boundary, 'boundary conditions', 'boundary'),
      tooMany(Object.keys(parameters ?? {}).length, MAXIMUM.names, 'parameters', 'parameters'), tooMany(Object.keys(definitions ?? {}).length, MAXIMUM.names, 'definitions', 'definitions'),
    ].some(Boolean)
  }

  private unknownNames(): string[] {
    const names: string[] = []
    this.statement.unknowns.forEach((entry, i) => {
      const name = typeof entry === 'string' ? entry : entry.name
      this.checkName(name, `unknowns[${i}]`, 'unknown', names)
      names.push(name)
    })
    if (this.statement.random !== undefined) this.report('unsupported-random', 'Random coefficients have no use in this version: no step draws from them.', 'random')
    return names
  }

  private checkName(name: string, path: string, role: Parameters<typeof nameFault>[1], unknowns: readonly string[]): void {
    const fault = nameFault(name, role, unknowns)
    if (fault) this.report(fault.code, fault.message, path, fault.tip)
  }

  /** Once the domain is known: coordinates, other spellings of them, and the components of the unknowns. */
  private declareNames(): void {
    const coordinates = this.domain?.coordinates ?? axisNames.slice(0, this.statement.domain.bounds?.length ?? 3)
    const known = [...coordinates, ...(this.statement.time ? ['t'] : []), ...Object.keys(this.statement.parameters ?? {})]
    // In a cube of one to three dimensions x1, x2, x3 are x, y, z; in sums everywhere.
    if (!this.domain?.cube) axisNames.slice(0, coordinates.length).forEach((axis, i) => { this.bindings[`x${i + 1}`] ??= { kind: 'name', name: axis } })
    if (this.statement.domain.dimension !== undefined && !this.domain?.cube) known.push(...axisNames.slice(0, coordinates.length).map((_, i) => `x${i + 1}`))
    this.unknowns = this.statement.unknowns.map(entry => {
      const { name, type } = typeof entry === 'string' ? { name: entry, type: 'real' as const } : { name: entry.name, type: entry.type ?? ('real' as const) }
      const parts = type === 'complex' ? ['re', 'im'] : type === 'vector' ? (coordinates as readonly string[]) : undefined
      return { name, type, components: parts?.map(part => `${name}__${part}`) ?? [name] }
    })
    if (this.domain?.cube && this.unknowns.some(u => u.type === 'vector')) this.report('vector-dimension', `A vector unknown needs one to three dimensions, and the cube has ${this.domain.cube.dimension}.`, 'unknowns')
    for (const name of known) this.closed.add(name)
    for (const unknown of this.unknowns) for (const name of [unknown.name, ...unknown.components]) this.open.add(name)
    if (this.isImaginary()) this.closed.add('i')
  }

  /** `i` is the imaginary unit where an unknown is complex, unless it is declared as something else. */
  private isImaginary(): boolean {
    const { parameters, definitions, eigenvalue } = this.statement
    return this.unknowns.some(u => u.type === 'complex') && !this.unknowns.some(u => u.name === 'i') && eigenvalue !== 'i' && !Object.hasOwn(parameters ?? {}, 'i') && !Object.hasOwn(definitions ?? {}, 'i')
  }

  private eigenvalueName(unknowns: readonly string[]): string | undefined {
    const { eigenvalue, time } = this.statement
    if (eigenvalue === undefined) return undefined
    this.checkName(eigenvalue, 'eigenvalue', 'eigenvalue', unknowns)
    if (Object.hasOwn(this.parameters, eigenvalue)) this.report('duplicate-name', `"${eigenvalue}" is both the eigenvalue and a parameter.`, 'eigenvalue', 'Rename one of them.')
    if (time) this.report('eigenvalue-with-time', 'An eigenproblem is steady, and the statement has a time interval.', 'eigenvalue', 'Remove "time" or "eigenvalue".')
    this.open.add(eigenvalue)
    return eigenvalue
  }

  private parseParameters(unknowns: readonly string[]): void {
    const known = new Set<string>()
    for (const [name, given] of Object.entries(this.statement.parameters ?? {})) {
      const path = `parameters.${name}`
      this.checkName(name, path, 'parameter', unknowns)
      const value = this.scalar(given, path)
      if (value === undefined) {
        this.faulty.add(name)
        continue
      }
      if (!Number.isFinite(value)) this.report('non-finite-parameter', `The parameter ${shown(name)} is ${value}.`, path, 'A parameter must be a finite number.')
      this.parameters[name] = value
      this.bindings[name] = { kind: 'number', value }
      known.add(name)
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

  private parseDefinitions(unknowns: readonly string[]): void {
    for (const [name, text] of Object.entries(this.statement.definitions ?? {})) {
      const path = `definitions.${name}`
      this.checkName(name, path, 'definition', unknowns)
      if (name in this.parameters || name === this.statement.eigenvalue) this.report('duplicate-name', `"${shown(name)}" is both a ${name in this.parameters ? 'parameter' : 'definition and the eigenvalue'}${name in this.parameters ? ' and a definition' : ''}.`, path, 'Rename one of them.')
      const expression = this.accept(parseExpression(text), path)
      if (!expression || !this.namesAreKnown(expression, text, path, this.closed, this.open)) {
        this.faulty.add(name)
        continue
      }
      const isDependent = [...freeNames(expression).keys()].some(n => this.open.has(n) && !this.closed.has(n))
      this.definitions[name] = this.bindings[name] = this.close(expression)
      if (isDependent) this.dependent.add(name)
      ;(isDependent ? this.open : this.closed).add(name)
    }
  }

  /** Parameters become numbers, definitions their trees, sums are written out. */
  private close(expression: Expression): Expression {
    const written = expandSums(expression, this.domain?.coordinates.length ?? 0)
    return substitute(written, this.bindings)
  }

  private accept<T>(outcome: Outcome<T>, path: string): T | undefined {
    if (outcome.ok) return outcome.value
    for (const fault of outcome.faults) this.faults.push({ ...fault, where: { ...fault.where, path: `problem.${path}` } })
    return undefined
  }

  private namesAreKnown(expression: Expression, text: string, path: string, ...scopes: readonly ReadonlySet<string>[]): boolean {
    let allKnown = true
    for (const [name, range] of freeNames(expression)) {
      if (scopes.some(scope => scope.has(name)) || constantNames.has(name)) continue
      allKnown = false
      if (this.faulty.has(name)) continue
      if (this.open.has(name)) {
        this.report('unknown-in-data', `"${shown(name)}" ${this.dependent.has(name) ? 'contains an unknown' : 'is an unknown'} and has no value here.`, path, 'Use coordinates, parameters and definitions of them.', text, range)
        continue
      }
      const candidates = [...scopes.flatMap(scope => [...scope].slice(0, 500)), ...constantNames]
      const near = nearestName(name, candidates)
      const coordinate = (axisNames as readonly string[]).includes(name) ? `The domain has no axis ${name}.` : name === 't' ? 'A steady problem has no time: give "time": [0, 1] to state an evolution.' : undefined
      const later = Object.hasOwn(this.statement.definitions ?? {}, name) || Object.hasOwn(this.statement.parameters ?? {}, name) ? `"${shown(name)}" is declared later; move it up.` : undefined
      const imaginary = name === 'i' ? 'i is the imaginary unit where an unknown is complex: { "name": "h", "type": "complex" }.' : undefined
      this.report('unknown-name', `"${shown(name)}" is not declared.`, path, coordinate ?? later ?? imaginary ?? (near ? `Did you mean "${near}"?` : `Known here: ${candidates.slice(0, 12).join(', ')}.`), text, range)
    }
    return allKnown
  }

  private equation(text: string, path: string): Equation | undefined {
    const equation = this.accept(parseEquation(text), path)
    if (!equation) return undefined
    const left = this.namesAreKnown(equation.left, text, path, this.closed, this.open)
    const right = this.namesAreKnown(equation.right, text, path, this.closed, this.open)
    return left && right ? { left: this.close(equation.left), right: this.close(equation.right) } : undefined
  }

  private numberedEquation(text: string, index: number): ParsedEquation | undefined {
    const equation = this.equation(text, `equations[${index}]`)
    return equation && { ...equation, text, index }
  }

  private boundaryEntry(entry: { on: string | string[]; condition: string }, index: number): ParsedBoundaryEntry | undefined {
    const path = `boundary[${index}]`
    const condition = this.equation(entry.condition, `${path}.condition`)
    const place = parseBoundaryPlace(entry.on, `${path}.on`, this.statement.domain, this.domain, {
      condition: (text, at) => this.conditionText(text, at), report: (code, message, at, tip) => this.report(code, message, at, tip),
    })
    return condition && place && { index, sides: place.sides, where: place.where, condition, text: entry.condition }
  }

  private conditionText(text: string, path: string): Expression | undefined {
    const parsed = this.accept(parseCondition(text), path)
    return parsed && this.namesAreKnown(parsed, text, path, this.closed) ? this.close(parsed) : undefined
  }

  private closedText(text: string, path: string): ParsedText | undefined {
    const expression = this.accept(parseExpression(text), path)
    return expression && this.namesAreKnown(expression, text, path, this.closed) ? { expression: this.close(expression), text, path: `problem.${path}` } : undefined
  }

  /** Values by unknown; which of them are needed only the equations tell. */
  private initialValues(isEvolution: boolean): ParsedStatement['initial'] {
    const given = this.statement.initial ?? {}
    const values = new Map<string, { value?: ParsedText; rate?: ParsedText }>()
    for (const [key, text] of Object.entries(given)) {
      const rateOf = /^\s*dt\(\s*([A-Za-z0-9_]+)\s*\)\s*$/.exec(key)?.[1]
      const name = rateOf ?? key
      if (!this.unknowns.some(u => u.name === name)) {
        const near = nearestName(name, this.unknowns.map(u => u.name))
        this.report('unknown-initial', `There is an initial value for "${shown(key)}".`, `initial.${key}`, near && near !== name ? `Did you mean "${near}"?` : `${this.unknowns.length === 1 ? 'The unknown is' : 'The unknowns are'} ${this.unknowns.map(u => u.name).join(', ')}.`)
        continue
      }
      const parsed = this.closedText(text, `initial.${key}`)
      const before = values.get(name) ?? {}
      if (parsed) values.set(name, rateOf ? { ...before, rate: parsed } : { ...before, value: parsed })
    }
    if (!isEvolution && Object.keys(given).length > 0) this.report('initial-without-time', 'There is an initial value but no time interval.', 'initial', 'Give "time": [0, 1], or remove the initial value.')
    return values
  }

  private exactSolution(): ReadonlyMap<string, ParsedText> {
    const values = new Map<string, ParsedText>()
    for (const [key, text] of Object.entries(this.statement.exact ?? {})) {
      if (key === this.statement.eigenvalue) continue
      if (!this.unknowns.some(u => u.name === key)) {
        this.report('unknown-exact', `There is an exact solution for "${shown(key)}", which is not an unknown.`, `exact.${key}`, `${this.unknowns.length === 1 ? 'The unknown is' : 'The unknowns are'} ${this.unknowns.map(u => u.name).join(', ')}.`)
        continue
      }
      const parsed = this.closedText(text, `exact.${key}`)
      if (parsed) values.set(key, parsed)
    }
    return values
  }

  private exactEigenvalue(name: string): number | undefined {
    const text = this.statement.exact && Object.hasOwn(this.statement.exact, name) ? this.statement.exact[name] : undefined
    return text === undefined ? undefined : this.scalar(text, `exact.${name}`)
  }
}
