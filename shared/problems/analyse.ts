import type { ProblemEntry, Statement } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import type { Expression } from '../expressions/ast'
import { constantNames, differentiate, evaluate, freeNames, simplify, substitute, toText } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { FaultError, error, nearestName } from '../fault'
import type { AnalysedProblem, BoundarySide, EllipticEquation, EvolutionEquation, System } from './analysed'
import { analyseBoundary } from './boundary'
import { problems } from './catalogue'
import { classifyElliptic, classifyEvolution, jetOf, ordersOf } from './classify'
import { expandOperators, isZero, jetLetters, totalDerivative } from './operators'
import type { ParsedStatement } from './parsed'
import { parseStatement } from './parse-statement'
import { sideName } from './parsed'
import { checkData, checkDefiniteness, checkExact, checkHighestOrder, samplePoints } from './sampling'

export interface Analysis {
  readonly faults: readonly Fault[]
  /** Present when the statement has no error. */
  readonly problem?: AnalysedProblem
  /** The spelled-out statement (a catalogue reference resolved). */
  readonly statement?: Statement
  readonly traits: readonly string[]
  readonly parameters: Readonly<Record<string, number>>
}

/** A catalogue reference with its parameter overrides, or the statement itself. */
export function resolveProblem(entry: ProblemEntry): { readonly statement?: Statement; readonly faults: readonly Fault[] } {
  if (!('catalogue' in entry)) {
    // Defaults ("shape": "box") are filled in here, so that everything downstream and every result's key sees one form of the statement.
    const parsed = statementSchema.safeParse(entry)
    return { statement: parsed.success ? parsed.data : entry, faults: [] }
  }
  const found = problems.find(p => p.descriptor.id === entry.catalogue)
  if (!found) {
    const near = nearestName(entry.catalogue, problems.map(p => p.descriptor.id))
    return { faults: [error('unknown-problem', `The catalogue has no problem "${entry.catalogue}".`, { where: { path: 'problem.catalogue' }, tip: near ? `Did you mean "${near}"?` : `It has ${problems.map(p => p.descriptor.id).join(', ')}.` })] }
  }
  const own = found.statement.parameters ?? {}
  const faults = Object.keys(entry.parameters ?? {}).filter(name => !(name in own)).map(name => {
    const near = nearestName(name, Object.keys(own))
    return error('unknown-parameter', `The problem "${entry.catalogue}" has no parameter "${name}".`, { where: { path: `problem.parameters.${name}` }, tip: near ? `Did you mean "${near}"?` : `It has ${Object.keys(own).join(', ') || 'none'}.` })
  })
  return { statement: { ...found.statement, parameters: { ...own, ...entry.parameters } }, faults }
}

/** From a statement to what solvers take, or to the faults that keep it from that. Never throws. */
export function analyse(entry: ProblemEntry, libm: Libm): Analysis {
  try {
    return analyseEntry(entry, libm)
  } catch (reason) {
    // Algebra refuses expressions that grow beyond its limits.
    if (reason instanceof FaultError) return { faults: reason.faults.map(f => ({ ...f, where: { path: 'problem', ...f.where } })), traits: [], parameters: {} }
    throw reason
  }
}

