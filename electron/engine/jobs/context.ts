import type { Libm } from '../../../shared/expressions/libm'
import type { StepEnvelope } from '../../../shared/experiment/document'
import { FaultError, error } from '../../../shared/fault'
import type { Run, Team } from '../../../shared/kernels/team'
import { analyse } from '../../../shared/problems/analyse'
import type { LearningRuntime } from '../../../shared/learning/runtime'
import type { StepContext } from '../../../shared/steps/step-kind'
import { foreignPath } from '../store/foreign'
import type { Workspace } from '../store/workspace'
import { readForeignField } from './foreign'
import type { JobOrder } from './messages'
import { readResult } from './result'

interface Parts {
  readonly order: JobOrder
  readonly step: StepEnvelope
  readonly workspace: Workspace
  readonly team: Team
  readonly run: Run
  readonly learning: LearningRuntime
  /** Called at most once, and not at all by steps without a problem. */
  readonly loadLibm: () => Libm
}

/** Everything a runner may touch. Results of other steps and foreign files come from the folders that the order names. */
export function createStepContext({ order, step, workspace, team, run, learning, loadLibm }: Parts): StepContext {
  const { document } = order
  let loaded: Libm | undefined
  const libm = (): Libm => (loaded ??= loadLibm())
  const analysis = document.problem ? analyse(document.problem, libm()) : undefined
  const wrong = analysis?.faults.filter(fault => fault.severity === 'error') ?? []
  if (wrong.length > 0) throw new FaultError(wrong)
  return {
    document, step, team, run, learning,
    now: () => performance.now(),
    get libm() {
      return libm()
    },
    problem: analysis?.problem,
    seed: order.seed,
    input(id) {
      try {
        return readResult(workspace.result(id))
      } catch (reason) {
        if ((reason as NodeJS.ErrnoException).code === 'ENOENT') throw new FaultError(error('missing-input', `The step ${step.id} reads the result of ${id}, which is not there.`, { tip: `Compute ${id} first.` }))
        throw reason
      }
    },
    foreign: async (name, array, axes) => readForeignField(name, foreignPath(workspace, order.documentFolder, name), array, axes),
  }
}
