import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import type { Fault } from '../fault'
import { error, FaultError, nearestName } from '../fault'
import { canonicalJson, type Json } from '../json'
import { formulationLines } from '../learning/formulations/registry'
import type { Parameters } from '../learning/networks/network'
import type { StepResult } from './step-kind'
import { trainOptions } from './train-options'

/** A step's network as the document means it: defaults filled in, without how its parameters begin. Undefined where its options have faults. */
function networkOptions(step: StepEnvelope): Readonly<Record<string, unknown>> | undefined {
  const parsed = trainOptions.shape.network.safeParse(step.network)
  if (!parsed.success) return undefined
  const { initialisation: _, ...own } = parsed.data
  return own
}

function holdsConditions({ conditions = 'auto', formulation = 'strong' }: StepEnvelope): boolean {
  return conditions === 'hard' || (conditions === 'auto' && formulationLines.some(({ descriptor, holdsConditions }) => descriptor.id === formulation && holdsConditions))
}

/** Faults of `start`: the step that it names must be a train step, and its network this one. */
export function checkStart(step: StepEnvelope, document: Pick<ExperimentDocument, 'steps'>): Fault[] {
  const { start } = step
  if (typeof start !== 'string') return []
  const where = { path: 'start' }
  const others = document.steps.filter(other => other.kind === 'train' && other.id !== step.id)
  const source = others.find(({ id }) => id === start)
  if (!source) {
    const near = nearestName(start, others.map(({ id }) => id))
    const tip = near ? `Did you mean "${near}"?` : others.length > 0 ? `The others are ${others.map(({ id }) => id).join(', ')}.` : 'Add the train step whose network this one goes on with.'
    return [error('unknown-start', `There is no other train step "${start}".`, { where, tip })]
  }
  if (holdsConditions(step) !== holdsConditions(source)) {
    const manner = (holds: boolean): string => (holds ? 'holds its conditions by its form' : 'meets its conditions by terms of the loss')
    return [error('start-conditions', `The network of "${start}" ${manner(holdsConditions(source))}, and this one ${manner(holdsConditions(step))}: the same parameters mean another function.`, { where, tip: 'Give both steps the same "conditions".' })]
  }
  const [mine, theirs] = [networkOptions(step), networkOptions(source)]
  if (!mine || !theirs) return []
  const different = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])].filter(key => canonicalJson((mine[key] ?? null) as Json) !== canonicalJson((theirs[key] ?? null) as Json))
  if (different.length === 0) return []
  const text = (options: typeof mine): string => different.map(key => `${key} ${String(options[key] ?? 'none')}`).join(', ')
  return [error('start-network', `The network of "${start}" has ${text(theirs)}, and this one ${text(mine)}: its parameters do not fit.`, { where, tip: `Give this step the network of "${start}".` })]
}

/** The arrays of `initial` with the values that the other step's training ended with. Fault: start-network. */
export function startedFrom(initial: Parameters, start: string, result: StepResult): Parameters {
  const stored = result.arrays.find(({ name }) => name === 'parameters')?.values
  const size = Object.values(initial).reduce((sum, { values }) => sum + values.length, 0)
  if (stored?.length !== size) {
    throw new FaultError(error('start-network', `The result of "${start}" holds ${stored ? `${stored.length} parameters` : 'no parameters'}, and this network has ${size}.`, { where: { path: 'start' }, tip: `Give both steps the same network, and compute "${start}" again.` }))
  }
  let at = 0
  return Object.fromEntries(Object.entries(initial).map(([name, { shape, values }]) => [name, { shape, values: stored.slice(at, (at += values.length)) }]))
}
