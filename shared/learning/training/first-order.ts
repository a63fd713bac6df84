import type { Checkpoint } from '../../kernels/team'
import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import { ofPrefix, withPrefix } from '../networks'
import type { OptimizerFamily } from '../optimizers/optimizer'
import { constantRate, cosineDecay, linearDecay, type Schedule } from '../optimizers/schedules'
import type { Execution } from '../runtime'
import { reshape, sum } from '../tf'
import { opponentOf } from './adversary'
import type { NetworkArrays } from './feed'
import { inputsOf, partLosses, weightedParts } from './form'
import { byPart, type TrainingMethod, type TrainingMethodFamily, type TrainingTask } from './method'

export interface RateOptions {
  readonly rate: number
  readonly schedule: 'constant' | 'linear' | 'cosine'
  /** Share of the steps that climb to the largest rate. */
  readonly warmUp: number
}

/** Steps whose number is unknown are taken as this many by schedules. */
const usualSteps = 20_000

function scheduleOf({ rate, schedule, warmUp }: RateOptions, steps = usualSteps): Schedule {
  if (schedule === 'constant' && warmUp === 0) return constantRate(rate)
  const options = { rate, steps, warmUp: Math.round(warmUp * steps) }
  if (schedule === 'cosine') return cosineDecay(options)
  return linearDecay({ ...options, floor: schedule === 'constant' ? 1 : 0 })
}

/** Training with an optimizer that is part of the graph: forward, backward and update are one call. */
export const firstOrder = (load: () => Promise<OptimizerFamily>): TrainingMethodFamily<RateOptions> => ({
  async create(options, task, resumed) {
    const family = await load()
    const { rate, schedule, warmUp, ...own } = options
    const optimizer = family.build(own as never, scheduleOf({ rate, schedule, warmUp }, task.steps))
    const trained = Object.fromEntries(task.trained.map(name => [name, task.initial[name]]))
    const { form, feed } = task
    const shown = Object.fromEntries(Object.entries(task.initial).map(([name, { values }]) => [name, Float64Array.from(values as Float64Array)]))
    const opponent = form.adversary && opponentOf(form, (await feed.at(Number(resumed?.scalars.done ?? 0), () => shown)).inputs)
    const program = compile((state, brought) => {
      const network = ofPrefix('network', state)
      const parameters = Object.fromEntries(task.trained.map(name => [name, network[name]]))
      const raised = opponent?.raise(state, task.network, network, brought)
      const inputs = { ...brought, ...raised?.arrays }
      const { value, gradients, aux } = valueAndGradients(moving => {
        const losses = partLosses(weightedParts(form, task.network, { ...network, ...moving }, inputs))
        return { value: sum(losses), aux: { losses } }
      }, parameters, { unused: 'zero' })
      const next = optimizer.update(ofPrefix('optimizer', state), parameters, gradients)
      return {
        state: { ...withPrefix('network', { ...network, ...next.parameters }), ...withPrefix('optimizer', next.state), ...raised?.state },
        outputs: { loss: value, rate: reshape(next.rate, []), losses: aux.losses },
      }
    }, {
      precision: task.precision, libm: task.libm, inputs: opponent?.inputs ?? inputsOf(form),
      state: { ...withPrefix('network', task.initial), ...withPrefix('optimizer', optimizer.initialise(trained)), ...opponent?.initial },
    })
    return running(task, await task.runtime.prepare(program), resumed)
  },
})

function running({ form, feed }: TrainingTask, execution: Execution, resumed: Checkpoint | undefined): TrainingMethod {
  let done = Number(resumed?.scalars.done ?? 0)
  if (resumed) execution.restore(resumed.arrays)
  const parameters = (): NetworkArrays => ofPrefix('network', execution.state()) as Record<string, Float64Array>
  return {
    async advance() {
      const { inputs } = await feed.at(done, parameters)
      const own = form.adversary ? Object.fromEntries(Object.entries(inputs).filter(([name]) => !form.adversary!.arrays.includes(name))) : inputs
      const { loss, rate, losses } = await execution.run(own)
      done++
      return { step: done, loss: loss[0], terms: byPart(form, losses), curves: { rate: rate[0], ...feed.curves?.() } }
    },
    parameters,
    store: () => ({ scalars: { done }, arrays: execution.state() as Record<string, Float64Array> }),
    dispose: () => execution.dispose(),
  }
}
