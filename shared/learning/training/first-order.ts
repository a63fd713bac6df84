import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import { ofPrefix, withPrefix } from '../networks'
import type { OptimizerFamily } from '../optimizers/optimizer'
import { constantRate, cosineDecay, linearDecay, type Schedule } from '../optimizers/schedules'
import { add, reshape, square, sum, type Tensors } from '../tf'
import type { TrainingMethod, TrainingMethodFamily, TrainingTask } from './method'

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
    const terms: string[] = []
    const program = compile((state, inputs) => {
      const network = ofPrefix('network', state)
      const parameters = Object.fromEntries(task.trained.map(name => [name, network[name]]))
      const { value, gradients, aux: parts } = valueAndGradients(moving => {
        const residuals = task.collocation.residuals(task.network, { ...network, ...moving }, inputs)
        const losses = residuals.map(({ residual }) => sum(square(residual)))
        return { value: losses.reduce((a, b) => add(a, b)), aux: Object.fromEntries(residuals.map(({ term }, i) => [term.name, losses[i]])) as Tensors }
      }, parameters, { unused: 'zero' })
      const next = optimizer.update(ofPrefix('optimizer', state), parameters, gradients)
      terms.splice(0, terms.length, ...Object.keys(parts))
      return {
        state: { ...withPrefix('network', { ...network, ...next.parameters }), ...withPrefix('optimizer', next.state) },
        outputs: { loss: value, rate: reshape(next.rate, []), ...withPrefix('term', Object.fromEntries(Object.values(parts).map((part, i) => [String(i), part]))) },
      }
    }, { precision: task.precision, state: { ...withPrefix('network', task.initial), ...withPrefix('optimizer', optimizer.initialise(trained)) }, inputs: task.collocation.inputs, libm: task.libm })
    return running(task, await task.runtime.prepare(program), terms, resumed)
  },
})

function running(task: TrainingTask, execution: Awaited<ReturnType<TrainingTask['runtime']['prepare']>>, terms: readonly string[], resumed: Parameters<TrainingMethodFamily['create']>[2]): TrainingMethod {
  let done = Number(resumed?.scalars.done ?? 0)
  if (resumed) execution.restore(resumed.arrays)
  const drawing = (): number => (task.resample > 0 ? Math.floor(done / task.resample) : 0)
  let drawn = drawing()
  let points = task.draw(drawn)
  return {
    async advance() {
      if (drawing() !== drawn) points = task.draw((drawn = drawing()))
      const { loss, rate, ...rest } = await execution.run(points)
      done++
      return { step: done, loss: loss[0], terms: Object.fromEntries(terms.map((name, i) => [name, rest[`term.${i}`][0]])), curves: { rate: rate[0] } }
    },
    parameters: () => ofPrefix('network', execution.state()) as Record<string, Float64Array>,
    store: () => ({ scalars: { done }, arrays: execution.state() as Record<string, Float64Array> }),
    dispose: () => execution.dispose(),
  }
}
