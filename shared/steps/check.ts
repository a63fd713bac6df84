import type { ExperimentDocument } from '../experiment/document'
import { parseEquation, parseExpression, toLatex } from '../expressions'
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
  return words.map(w => (w === 'all' ? 'on the whole boundary' : (sideNames as readonly string[]).includes(w) ? w : `where ${w.replace(/[<>]=?/g, m => `$${m.replace('<=', '\\le ').replace('>=', '\\ge ')}$`)}`)).join(', ')
}

function domainLatex(statement: Statement, axes: readonly { name: string; lower: number; upper: number; periodic: boolean }[] | undefined): string | undefined {
  const tex = (value: number | string): string => (typeof value === 'number' ? String(value) : expressionLatex(value) ?? value)
  const box = (statement.domain?.bounds ?? []).map(([a, b]) => `[${tex(a)}, ${tex(b)}]`).join(' \\times ')
  const time = statement.time ? `,\\quad t \\in [${tex(statement.time[0])}, ${tex(statement.time[1])}]` : ''
  const periodic = (statement.domain?.periodic ?? []).flatMap((p, i) => (p ? [axes?.[i]?.name ?? ['x', 'y', 'z'][i]] : []))
  return box ? `\\Omega = ${box}${periodic.length ? `,\\ \\text{periodic in } ${periodic.join(', ')}` : ''}${time}` : undefined
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}
