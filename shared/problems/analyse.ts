import type { ProblemEntry, Statement } from '../experiment/document'
import { statementSchema } from '../experiment/document'
import type { Expression } from '../expressions/ast'
import { checkedSize, simplify } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { FaultError, error, nearestName } from '../fault'
import type { AnalysedProblem, Unknown } from './analysed'
import { analyseBoundary } from './boundary'
import { problems } from './catalogue'
import { classifyEigen, classifyElliptic, classifyEvolution } from './classify'
import { checkCoverage } from './coverage'
import { exactValues, initialValues } from './data'
import { describe } from './describe'
import { checkExactSolution } from './exact'
import { eigenFaults } from './eigen-form'
import { missingInflow } from './inflow'
import { domainPoints } from './inside'
import { Jets } from './jets'
import { expandEquation, placed, realParts } from './operators'
import type { ParsedStatement } from './parsed'
import { parseStatement } from './parse-statement'
import { analyseProperties } from './properties'
import { checkDefiniteness, checkHighestOrder } from './sampling'
import type { RawSystem, RealRow } from './system'
import { buildSystem, completeSystem, declaredComponents } from './system'
import { firstGuesses, notElliptic, unusedConditions } from './warnings'

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

/** From a statement to what solvers take, or to the faults that keep it from that. Never throws. The last few statements are remembered: checks, keys and runs ask for the same one again and again. */
export function analyse(entry: ProblemEntry, libm: Libm): Analysis {
  const key = JSON.stringify(entry)
  const known = remembered.get(libm) ?? new Map<string, Analysis>()
  remembered.set(libm, known)
  let analysis = known.get(key)
  if (!analysis) analysis = analyseAnew(entry, libm)
  known.delete(key)
  known.set(key, analysis)
  if (known.size > REMEMBERED) known.delete(known.keys().next().value!)
  return analysis
}

const REMEMBERED = 6
const remembered = new WeakMap<Libm, Map<string, Analysis>>()

function analyseAnew(entry: ProblemEntry, libm: Libm): Analysis {
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
  const failed = (...more: Fault[]): Analysis => ({ faults: [...faults, ...more], statement, traits: [], parameters })
  if (!parsed) return failed()
  const jets = new Jets(declaredComponents(parsed).map(c => c.name), parsed.coordinates)
  const expanded = expandEquations(parsed, jets)
  if (expanded.faults.length > 0) return failed(...expanded.faults)
  const built = buildSystem(expanded.rows, jets, parsed)
  if (built.faults) return failed(...built.faults)
  const raw = built.value
  const empty = parsed.geometry?.where && [...domainPoints(parsed, parsed.axes.length === 3 ? 21 : 65, parsed.time?.[0] ?? 0, libm)].length === 0
  if (empty) return failed(error('empty-domain', 'No point of the box satisfies the inequality of the mask.', { where: { path: 'problem.domain.where' } }))
  const boundary = analyseBoundary(parsed, raw, libm)
  const coverage = boundary.faults.length === 0 ? checkCoverage(boundary.pieces, parsed, raw, libm) : { faults: [], complete: false }
  const initial = initialValues(parsed, raw)
  const exact = exactValues(parsed, raw)
  const more = [...boundary.faults, ...coverage.faults, ...initial.faults, ...exact.faults, ...eigenFaults(raw, boundary.pieces, parsed)]
  const special = specialForm(raw, initial.values, coverage.complete, parsed, libm)
  if ('faults' in special) more.push(...special.faults)
  if (more.length > 0 || 'faults' in special) return failed(...more)
  const system = completeSystem(raw, initial.values, parsed.eigenvalue?.name, libm)
  const { equation } = special
  const { properties, fault } = analyseProperties(raw, system, initial.values, equation, boundary.pieces, parsed, libm)
  if (fault) return failed(fault)
  const inflow = missingInflow(initial.values, boundary.pieces, parsed, raw, libm)
  if (inflow?.severity === 'error') return failed(inflow)
  const inconsistent = checkExactSolution(exact.values, initial.values, boundary.pieces, parsed, raw, libm)
  const all = exact.values.every(e => e !== undefined)
  const problem: AnalysedProblem = {
    axes: parsed.axes, ...(parsed.geometry ? { geometry: parsed.geometry } : {}), ...(parsed.cube ? { cube: parsed.cube } : {}),
    unknown: parsed.unknowns[0].name, unknowns: unknownsOf(parsed, raw), parameters, time: parsed.time, system, equation, boundary: boundary.sides, pieces: boundary.pieces,
    exact: all ? exact.values.filter(e => e !== undefined) : undefined, ...(!all && exact.values.some(e => e !== undefined) ? { exactParts: exact.values } : {}),
    ...(parsed.eigenvalue ? { eigenvalue: parsed.eigenvalue } : {}), properties, traits: [],
  }
  const traits = describe(problem, properties, parsed)
  const warnings = [...unusedConditions(parsed, libm), ...(inflow ? [inflow] : []), ...firstGuesses(parsed, raw), ...(parsed.eigenvalue ? [] : notElliptic(properties, raw.components.length)), ...(inconsistent ? [inconsistent] : [])]
  return { faults: [...faults, ...warnings], problem: { ...problem, traits }, statement, traits, parameters }
}

