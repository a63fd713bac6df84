import { automaticMomentum, leastDamping, springStep, type SpringOptions, type SpringState } from '../optimizers/spring'
import { linearise } from './linearisation'
import { byPart, type TrainingMethodFamily } from './method'
import { normalEquationsOf } from './normal-products'

export interface SpringTraining {
  /** Absent: `automaticMomentum`. */
  readonly momentum?: number
  /** Absent: chosen and adapted. */
  readonly damping?: number
}

/** Where an automatic damping begins, as a share of Σσ². */
const firstDamping = 1e-4

/** Least squares on points that change from step to step, for networks of thousands of parameters. */
export const spring: TrainingMethodFamily<SpringTraining> = {
  async create({ momentum, damping }, task, resumed) {
    const { feed, form, team } = task
    const linear = await linearise(task, 'products', true)
    let losses: ArrayLike<number> = []
    const problem = normalEquationsOf(linear, told => { losses = told })
    const options: SpringOptions = { momentum: momentum ?? automaticMomentum(linear.rows, linear.layout.size), damping: damping ?? firstDamping, automatic: damping === undefined, least: leastDamping[task.precision] }
    let done = Number(resumed?.scalars.done ?? 0)
    let state: SpringState = resumed
      ? { parameters: resumed.arrays.parameters, previous: resumed.arrays.previous, damping: Number(resumed.scalars.damping), level: Number(resumed.scalars.level) }
      : { parameters: linear.start, previous: new Float64Array(linear.layout.size), damping: options.damping, level: Infinity }
    return {
      async advance() {
        linear.use((await feed.at(done, () => linear.arraysAt(state.parameters))).inputs)
        const before = await problem.loss(state.parameters)
        if (!Number.isFinite(before)) {
          await problem.at(state.parameters, state.previous)
          return { step: done + 1, loss: before, terms: byPart(form, losses) }
        }
        const { length, ...next } = await springStep(problem, before, state, options, team)
        state = next
        done++
        return {
          step: done, loss: before, terms: byPart(form, losses), curves: { damping: state.damping, step_length: length, ...feed.curves?.() },
          ...(length === 0 && !feed.changing ? { stalled: 'No step lowers the loss any more.' } : {}),
        }
      },
      parameters: () => linear.arraysAt(state.parameters),
      store: () => ({ scalars: { done, damping: state.damping, level: state.level }, arrays: { parameters: state.parameters, previous: state.previous } }),
      dispose: () => linear.dispose(),
    }
  },
}
