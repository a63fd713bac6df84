import { duration, shortNumber } from '../../app/computing'
import type { StepEnvelope } from '../../../shared/experiment/document'
import { isJsonArray, isJsonObject, type Json } from '../../../shared/json'
import type { JobProgress, StepState, StepStatus } from '../../../shared/protocol/contract'

/** What a row of the list of steps says, in words. */
export function statusWord(status: StepStatus, state: StepState | undefined): string {
  if (status === 'done' && state?.result && !state.result.converged) return 'not converged'
  return { idle: 'not computed', queued: 'queued', running: 'running', done: 'done', outdated: 'out of date', failed: 'failed', cancelled: 'stopped' }[status]
}

/** Metrics worth a place on the row, best first: an error against truth says more than a residual. */
const keyMetrics = ['order_l2', 'relative_l2_spacetime', 'relative_l2', 'test_relative_l2', 'relative_l2_nodes', 'residual', 'max_error', 'iterations']

export function keyNumber(state: StepState | undefined): string {
  const metrics = state?.result?.metrics
  if (!metrics) return ''
  const name = keyMetrics.find(metric => metrics[metric] !== undefined)
  if (name !== undefined) return name.startsWith('order') ? `order ${metrics[name].toFixed(2)}` : shortNumber(metrics[name])
  return duration(state.result!.seconds)
}

export function whatItDid(step: StepEnvelope, state: StepState | undefined): string {
  const parts: string[] = []
  if (typeof step.method === 'string') parts.push(step.method.replace(/-/g, ' '))
  if (step.kind === 'compare') parts.push(`${name(step.a)} against ${name(step.b)}`)
  if (step.kind === 'import') parts.push(name(step.file))
  if (step.kind === 'converge') parts.push('convergence')
  const resolution = resolutionWords(step.resolution as Json | undefined)
  if (resolution) parts.push(resolution)
  const result = state?.result
  if (result && (state.status === 'done' || state.status === 'outdated')) parts.push(duration(result.seconds))
  return parts.filter(Boolean).join(' · ')
}

const name = (value: Json | undefined): string => (typeof value === 'string' ? value : isJsonObject(value) && typeof value.file === 'string' ? value.file : '')

/** `129²`, `256 × 128`, `1025`. */
export function resolutionWords(value: Json | undefined): string {
  const list = isJsonArray(value) ? value : typeof value === 'number' ? [value] : []
  if (list.length === 0 || list.some(n => typeof n !== 'number' && typeof n !== 'string')) return ''
  if (list.length > 1 && list.every(n => n === list[0])) return `${String(list[0])}${list.length === 2 ? '²' : '³'}`
  return list.join(' × ')
}

export function progressWords(progress: JobProgress): string {
  const parts: string[] = []
  if (progress.stage) parts.push(progress.stage)
  if (progress.index !== undefined) parts.push(progress.count === undefined ? `step ${progress.index}` : `${progress.index} of ${progress.count}`)
  if (progress.time !== undefined) parts.push(`t = ${shortNumber(progress.time)}`)
  if (progress.residual !== undefined) parts.push(`residual ${progress.residual === 0 ? '0' : progress.residual.toExponential(1).replace('e-', 'e−').replace('e+', 'e')}`)
  return parts.join(' · ')
}