function analyseEntry(entry: ProblemEntry, libm: Libm): Analysis {
  const resolved = resolveProblem(entry)
  if (!resolved.statement || resolved.faults.length > 0) return { faults: resolved.faults, traits: [], parameters: {} }
  const { statement } = resolved
  const { faults, parsed, parameters } = parseStatement(statement, libm)
  if (!parsed) return { faults, statement, traits: [], parameters }
  const space = { unknown: parsed.unknown, coordinates: parsed.axes.map(a => a.name), hasTime: parsed.time !== undefined, onBoundary: false }
  const expanded = expandOperators({ kind: 'binary', operator: '-', left: parsed.equation.left, right: parsed.equation.right }, space)
  const more: Fault[] = [...faults]
  const done = (): Analysis => ({ faults: more, statement, traits: [], parameters })
  if (!expanded.ok) {
    more.push({ ...expanded.fault, where: { path: 'problem.equations[0]', text: statement.equations[0], ...expanded.fault.where } })
    return done()
  }
  const boundary = analyseBoundary(parsed, libm)
  more.push(...boundary.faults)
  const classified = parsed.time ? classifyEvolution(expanded.value, parsed, libm) : classifyElliptic(expanded.value, parsed, libm)
  more.push(...classified.faults)
  if (!classified.equation || boundary.faults.length > 0) return done()
  const { equation } = classified
  const diffusion = equation.kind === 'elliptic' ? equation.operator.diffusion : equation.linear.diffusion
  const highest = equation.kind === 'elliptic' ? 2 : Math.max(0, ...equation.jet.map(j => j.orders[0] + j.orders[1] + j.orders[2]))
  const illPosed = highest <= 2 ? checkDefiniteness(diffusion, parsed.axes, equation.kind, libm) : equation.kind === 'evolution' ? checkHighestOrder(equation.constantCoefficients, highest) : undefined
  if (illPosed) more.push(illPosed)
  if (parsed.exact && more.length === 0) {
    const warning = exactWarning(expanded.value, parsed, parsed.exact, libm) ?? dataWarning(boundary.sides, parsed, parsed.exact, libm)
    if (warning) more.push(warning)
  }
  if (more.some(f => f.severity === 'error')) return done()
  const traits = describe(equation, boundary.sides, parsed)
  const problem: AnalysedProblem = {
    axes: parsed.axes, unknown: parsed.unknown, unknowns: [{ name: parsed.unknown, type: 'real', components: [0] }], parameters, time: parsed.time, system: scalarSystem(equation, expanded.value, parsed, libm),
    equation, boundary: boundary.sides, pieces: boundary.sides[0] ? [...new Set(boundary.sides.flatMap(side => side.pieces))] : [], exact: parsed.exact && [parsed.exact],
    properties: { orderInSpace: highest, orderInTime: parsed.time ? 1 : 0, linear: traits.includes('linear'), conserved: [], energy: { refused: 'not looked for' } }, traits,
  }
  return { faults: more, problem, statement, traits, parameters }
}

function exactWarning(residual: Expression, parsed: ParsedStatement, exact: Expression, libm: Libm): Fault | undefined {
  const bindings: Record<string, Expression> = {}
  for (const candidate of freeNames(residual).keys()) {
    const letters = jetLetters(parsed.unknown, candidate)
    if (letters === undefined) continue
    let derivative = exact
    for (const letter of letters) derivative = totalDerivative(derivative, letter, parsed.unknown)
    bindings[candidate] = derivative
  }
  const rest = substitute(residual, Object.fromEntries(Object.keys(bindings).map(n => [n, { kind: 'number', value: 0 } as Expression])))
  return checkExact(substitute(residual, bindings), rest, parsed.axes, parsed.time, libm)
}

/** α ∂ₙu + β u − g on every side and u − u₀ at the start, for the exact solution. */
function dataWarning(sides: readonly BoundarySide[], parsed: ParsedStatement, exact: Expression, libm: Libm): Fault | undefined {
  const { axes, time, initial } = parsed
  const start = time?.[0] ?? 0
  const product = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: '*', left, right })
  const combine = (operator: '+' | '-', left: Expression, right: Expression): Expression => ({ kind: 'binary', operator, left, right })
  for (const { axis, end, pieces } of sides) {
    const along = totalDerivative(exact, axes[axis].name, parsed.unknown)
    const outward: Expression = end === 'upper' ? along : { kind: 'negate', argument: along }
    const fixed = { ...axes[axis], lower: axes[axis][end], upper: axes[axis][end] }
    const onSide = axes.map((a, i) => (i === axis ? fixed : a))
    const applies = (index: number, point: Record<string, number>): boolean => {
      const last = pieces.findLastIndex(p => p.where === undefined || evaluate(p.where, point, libm) !== 0)
      return last === index
    }
    for (const [index, { normal, value, data }] of pieces.entries()) {
      const mismatch = combine('-', combine('+', product(normal, outward), product(value, exact)), data)
      const points = [...samplePoints(onSide, axes.length === 3 ? 5 : 9, start)].filter(point => applies(index, point))
      const warning = checkData(`the condition on the side ${sideName(axis, end)}`, mismatch, axes, points, libm)
      if (warning) return warning
    }
  }
  return initial && checkData('the initial value', combine('-', exact, initial), axes, samplePoints(axes, 9, start), libm)
}

