import { gaussNewtonStep, initialGaussNewton, type GaussNewtonOptions, type GaussNewtonState, type LeastSquares, type Linearisation } from '../optimizers/gauss-newton'
import { levenbergMarquardtStep } from '../optimizers/levenberg-marquardt'
import type { LinearSolver } from './least-squares-memory'
import { linearise } from './linearisation'
import { byPart, type TrainingMethodFamily } from './method'
import { normalEquationsOf } from './normal-products'

export interface GaussNewtonTraining extends GaussNewtonOptions {
  /** `auto`: by the numbers of residuals and parameters. */
  readonly solver: LinearSolver | 'auto'
}

/**
 * A loss that fell to this share of its first value, and then by a smaller share than `noticeable` in so many steps one after the other, has come to its end: near rounding each step still finds a little.
 * Higher up it may be a plateau that is left again.
 */
const settled = 1e-9
const noticeable = 1e-4
const patience = 12
/** So has one that falls by nothing but rounding errors. */
const rounding = 2 ** -49

/** Training by least squares: residuals and Jacobian (or its products) in one graph, small factorisations in double precision kernels. Points stay as they are unless `resample` says otherwise. */
export const gaussNewton: TrainingMethodFamily<GaussNewtonTraining> = {
  async create({ solver, ...options }, task, resumed) {
    const { form, feed, team, precision } = task
    const linear = await linearise(task, solver)
    let losses: ArrayLike<number> = []
    const problem: LeastSquares = {
      dimension: linear.layout.size,
      residualsAndJacobian: async flat => {
        const { residual, jacobian, gradient, losses: told } = await linear.at(flat)
        losses = Float64Array.from(told)
        return { residual: Float64Array.from(residual), jacobian: Float64Array.from(jacobian), ...(gradient ? { gradient: Float64Array.from(gradient) } : {}) }
      },
      loss: parameters => linear.loss(parameters),
    }
    const products = normalEquationsOf(linear, told => { losses = told })
    const stepped = async (from: GaussNewtonState): Promise<{ readonly state: GaussNewtonState; readonly length: number; readonly curves: Readonly<Record<string, number>>; readonly linearisation?: Linearisation }> => {
      if (linear.solver !== 'svd') {
        const { length, ...state } = await levenbergMarquardtStep(products, from, team)
        return { state, length, curves: { damping: state.damping } }
      }
      const { rank, length, linearisation, ...state } = await gaussNewtonStep(problem, from, { ...options, precision }, team)
      return { state, length, curves: { rank, ...(options.cutoff === 'auto' ? { cutoff: linearisation.cutoff } : {}) }, linearisation }
    }
    let done = Number(resumed?.scalars.done ?? 0)
    let still = Number(resumed?.scalars.still ?? 0)
    const start = resumed?.arrays.parameters ?? linear.start
    // A training that goes on asks for its points when it does: it is then told whether they are new.
    if (!resumed) linear.use((await feed.at(done, () => linear.arraysAt(start))).inputs)
    let state: GaussNewtonState = resumed
      ? { parameters: start, loss: Number(resumed.scalars.loss), damping: Number(resumed.scalars.damping) }
      : await initialGaussNewton(linear, start)
    const first = Number(resumed?.scalars.first ?? state.loss)
    let last: Linearisation | undefined
    return {
      async advance() {
        const { inputs: brought, changed } = await feed.at(done, () => linear.arraysAt(state.parameters))
        linear.use(brought)
        if (changed) state = { ...state, loss: await linear.loss(state.parameters) }
        const before = state.loss
        // No step leads out of a statement without a value; what is told is where, not that a factorisation failed.
        if (!Number.isFinite(before)) {
          losses = (await linear.at(state.parameters)).losses
          return { step: done + 1, loss: before, terms: byPart(form, losses) }
        }
        const { state: next, length, curves, linearisation } = await stepped(state)
        state = next
        last = linearisation
        done++
        still = before - state.loss <= rounding * Math.abs(before) || (state.loss > before * (1 - noticeable) && !form.energy && state.loss < settled * first) ? still + 1 : 0
        const ended = length === 0 ? 'No step lowers the loss any more: it is at its rounding error.' : still < patience ? undefined : `The loss fell by less than ${form.energy ? 'its rounding error' : `${100 * noticeable} %`} in each of ${patience} steps: training has ended.`
        return {
          step: done, loss: before, terms: byPart(form, losses), curves: { ...curves, ...feed.curves?.() },
          ...(ended !== undefined && !feed.changing ? { stalled: ended } : {}),
        }
      },
      parameters: () => linear.arraysAt(state.parameters),
      linearisation: () => last,
      store: () => ({ scalars: { done, still, first, loss: state.loss, damping: state.damping }, arrays: { parameters: state.parameters } }),
      dispose: () => linear.dispose(),
    }
  },
}
