import { duration, shortNumber } from '../../app/computing'
import type { DescriptorData } from '../../../shared/descriptor'
import type { StepEnvelope } from '../../../shared/experiment/document'
import { isJsonArray, isJsonObject, type Json } from '../../../shared/json'
import type { JobProgress, StepState, StepStatus } from '../../../shared/protocol/contract'
import { metricName } from '../inspector/metric-names'

/** What a row of the list of steps says, in words. */
export function statusWord(status: StepStatus, state: StepState | undefined): string {
  if (status === 'done' && state?.result && !state.result.converged) return 'not converged'
  return { idle: 'not computed', queued: 'queued', running: 'running', done: 'done', outdated: 'out of date', failed: 'failed', cancelled: 'stopped' }[status]
}

/** Metrics worth a place on the row, best first: an error against truth says more than a residual. */
const keyMetrics = ['order_l2', 'relative_l2_spacetime', 'relative_l2', 'test_relative_l2', 'relative_l2_nodes', 'residual', 'max_error', 'iterations']

/** What the number means, as short as a row has room for. */
const keyWords: Readonly<Record<string, string>> = {
  order_l2: 'order', relative_l2_spacetime: 'rel. L²', relative_l2: 'rel. L²', test_relative_l2: 'test error', relative_l2_nodes: 'rel. L²', residual: 'residual', max_error: 'max. error', iterations: '',
}

/** The number of a row with its word, and the whole name of the measure for the tip. */
export interface KeyNumber { readonly word: string; readonly text: string; readonly tip: string }

export function keyNumber(step: StepEnvelope, state: StepState | undefined): KeyNumber | undefined {
  const metrics = state?.result?.metrics
  // What was asked for comes before how it was found.
  const sought = step.kind === 'identify' && isJsonArray(step.unknown) ? step.unknown.find(unknown => typeof unknown === 'string' && metrics?.[unknown] !== undefined) : undefined
  if (metrics && typeof sought === 'string') return { word: sought, text: shortNumber(metrics[sought]), tip: `${sought}, as it was identified` }
  const name = metrics && keyMetrics.find(metric => metrics[metric] !== undefined)
  if (!name) return undefined
  const isComparison = step.kind === 'compare' && name.startsWith('relative_l2')
  return {
    word: keyWords[name],
    text: name === 'iterations' ? `${metrics[name]} iterations` : name === 'order_l2' ? metrics[name].toFixed(2) : shortNumber(metrics[name]),
    tip: isComparison ? `${metricName(name)} difference of the two` : name.startsWith('relative_l2') || name === 'max_error' ? `${metricName(name)} error against the exact solution` : metricName(name),
  }
}

export interface RanWords {
  /** In words; undefined for steps without a method. */
  readonly name: string
  /** Why `auto` chose it. */
  readonly reason?: string
  readonly isAutomatic: boolean
}

/** The method that ran, or will: the result's own record; else the one named; else what `auto` stands for now (`automatic`, of the statement's check). */
export function methodWords(step: StepEnvelope, state: StepState | undefined, methods: readonly Pick<DescriptorData, 'id' | 'name'>[], automatic: { readonly id: string; readonly reason: string } | undefined): RanWords | undefined {
  const asked = typeof step.method === 'string' ? step.method : step.kind === 'solve' ? 'auto' : undefined
  if (asked === undefined) return undefined
  const isAutomatic = asked === 'auto'
  const ran = state?.status === 'outdated' && !isAutomatic ? undefined : state?.result?.ran
  const id = ran?.method ?? (isAutomatic ? automatic?.id : asked)
  if (id === undefined) return { name: 'automatic', isAutomatic }
  const reason = isAutomatic ? (ran?.method !== undefined ? ran.reason : automatic?.reason) : undefined
  return { name: (methods.find(m => m.id === id)?.name ?? id.replace(/-/g, ' ')).toLowerCase(), isAutomatic, ...(reason === undefined ? {} : { reason }) }
}

export function whatItDid(step: StepEnvelope, state: StepState | undefined, method?: RanWords): string {
  const parts: string[] = []
  if (method) parts.push(method.name)
  if (step.kind === 'compare') parts.push(`${name(step.a)} against ${name(step.b)}`)
  if (step.kind === 'import') parts.push(name(step.file))
  if (step.kind === 'converge') parts.push('convergence')
  const resolution = resolutionWords((step.resolution as Json | undefined) ?? (state?.result?.ran.resolution as Json | undefined))
  if (resolution) parts.push(resolution)
  const result = state?.result
  if (result && (state.status === 'done' || state.status === 'outdated' || result.stopped)) parts.push(duration(result.seconds))
  // A number stays with its unit when the line is too short.
  return parts.filter(Boolean).map(part => part.replace(/ /g, '\u00a0')).join(' · ')
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
  if (progress.residual !== undefined) parts.push(`residual ${shortNumber(progress.residual)}`)
  if (progress.loss !== undefined) parts.push(`loss ${shortNumber(progress.loss)}`)
  return parts.join(' · ')
}