/** Every equation as real rows over the jet. */
function expandEquations(parsed: ParsedStatement, jets: Jets): { readonly rows: readonly RealRow[]; readonly faults: readonly Fault[] } {
  const rows: RealRow[] = []
  const faults: Fault[] = []
  for (const equation of parsed.equations) {
    const path = `problem.equations[${equation.index}]`
    const space = { jets, unknowns: parsed.unknowns, hasTime: parsed.time !== undefined, imaginary: parsed.imaginary, onBoundary: false }
    const expanded = placed(() => expandEquation(equation, space), path, equation.text)
    if (!expanded.ok) faults.push({ ...expanded.fault, where: { path, text: equation.text, ...expanded.fault.where } })
    else for (const expression of realParts(expanded.value)) rows.push({ expression: placed(() => simplify(checkedSize(expression)), path, equation.text), equation: equation.index })
  }
  return { rows, faults }
}

const unknownsOf = (parsed: ParsedStatement, raw: RawSystem): Unknown[] =>
  parsed.unknowns.map(({ name, type, components }) => ({ name, type, components: components.map(c => raw.components.findIndex(other => other.name === c)) }))

type Special = { readonly equation: AnalysedProblem['equation'] } | { readonly faults: readonly Fault[] }

/** The form that fast solvers take, for one real unknown on a whole box with conditions on every side; eigenproblems also on other shapes. */
function specialForm(raw: RawSystem, initial: readonly (Expression | undefined)[], complete: boolean, parsed: ParsedStatement, libm: Libm): Special {
  const general: Special = { equation: { kind: 'general' } }
  const u = parsed.unknowns[0].name
  const inSpace = raw.rows.some(row => raw.jets.in(row.expression).some(jet => jet.along.length > 0))
  if (!parsed.time && !inSpace) return { faults: [error('no-derivatives', `The ${parsed.equations.length === 1 ? 'equation has' : 'equations have'} no derivative of ${parsed.unknowns.map(v => v.name).join(' or ')}.`, { where: { path: 'problem.equations[0]' }, tip: `State a differential equation, for example -lap(${u}) = f.` })] }
  if (raw.components.length !== 1 || parsed.cube) return general
  const [{ expression }] = raw.rows
  if (parsed.eigenvalue) {
    const equation = classifyEigen(expression, parsed.eigenvalue.name, parsed, raw.jets, libm)
    return equation ? withoutFault(equation, checkDefiniteness(equation.operator.diffusion, parsed.axes, 'elliptic', libm)) : general
  }
  if (parsed.geometry || (!complete && parsed.axes.some(a => !a.periodic))) return general
  if (!parsed.time) {
    const equation = classifyElliptic(expression, parsed, raw.jets, libm)
    return equation ? withoutFault(equation, checkDefiniteness(equation.operator.diffusion, parsed.axes, 'elliptic', libm)) : general
  }
  if (!initial[0]) return general
  const equation = classifyEvolution(expression, initial[0], parsed, raw.jets, libm)
  const highest = Math.max(0, ...equation.jet.map(j => j.orders[0] + j.orders[1] + j.orders[2]))
  return withoutFault(equation, highest <= 2 ? checkDefiniteness(equation.linear.diffusion, parsed.axes, 'evolution', libm) : checkHighestOrder(equation.constantCoefficients, highest))
}

const withoutFault = (equation: AnalysedProblem['equation'], fault: Fault | undefined): Special => (fault ? { faults: [fault] } : { equation })
