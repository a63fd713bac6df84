import type { Fault } from '../../shared/fault'
import { toJsonNumber } from '../../shared/json'
import { duration } from './progress'

/** One step of `run --json`. */
export interface StepSummary {
  readonly status: 'done' | 'reused' | 'failed' | 'cancelled'
  readonly seconds: number
  readonly metrics: Readonly<Record<string, number>>
  readonly converged?: false
  readonly faults?: readonly Fault[]
}

/** JSON text in which non-finite numbers are their strings. */
export const jsonLine = (value: unknown): string => `${JSON.stringify(value, (_, item: unknown) => (typeof item === 'number' ? toJsonNumber(item) : item))}\n`

export const jsonIndented = (value: unknown): string => `${JSON.stringify(value, (_, item: unknown) => (typeof item === 'number' ? toJsonNumber(item) : item), 2)}\n`

/** A table for people: a line per step, its metrics below. */
export function runSummary(steps: Readonly<Record<string, StepSummary>>): string {
  const width = Math.max(4, ...Object.keys(steps).map(id => id.length))
  return Object.entries(steps).map(([id, step]) => {
    const head = `${id.padEnd(width)}  ${step.status}${step.status === 'done' ? ` in ${duration(step.seconds)}` : ''}${step.converged === false ? '  NOT CONVERGED' : ''}`
    return [head, ...metricLines(step.metrics, width + 2)].join('\n')
  }).join('\n') + '\n'
}

export function metricLines(metrics: Readonly<Record<string, number>>, indent: number): string[] {
  const names = Object.keys(metrics)
  const width = Math.max(0, ...names.map(name => name.length))
  return names.map(name => `${' '.repeat(indent)}${name.padEnd(width)}  ${numberText(metrics[name])}`)
}

export const numberText = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5 ? String(Number(value.toPrecision(6))) : value.toExponential(4)