/** The scalar statement as a system of one component. */
function scalarSystem(equation: EllipticEquation | EvolutionEquation, residual: Expression, parsed: ParsedStatement, libm: Libm): System {
  const components = [{ name: parsed.unknown, unknown: parsed.unknown }]
  if (equation.kind === 'evolution') {
    return {
      components, jet: equation.jet.map(entry => ({ ...entry, component: 0 })), rows: [{ kind: 'rate', expression: equation.rightHandSide }], initial: [equation.initial],
      linear: equation.constantCoefficients.map(term => ({ row: 0, component: 0, ...term })), remainder: [equation.spectralRemainder],
    }
  }
  const jet = jetOf(residual, parsed.unknown).map(({ name, letters }) => ({ name, component: 0, orders: ordersOf(letters) }))
  const constant = jet.map(entry => ({ entry, coefficient: simplify(differentiate(residual, entry.name)) })).filter(({ coefficient }) => [...freeNames(coefficient).keys()].every(n => constantNames.has(n)))
  const terms = constant.map(({ entry, coefficient }) => ({ row: 0, component: 0, orders: entry.orders, coefficient: evaluate(coefficient, {}, libm) }))
  const remainder = constant.reduce<Expression>((rest, { entry, coefficient }) => ({ kind: 'binary', operator: '-', left: rest, right: { kind: 'binary', operator: '*', left: coefficient, right: { kind: 'name', name: entry.name } } }), residual)
  return { components, jet, rows: [{ kind: 'constraint', expression: residual }], initial: [undefined], linear: terms, remainder: [simplify(remainder)] }
}

/** Words for the screen. */
function describe(equation: EllipticEquation | EvolutionEquation, sides: readonly BoundarySide[], parsed: ParsedStatement): string[] {
  const isConstant = (e: Expression): boolean => [...freeNames(e).keys()].every(n => constantNames.has(n))
  const traits: string[] = []
  if (equation.kind === 'elliptic') {
    const { diffusion, advection, reaction, symmetric } = equation.operator
    traits.push('elliptic', 'linear', symmetric ? 'symmetric' : 'not symmetric', [...diffusion, ...advection, reaction].every(isConstant) ? 'constant coefficients' : 'variable coefficients')
    if (diffusion.length > 1 && diffusion.some(d => toText(d) !== toText(diffusion[0]))) traits.push('anisotropic')
    if (sides.every(s => s.pieces.every(p => p.kind === 'neumann')) && isZero(reaction) && symmetric) traits.push('unique up to a constant')
  } else {
    const { linear, remainder, jet } = equation
    const isLinear = [...freeNames(simplify(remainder)).keys()].every(n => jetLetters(parsed.unknown, n) === undefined)
    const order = Math.max(0, ...jet.map(j => j.orders[0] + j.orders[1] + j.orders[2]))
    const diffuses = linear.diffusion.some(d => !isZero(d))
    traits.push(order > 2 ? `evolution of order ${order} in space` : diffuses ? 'parabolic' : order === 1 ? 'transport' : 'evolution', isLinear ? 'linear' : 'nonlinear')
    if (diffuses && !linear.diffusion.every(isConstant)) traits.push('variable coefficients')
  }
  const periodic = parsed.axes.filter(a => a.periodic)
  if (periodic.length === parsed.axes.length) traits.push('periodic')
  else if (periodic.length > 0) traits.push(`periodic along ${periodic.map(a => a.name).join(', ')}`)
  return traits
}
