import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import { error, nearestName, type Fault } from '../fault'

/** Faults of `reference`: it names a step with a field, not this one. */
export function checkReference(step: StepEnvelope, document: Pick<ExperimentDocument, 'steps'>): Fault[] {
  const { reference } = step
  if (typeof reference !== 'string') return []
  const others = document.steps.filter(({ id }) => id !== step.id).map(({ id }) => id)
  if (others.includes(reference)) return []
  const near = nearestName(reference, others)
  return [error('unknown-reference', `There is no other step "${reference}".`, { where: { path: 'reference' }, tip: near ? `Did you mean "${near}"?` : 'Name the step whose field the network is measured against.' })]
}
