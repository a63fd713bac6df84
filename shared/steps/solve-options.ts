import { z } from 'zod'
import type { StepEnvelope } from '../experiment/document'
import type { Fault } from '../fault'
import { error, FaultError, nearestName } from '../fault'
import type { AnalysedProblem } from '../problems/analysed'
import type { SolveRequest } from '../solvers/method'
import { chooseMethod, defaultIntervals, rankMethods, type MethodChoice } from '../solvers/choose'
import { methods } from '../solvers/registry'
import { refuseTraction } from '../solvers/traction'
import type { Libm } from '../expressions/libm'
import { schemaFaults } from './schema-faults'

export const solveOptions = z.strictObject({
  method: z.string().default('auto').describe('How the statement is discretized; "auto" chooses by its class and says why.').meta({ title: 'Method', registry: 'methods' }),
  resolution: z.array(z.number().int().min(2)).min(1).max(3).optional().describe('Nodes per axis in x, y, z order; both ends counted on a bounded axis, one on a periodic axis.').meta({ title: 'Resolution', unit: 'nodes' }),
  times: z.union([z.number().int().min(2).max(100_000), z.array(z.number()).min(1).max(100_000)]).optional()
    .describe('Output times of an evolution: how many, evenly spaced with both ends, or a list.').meta({ title: 'Output times' }),
  store: z.enum(['float64', 'float32']).optional().describe('Precision of the stored fields. Everything is computed and measured in float64; float32 halves the file.').meta({ title: 'Stored as' }),
})

const commonKeys = new Set(['id', 'kind', ...Object.keys(solveOptions.shape)])
const ownOptions = (step: StepEnvelope): Record<string, unknown> => Object.fromEntries(Object.entries(step).filter(([key]) => !commonKeys.has(key)))

export interface ResolvedRequest {
  /** The method that runs, never `auto`. */
  readonly method: string
  /** Why, where `auto` chose it. */
  readonly reason?: string
  /** Options that came with that choice. */
  readonly options?: Readonly<Record<string, unknown>>
  readonly request: SolveRequest
}

/** What the step asks of its method, with defaults filled in. Throws FaultError where `auto` finds no method. */
export function solveRequest(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): ResolvedRequest {
  const [first] = solveRequests(step, problem, libm)
  if (!first) throw new FaultError(noMethod(problem))
  return first
}

/** The same with what may take its place: for `auto` every method that the class of the statement does not rule out, best first. */
export function solveRequests(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): readonly ResolvedRequest[] {
  const own = ownOptions(step)
  const times = outputTimes(step, problem)
  return methodChoices(step, problem, libm).map(({ method, options, reason }) => {
    const line = methods.find(m => m.descriptor.id === method)!
    const parsed = (line.descriptor.options?.parse({ ...options, ...own }) ?? {}) as Record<string, unknown>
    const resolution = (step.resolution as number[] | undefined) ?? defaultResolution(problem, method)
    return { method, reason, options, request: { problem, resolution, times, options: parsed, libm } }
  })
}

function methodChoices(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): readonly (Pick<MethodChoice, 'method'> & Partial<MethodChoice>)[] {
  const method = typeof step.method === 'string' ? step.method : 'auto'
  return method === 'auto' ? rankMethods(problem, libm, ownOptions(step)) : [{ method }]
}

/** Why `auto` finds nothing for this statement. */
export function noMethod(problem: AnalysedProblem): Fault {
  if (problem.cube) return error('too-many-dimensions', `No method on a grid reaches ${problem.cube.dimension} dimensions: a grid of n nodes per axis has n^${problem.cube.dimension} of them.`, { where: { path: 'method' }, tip: 'State it in up to three dimensions.' })
  return error('unsupported-class', `No method of this version solves this statement: it is ${problem.traits.slice(0, 4).join(', ') || 'of a class without a solver'}${problem.pieces.some(p => p.coupled) ? ', with conditions that tie components together' : ''}${problem.pieces.some(p => p.traction) ? ', with tractions' : ''}.`, { where: { path: 'method' }, tip: 'The methods and what they support are listed by "residuum list methods".' })
}

/** Nodes per axis: so many intervals along the longest axis, in proportion along the others. */
export function defaultResolution(problem: AnalysedProblem, method = 'finite-difference'): number[] {
  const intervals = defaultIntervals(problem, method)
  const longest = Math.max(...problem.axes.map(axis => axis.upper - axis.lower))
  return problem.axes.map(axis => {
    const share = Math.max(intervals / 8, 8 * Math.round((intervals * (axis.upper - axis.lower)) / longest / 8))
    return axis.periodic ? share : share + 1
  })
}

function outputTimes(step: StepEnvelope, problem: AnalysedProblem): Float64Array {
  if (!problem.time) return new Float64Array(0)
  const [start, end] = problem.time
  if (Array.isArray(step.times)) {
    const listed = [...new Set(step.times as number[])].sort((a, b) => a - b)
    return Float64Array.from(listed[0] === start ? listed : [start, ...listed])
  }
  const count = (step.times as number | undefined) ?? [101, 41, 21][problem.axes.length - 1] ?? 2
  return Float64Array.from({ length: count }, (_, i) => (start * (count - 1 - i) + end * i) / (count - 1))
}

