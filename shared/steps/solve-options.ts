import { z } from 'zod'
import type { StepEnvelope } from '../experiment/document'
import type { Fault } from '../fault'
import { error, nearestName } from '../fault'
import type { AnalysedProblem } from '../problems/analysed'
import type { SolveRequest } from '../solvers/method'
import { methods } from '../solvers/registry'
import type { Libm } from '../expressions/libm'
import { schemaFaults } from './schema-faults'

export const solveOptions = z.strictObject({
  method: z.string().default('finite-difference').describe('How the statement is discretized.').meta({ title: 'Method', registry: 'methods' }),
  resolution: z.array(z.number().int().min(2)).min(1).max(3).optional().describe('Nodes per axis in x, y, z order; both ends counted on a bounded axis, one on a periodic axis.').meta({ title: 'Resolution', unit: 'nodes' }),
  times: z.union([z.number().int().min(2).max(100_000), z.array(z.number()).min(1).max(100_000)]).optional()
    .describe('Output times of an evolution: how many, evenly spaced with both ends, or a list.').meta({ title: 'Output times' }),
})

const commonKeys = new Set(['id', 'kind', ...Object.keys(solveOptions.shape)])

/** What the step asks of its method, with defaults filled in. */
export function solveRequest(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): { readonly method: string; readonly request: SolveRequest } {
  const method = typeof step.method === 'string' ? step.method : 'finite-difference'
  const line = methods.find(m => m.descriptor.id === method)!
  const own = Object.fromEntries(Object.entries(step).filter(([key]) => !commonKeys.has(key)))
  const options = (line.descriptor.options?.parse(own) ?? {}) as Record<string, unknown>
  const resolution = (step.resolution as number[] | undefined) ?? defaultResolution(problem)
  return { method, request: { problem, resolution, times: outputTimes(step, problem), options, libm } }
}

export function defaultResolution(problem: AnalysedProblem): number[] {
  const intervals = [256, 128, 64][problem.axes.length - 1]
  return problem.axes.map(axis => (axis.periodic ? intervals : intervals + 1))
}

function outputTimes(step: StepEnvelope, problem: AnalysedProblem): Float64Array {
  if (!problem.time) return new Float64Array(0)
  const [start, end] = problem.time
  if (Array.isArray(step.times)) {
    const listed = [...new Set(step.times as number[])].sort((a, b) => a - b)
    return Float64Array.from(listed[0] === start ? listed : [start, ...listed])
  }
  const count = (step.times as number | undefined) ?? [101, 41, 21][problem.axes.length - 1]
  return Float64Array.from({ length: count }, (_, i) => (start * (count - 1 - i) + end * i) / (count - 1))
}

/** Faults of a solve step's own options and their fit to the problem. Paths are relative to the step. */
export function checkSolve(step: StepEnvelope, problem: AnalysedProblem | undefined): Fault[] {
  const common = Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'id' && key !== 'kind' && commonKeys.has(key)))
  const faults: Fault[] = [...schemaFaults(solveOptions, common)]
  const method = step.method ?? 'finite-difference'
  const line = methods.find(m => m.descriptor.id === method)
  if (!line) {
    if (typeof method === 'string') {
      const names = methods.map(m => m.descriptor.id)
      const near = nearestName(method, names)
      faults.push(error('unknown-method', `There is no method "${method}".`, { where: { path: 'method' }, tip: near ? `Did you mean "${near}"?` : `This version has ${names.join(', ')}.` }))
    }
    return faults
  }
  const own = Object.fromEntries(Object.entries(step).filter(([key]) => !commonKeys.has(key)))
  faults.push(...schemaFaults(line.descriptor.options ?? z.strictObject({}), own, Object.keys(solveOptions.shape)))
  if (!problem || faults.length > 0) return faults
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
