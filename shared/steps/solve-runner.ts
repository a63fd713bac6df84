import type { StepEnvelope } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import { FaultError, error } from '../fault'
import type { Run, Team } from '../kernels/team'
import type { AnalysedProblem } from '../problems/analysed'
import { firstAccepted } from '../solvers/automatic'
import type { SolveRequest } from '../solvers/method'
import { methods } from '../solvers/registry'
import { measureAgainstExact } from './measure'
import { noMethod, solveRequests, type ResolvedRequest } from './solve-options'
import type { StepOutput, StepRunner } from './step-kind'

/** Solves and, when the statement has an exact solution, measures the error as an integral over the domain. */
export const solveRunner: StepRunner = {
  async run({ step, problem, team, run, libm }) {
    if (!problem) throw new FaultError(error('missing-problem', 'A solve step needs a problem.', { where: { path: 'problem' } }))
    const { method, reason, request } = await resolveRequest(step, problem, run, libm)
    const ran = { method, resolution: request.resolution, ...(reason === undefined ? {} : { reason }) }
    return { ...(await solveAndMeasure(method, request, team, run)), store: step.store as StepOutput['store'], ran }
  },
}

/** The method that runs: the one named, or for `auto` the best one whose own check takes the request; which and why goes to the log. Throws FaultError where none does. */
export async function resolveRequest(step: StepEnvelope, problem: AnalysedProblem, run: Pick<Run, 'log'>, libm: Libm): Promise<ResolvedRequest> {
  const candidates = solveRequests(step, problem, libm)
  const found = await firstAccepted(candidates, methods)
  if ('refused' in found) throw new FaultError(found.refused.length > 0 ? found.refused : noMethod(problem))
  const { method, reason, request } = found.chosen
  if (reason !== undefined) {
    const because = found.passed.length > 0 ? ` (${found.passed[0].message})` : ''
    run.log('info', `Method ${method}, ${request.resolution.join(' × ')} nodes. ${reason}${because}`)
  }
  return found.chosen
}

export async function solveAndMeasure(method: string, request: SolveRequest, team: Team, run: Run): Promise<StepOutput> {
  const implementation = await methods.find(m => m.descriptor.id === method)!.load()
  const refused = implementation.check(request).filter(f => f.severity === 'error')
  if (refused.length > 0) throw new FaultError(refused)
  const solution = implementation.solve(request, team, run)
  const metrics: Record<string, number> = { ...solution.metrics }
  if (request.problem.exact) {
    run.progress({ stage: 'measuring the error' })
    Object.assign(metrics, measureAgainstExact(solution, method, request, team, run))
  }
  return { fields: solution.fields, arrays: solution.arrays, metrics, converged: solution.converged, faults: solution.faults }
}