/** Faults of a solve step's own options and their fit to the problem. Paths are relative to the step. */
export function checkSolve(step: StepEnvelope, problem: AnalysedProblem | undefined, libm: Libm): Fault[] {
  const common = Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'id' && key !== 'kind' && commonKeys.has(key)))
  const faults: Fault[] = [...schemaFaults(solveOptions, common)]
  if (step.method !== undefined && typeof step.method !== 'string') return faults
  const chosen = step.method ?? 'auto'
  if (!methods.some(m => m.descriptor.id === chosen)) {
    const names = methods.map(m => m.descriptor.id)
    const near = nearestName(chosen, names)
    faults.push(error('unknown-method', `There is no method "${chosen}".`, { where: { path: 'method' }, tip: near ? `Did you mean "${near}"?` : `This version has ${names.join(', ')}.` }))
    return faults
  }
  if (chosen === 'auto' && !problem) return faults
  const method = chosen !== 'auto' ? chosen : chooseMethod(problem!, libm, ownOptions(step))?.method
  if (method === undefined) return [...faults, noMethod(problem!)]
  const line = methods.find(m => m.descriptor.id === method)!
  faults.push(...schemaFaults(line.descriptor.options ?? z.strictObject({}), ownOptions(step), Object.keys(solveOptions.shape)))
  if (!problem || faults.length > 0) return faults
  if (problem.cube) return [noMethod(problem)]
  if (problem.pieces.some(p => p.coupled) && !line.descriptor.supports?.includes('coupled conditions')) {
    return [error('coupled-conditions', `${line.descriptor.name} take no boundary conditions that tie components together, and this statement has one.`, { where: { path: 'method' }, tip: 'Give each component a condition of its own.' })]
  }
  if (problem.pieces.some(p => p.traction) && !line.descriptor.supports?.includes('traction')) return refuseTraction(problem, `The method "${method}"`)
  const { resolution } = step
  if (Array.isArray(resolution) && resolution.length !== problem.axes.length) {
    faults.push(error('resolution-axes', `The resolution has ${resolution.length} ${resolution.length === 1 ? 'entry' : 'entries'}, but the domain has ${problem.axes.length} ${problem.axes.length === 1 ? 'axis' : 'axes'}.`, { where: { path: 'resolution' }, tip: 'Give one number of nodes per axis.' }))
  }
  if (problem.time && Array.isArray(step.times)) {
    const [start, end] = problem.time
    const outside = (step.times as number[]).find(t => !(t >= start && t <= end))
    if (outside !== undefined) faults.push(error('times-outside', `The output time ${outside} lies outside the statement's time interval [${start}, ${end}].`, { where: { path: 'times' } }))
  }
  if (problem.time) faults.push(...tooManySteps(step, problem.time))
  if (!problem.time && step.times !== undefined) {
    faults.push(error('times-without-time', 'Output times are given, but the problem is steady.', { where: { path: 'times' }, tip: 'Remove "times", or give the statement "time".' }))
  }
  return [...faults, ...ignoredOptions(step, problem)]
}

/** Time methods whose order can be chosen; "auto" may choose one of them. */
const orderedTimeMethods = ['auto', 'bdf', 'imex']

/** Warnings about options that the method knows but that change nothing here. */
function ignoredOptions(step: StepEnvelope, problem: AnalysedProblem): Fault[] {
  const warning = (path: string, message: string, tip: string): Fault => ({ severity: 'warning', code: 'ignored-option', message, where: { path }, tip })
  const { method = 'auto', order } = (step.time ?? {}) as { method?: string; order?: number }
  const faults: Fault[] = []
  if (problem.time && order !== undefined && !orderedTimeMethods.includes(method)) faults.push(warning('time.order', `The time method "${method}" has one order only, and "order": ${order} changes nothing.`, 'Leave it out, or use "bdf" or "imex".'))
  if (!problem.time && step.flux !== undefined && step.flux !== 'auto') faults.push(warning('flux', 'Fluxes are chosen for evolutions, and the problem is steady: the option changes nothing.', 'Leave it out.'))
  if (step.relaxation !== undefined && step.solver !== 'sor') faults.push(warning('relaxation', 'The relaxation factor belongs to the solver "sor": with another solver it changes nothing.', 'Leave it out, or use "solver": "sor".'))
  return faults
}

/** Steps or output times so close that the run would not end, or that double precision cannot tell them apart. */
function tooManySteps(step: StepEnvelope, [start, end]: readonly [number, number]): Fault[] {
  const length = end - start
  const { dt } = (step.time ?? {}) as { dt?: unknown }
  if (typeof dt === 'number' && dt < 1e-9 * length) return [error('dt-too-small', `The time step ${dt} would take more than a billion steps over [${start}, ${end}].`, { where: { path: 'time.dt' }, tip: 'Choose a larger one, or leave it out.' })]
  if (!Array.isArray(step.times)) return []
  const sorted = [start, ...(step.times as number[])].sort((a, b) => a - b)
  const close = sorted.find((t, i) => i > 0 && t > sorted[i - 1] && t - sorted[i - 1] < 1e-10 * length)
  return close === undefined ? [] : [error('times-too-close', `Two output times at ${close} are too close to each other.`, { where: { path: 'times' }, tip: 'Leave one of them out.' })]
}
