import type { ExperimentDocument } from '../experiment/document'
import { domainSchema } from '../experiment/document'
import { parseCondition, parseEquation, parseExpression, toLatex } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { CheckResult } from '../protocol/contract'
import type { Statement } from '../experiment/document'
import { resolveProblem } from '../problems/analyse'
import type { AnalysedProblem } from '../problems/analysed'
import { sideNames } from '../problems/parsed'
import { chooseMethod } from '../solvers/choose'
import { validateDocument } from './validate'

/** What the problem editor shows while somebody types: faults, typeset lines, traits. Works on documents that do not hold together yet. */
export function checkDocument(json: unknown, libm: Libm): CheckResult {
  const { faults, document, analysis } = validateDocument(json, libm)
  const statement = analysis?.statement ?? looseStatement(document)
  return {
    faults,
    latex: {
      equations: (statement?.equations ?? []).map(equationLatex),
      boundary: (statement?.boundary ?? []).map(entry => {
        const condition = equationLatex(entry.condition)
        return condition === undefined ? undefined : `${condition}\\quad\\text{${onText(entry.on)}}`
      }),
      initial: mapValues(statement?.initial ?? {}, expressionLatex),
      definitions: mapValues(statement?.definitions ?? {}, expressionLatex),
      domain: statement && domainLatex(statement, analysis?.problem?.axes),
    },
    traits: analysis?.traits ?? [],
    parameters: analysis?.parameters ?? {},
    ...methodOf(analysis?.problem, libm),
  }
}

/** What `auto` stands for with this statement. */
function methodOf(problem: AnalysedProblem | undefined, libm: Libm): Pick<CheckResult, 'method'> {
  const chosen = problem && chooseMethod(problem, libm)
  return chosen ? { method: { id: chosen.method, reason: chosen.reason } } : {}
}

function looseStatement(document: ExperimentDocument | undefined): Statement | undefined {
  if (!document?.problem) return undefined
  try {
    return resolveProblem(document.problem).statement
  } catch {
    return undefined
  }
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function equationLatex(text: unknown): string | undefined {
  const source = asText(text)
  const parsed = source === undefined ? undefined : parseEquation(source)
  return parsed?.ok ? toLatex(parsed.value) : undefined
}

function expressionLatex(text: unknown): string | undefined {
  const source = asText(text)
  const parsed = source === undefined ? undefined : parseExpression(source)
  return parsed?.ok ? toLatex(parsed.value) : undefined
}

function onText(on: string | readonly string[]): string {
  const words = typeof on === 'string' ? [on] : on
  return words.map(w => (w === 'all' ? 'on the whole boundary' : w === 'holes' ? 'on the inner boundary' : (sideNames as readonly string[]).includes(w) ? w : `where ${w.replace(/[<>]=?/g, m => `$${m.replace('<=', '\\le ').replace('>=', '\\ge ')}$`)}`)).join(', ')
}

type Scalar = number | string
const tex = (value: Scalar): string => (typeof value === 'number' ? String(value) : expressionLatex(value) ?? value)
const pointLatex = (point: readonly Scalar[]): string => `(${point.map(tex).join(', ')})`
const boundsLatex = (bounds: readonly (readonly [Scalar, Scalar])[]): string => bounds.map(([a, b]) => `[${tex(a)}, ${tex(b)}]`).join(' \\times ')
/** Points that are listed; of more the first ones. */
const LISTED = 6
const polygonLatex = (points: readonly (readonly Scalar[])[]): string => `\\text{polygon } ${points.slice(0, LISTED).map(pointLatex).join(',\\ ')}${points.length > LISTED ? ',\\ \\dots' : ''}`
const ballLatex = (center: readonly Scalar[], radius: Scalar): string => {
  const from = center.every(c => c === 0) ? (center.length > 2 ? '(x, y, z)' : '(x, y)') : `(${['x', 'y', 'z'].slice(0, center.length).join(', ')}) - ${pointLatex(center)}`
  return `\\{\\, \\lvert ${from}\\rvert < ${tex(radius)} \\,\\}`
}

function domainLatex(statement: Statement, axes: readonly { name: string; lower: number; upper: number; periodic: boolean }[] | undefined): string | undefined {
  // The document may be in the middle of an edit and hold anything here.
  const { data: domain } = domainSchema.safeParse(statement.domain)
  if (!domain) return undefined
  const shape = shapeLatex(domain)
  if (shape === undefined) return undefined
  const holes = (domain.holes ?? []).slice(0, LISTED).map(hole => ('disk' in hole ? ballLatex(hole.disk.center, hole.disk.radius) : `\\{${polygonLatex(hole.polygon.points)}\\}`))
  const more = (domain.holes?.length ?? 0) > LISTED ? ' \\setminus \\dots' : ''
  const time = statement.time ? `,\\quad t \\in [${tex(statement.time[0])}, ${tex(statement.time[1])}]` : ''
  const periodic = (domain.periodic ?? []).flatMap((p, i) => (p ? [axes?.[i]?.name ?? ['x', 'y', 'z'][i]] : []))
  return `\\Omega = ${[shape, ...holes].join(' \\setminus ')}${more}${periodic.length ? `,\\ \\text{periodic in } ${periodic.join(', ')}` : ''}${time}`
}

function shapeLatex(domain: Statement['domain']): string | undefined {
  switch (domain.shape) {
    case 'disk': return ballLatex(domain.center ?? [0, 0], domain.radius ?? 1)
    case 'ball': return ballLatex(domain.center ?? [0, 0, 0], domain.radius ?? 1)
    case 'polygon': return domain.points && polygonLatex(domain.points)
    case 'l-shape': {
      const [[a, b], [c, d]] = domain.bounds?.length === 2 ? domain.bounds : [[-1, 1], [-1, 1]]
      const half = (p: Scalar, q: Scalar): string => (typeof p === 'number' && typeof q === 'number' ? String((p + q) / 2) : `\\tfrac{${tex(p)} + ${tex(q)}}{2}`)
      return `${boundsLatex([[a, b], [c, d]])} \\setminus [${half(a, b)}, ${tex(b)}] \\times [${tex(c)}, ${half(c, d)}]`
    }
    case 'mask': {
      const where = domain.where === undefined ? undefined : parseCondition(domain.where)
      return domain.bounds && `\\{\\, ${where?.ok ? toLatex(where.value) : '\\dots'} \\,\\} \\cap ${boundsLatex(domain.bounds)}`
    }
    default: {
      if (domain.dimension !== undefined) return `[${(domain.bounds?.[0] ?? [0, 1]).map(tex).join(', ')}]^{${domain.dimension}}`
      return domain.bounds && domain.bounds.length > 0 ? boundsLatex(domain.bounds) : undefined
    }
  }
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
