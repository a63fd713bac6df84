import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import type { Json } from '../json'
import { resolveProblem } from '../problems/analyse'
import { stepKind } from './registry'
import type { KeyMaterial } from './step-kind'

/** Renaming a step or moving it does not change what it computes: the id is no part of the material, its inputs enter by their keys. */
export function stepKeyMaterial(document: ExperimentDocument, step: StepEnvelope, inputKeys: Readonly<Record<string, string>>, fileHashes: Readonly<Record<string, string>>): KeyMaterial {
  const { id: _, ...own } = step
  const needsProblem = stepKind(step.kind)?.descriptor.supports?.includes('problem') ?? true
  const problem = needsProblem && document.problem ? (resolveProblem(document.problem).statement as unknown as Json) ?? null : null
  const reads = stepKind(step.kind)?.reads?.(step, document)
  return { problem, step: reads === undefined ? own : { own, reads }, seed: document.seed ?? 0, inputKeys, fileHashes }
}
