import type { StepEnvelope } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import type { AnalysedProblem } from '../problems/analysed'
import { firstAccepted } from '../solvers/automatic'
import { methods } from '../solvers/registry'
import { resolutionsOf, solveStepAt } from './converge-options'
import { solveRequests } from './solve-options'
import type { Validation } from './validate'

/**
 * What the methods themselves have against the steps of a document that is valid otherwise: classes they do not cover, grids too coarse or too large for memory. Loads the methods, so it is for hosts that may; the same is refused
 * again when the step runs.
 */
export async function methodFaults({ document, analysis, faults }: Validation, libm: Libm): Promise<Fault[]> {
  const problem = analysis?.problem
  if (!document || !problem) return []
  const found: Fault[] = []
  for (const [i, step] of document.steps.entries()) {
    const place = `steps[${i}]`
    if (faults.some(fault => fault.severity === 'error' && (fault.where?.path === place || fault.where?.path?.startsWith(`${place}.`)))) continue
    found.push(...(await refusals(step, problem, libm)).map(fault => placedIn(fault, place)))
  }
  return found
}

async function refusals(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): Promise<readonly Fault[]> {
  if (step.kind === 'solve') return refusalsOf(step, problem, libm)
  const isStudy = ['energy-bounds', 'formulations'].includes(step.kind) && Array.isArray(step.resolutions)
  if (step.kind !== 'converge' && !isStudy) return []
  // One method for the whole study, chosen for the finest grid, which is also the largest.
  const last = resolutionsOf(step, problem.axes.length).length - 1
  const asked = isStudy ? { id: step.id, kind: step.kind, method: 'finite-element', order: step.order ?? 1 } : step
  const found = await refusalsOf(solveStepAt(asked, resolutionsOf(step, problem.axes.length)[last]), problem, libm)
  return found.map(fault => (fault.where?.path?.startsWith('resolution') ? { ...fault, where: { ...fault.where, path: `resolutions[${last}]` } } : fault))
}

async function refusalsOf(step: StepEnvelope, problem: AnalysedProblem, libm: Libm): Promise<readonly Fault[]> {
  const result = await firstAccepted(solveRequests(step, problem, libm), methods)
  return 'refused' in result ? result.refused : []
}

const placedIn = (fault: Fault, place: string): Fault => {
  const path = fault.where?.path
  return path?.startsWith('problem') ? fault : { ...fault, where: { ...fault.where, path: path ? `${place}.${path}` : place } }
}
