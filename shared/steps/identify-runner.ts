import type { StepEnvelope } from '../experiment/document'
import { FaultError, error } from '../fault'
import type { ForwardSolver, IdentificationHost } from '../identification/method'
import { observe, withNoise } from '../identification/observations'
import type { Run } from '../kernels/team'
import { createRandom } from '../learning/random'
import { methods } from '../solvers/registry'
import { parseIdentify } from './identify-options'
import { trainIdentified } from './identify-training'
import { resolveRequest } from './solve-runner'
import type { StepContext, StepOutput, StepRunner } from './step-kind'

/** Reads the data, adds the noise that the step asks for, and hands both to the method. Metrics and arrays are those of the method (see docs/methods/identification.md). */
export const identifyRunner: StepRunner = {
  async run(context) {
    const { step, document, problem, seed, libm, run } = context
    const { options, line, step: asked } = parseIdentify(step, document, problem)
    if (line.named && !problem) throw new FaultError(error('missing-problem', 'Unknowns of a statement are identified, and the document has no problem.', { where: { path: 'method' } }))
    // Not by the step's id: results are kept by what they were made of, and ids are no part of that.
    const random = createRandom(seed, libm, 'identify')
    run.progress({ stage: 'reading the data' })
    const { data } = options
    const given = typeof data === 'string' ? context.input(data).fields : [await context.foreign(data.file, data.array, data.axes)]
    if (given.length === 0) throw new FaultError(error('no-field', `The step "${String(data)}" has no field to identify anything from.`, { where: { path: 'data' } }))
    const clean = observe(given, typeof data === 'string', options.observed, problem)
    const method = await line.load()
    const output = await method.identify({ ...asked, observations: withNoise(clean, options.noise, random.child('noise')), random, libm }, hostOf(context))
    return output satisfies StepOutput
  },
}

function hostOf(context: StepContext): IdentificationHost {
  const { team, run, learning, libm, now } = context
  return {
    train: training => trainIdentified(context, training),
    team, run, learning, now,
    async solver(problem, options, times) {
      const step = { ...options, id: 'solutions', kind: 'solve', ...(times ? { times: [...times] } : {}) } as unknown as StepEnvelope
      const { method, reason, request } = await resolveRequest(step, problem, { log: () => undefined }, libm)
      const implementation = await methods.find(m => m.descriptor.id === method)!.load()
      const quiet = silent(run)
      return {
        method, reason, request,
        solve(other) {
          const mark = team.arena.mark()
          try {
            const own = { ...request, problem: other }
            const refused = implementation.check(own).filter(f => f.severity === 'error')
            if (refused.length > 0) throw new FaultError(refused)
            return implementation.solve(own, team, quiet)
          } finally {
            team.arena.release(mark)
          }
        },
      } satisfies ForwardSolver
    },
  }
}

/** One of many solutions: it can be cancelled and is heard of no more than that. */
function silent(run: Run): Run {
  const nothing = (): void => undefined
  return { progress: nothing, log: nothing, frame: nothing, series: nothing, checkpoint: nothing, resumed: undefined, throwIfCancelled: () => run.throwIfCancelled() }
}
