import { z } from 'zod'
import type { ExperimentDocument, Statement, StepEnvelope } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error, nearestName } from '../fault'
import type { IdentificationLine, IdentificationStep } from '../identification/method'
import { observableComponents } from '../identification/observations'
import { identificationMethods } from '../identification/registry'
import { roleOf, scalarValue, unknownFaults } from '../identification/unknowns'
import { resolveProblem } from '../problems/analyse'
import type { AnalysedProblem } from '../problems/analysed'
import { fileSource } from './compare'
import { schemaFaults } from './schema-faults'
import { checkSolve } from './solve-options'

const methodIds = identificationMethods.map(({ descriptor }) => descriptor.id) as [string, ...string[]]
const values = z.record(z.string(), z.union([z.number(), z.string()]))

export const identifyOptions = z.strictObject({
  method: z.enum(methodIds).default('adjoint').describe(`How it is found. ${identificationMethods.map(({ descriptor }) => `${descriptor.name}: ${descriptor.summary}`).join(' ')}`).meta({ title: 'Method', registry: 'identification' }),
  unknown: z.array(z.string().min(1)).max(32).default([]).describe('Parameters of the statement whose values are sought, or one definition that stands for a coefficient field.').meta({ title: 'Unknown' }),
  data: z.union([z.string(), fileSource]).describe('What was observed: the field of a step, or arrays of a file.').meta({ title: 'Data', registry: 'step', of: ['solve', 'import', 'train', 'identify'] }),
  observed: z.array(z.string()).min(1).max(16).optional().describe('Which components of the solution the data are, in the order of the arrays; all of them when absent.').meta({ title: 'Observed' }),
  points: z.number().int().min(1).max(10_000_000).optional().describe('How many values are drawn from the data, scattered; 2000 or all where there are fewer.').meta({ title: 'Points', unit: 'points' }),
  noise: z.number().min(0).max(10).default(0).describe('Gaussian noise that is added to the data, as a fraction of their standard deviation.').meta({ title: 'Noise' }),
  start: values.default({}).describe('First values of the unknowns; those of the statement when absent.').meta({ title: 'First values' }),
  truth: values.default({}).describe('Values known to be true, for errors in the metrics. Never used to find anything.').meta({ title: 'Truth' }),
})
export type IdentifyOptions = z.infer<typeof identifyOptions>

const commonKeys = new Set(['id', 'kind', ...Object.keys(identifyOptions.shape)])
const pick = (step: StepEnvelope, common: boolean): Record<string, unknown> => Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'id' && key !== 'kind' && commonKeys.has(key) === common))

export interface ParsedIdentify {
  readonly options: IdentifyOptions
  readonly line: IdentificationLine
  readonly step: IdentificationStep
}

/** The step's options with defaults; they must have passed their schemas. */
export function parseIdentify(step: StepEnvelope, document: ExperimentDocument, problem: AnalysedProblem | undefined): ParsedIdentify {
  const options = identifyOptions.parse(pick(step, true))
  const line = identificationMethods.find(l => l.descriptor.id === options.method)!
  const own = line.descriptor.options?.parse(pick(step, false)) ?? {}
  const { unknown, truth, start, points } = options
  return { options, line, step: { statement: statementOf(document), problem, unknown, truth, start, points, noise: options.noise, options: own } }
}

const statementOf = ({ problem }: ExperimentDocument): Statement | undefined => problem && resolveProblem(problem).statement

/** The file that the step reads, as far as it can be told from options that may have faults. */
export function identifiedFile({ data }: StepEnvelope): string | undefined {
  const file = typeof data === 'object' && data !== null ? (data as { file?: unknown }).file : undefined
  return typeof file === 'string' ? file : undefined
}

export function checkIdentify(step: StepEnvelope, document: ExperimentDocument, problem: AnalysedProblem | undefined, libm: Libm): Fault[] {
  const faults = schemaFaults(identifyOptions, pick(step, true))
  const line = identificationMethods.find(l => l.descriptor.id === (step.method ?? 'adjoint'))
  if (line) faults.push(...schemaFaults(line.descriptor.options ?? z.strictObject({}), pick(step, false), Object.keys(identifyOptions.shape)))
  const ids = document.steps.map(s => s.id).filter(id => id !== step.id)
  if (typeof step.data === 'string' && !ids.includes(step.data)) {
    const near = nearestName(step.data, ids)
    faults.push(error('unknown-step', `There is no other step "${step.data}".`, { where: { path: 'data' }, tip: near ? `Did you mean "${near}"?` : ids.length > 0 ? `The steps are ${ids.join(', ')}.` : 'Name a file: "data": { "file": "…" }.' }))
  }
  if (faults.length > 0 || !line) return faults
  const parsed = parseIdentify(step, document, problem)
  if (line.named && !document.problem) return [error('missing-problem', 'Unknowns of a statement are identified, and the document has no problem.', { where: { path: 'method' } })]
  // A document without a problem has nothing else to check; one whose problem has faults of its own is left at those.
  if (!problem) return line.named || document.problem ? faults : [...line.faults(parsed.step)]
  if (line.named) faults.push(...unknownFaults(parsed.step), ...valueFaults(parsed.step, libm))
  faults.push(...observedFaults(parsed.options, problem))
  if (faults.length > 0) return faults
  return [...line.faults(parsed.step), ...solverFaults(step, problem, libm)]
}

/** Scalars have numbers for first and true values. */
function valueFaults({ statement, truth, start, problem }: IdentificationStep, libm: Libm): Fault[] {
  return ([['truth', truth], ['start', start]] as const).flatMap(([key, given]) => Object.entries(given).flatMap(([name, value]) => {
    if (roleOf(name, statement!) !== 'parameter' || scalarValue(value, problem!.parameters, libm) !== undefined) return []
    return [error('no-value', `"${String(value)}" is not a number or an expression of parameters.`, { where: { path: `${key}.${name}` } })]
  }))
}

function observedFaults({ observed }: IdentifyOptions, problem: AnalysedProblem): Fault[] {
  const names = observableComponents(problem)
  return (observed ?? []).flatMap((name, i) => {
    if (names.includes(name)) return []
    const near = nearestName(name, names)
    return [error('observed-components', `The statement has no component "${name}".`, { where: { path: `observed[${i}]` }, tip: near ? `Did you mean "${near}"?` : `It has ${names.join(', ')}.` })]
  })
}

/** Options of the classical solver are those of a solve step. */
function solverFaults(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): Fault[] {
  if (typeof step.solver !== 'object' || step.solver === null) return []
  const { resolution } = step
  const solve = { ...(step.solver as object), ...(resolution === undefined ? {} : { resolution }), id: step.id, kind: 'solve' } as StepEnvelope
  return checkSolve(solve, problem, libm).map(f => ({ ...f, where: { ...f.where, path: f.where?.path?.startsWith('resolution') ? f.where.path : `solver.${f.where?.path ?? ''}` } }))
}
