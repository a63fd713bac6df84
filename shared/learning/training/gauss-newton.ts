import { compile } from '../compile'
import { leastSquaresOf } from '../formulations/jacobian'
import { valueAndGradients } from '../gradients'
import { gaussNewtonStep, initialGaussNewton, type GaussNewtonOptions, type GaussNewtonState, type LeastSquares, type Linearisation } from '../optimizers/gauss-newton'
import { flatten, flattenTensors, layoutOf, unflatten } from '../optimizers/objective'
import { sum, type Tensors } from '../tf'
import type { NetworkArrays, StepInputs } from './feed'
import { inputsOf, partLosses, weightedParts } from './form'
import { byPart, type TrainingMethodFamily } from './method'

/**
 * A loss that fell to this share of its first value, and then by a smaller share than `noticeable` in so many steps one after the other, has come to its end: near rounding each step still finds a little.
 * Higher up it may be a plateau that is left again.
 */
const settled = 1e-9
const noticeable = 1e-4
const patience = 12

/** Training by least squares: residuals and Jacobian in one graph, the singular value decomposition in double precision kernels. Points stay as they are unless `resample` says otherwise. */
export const gaussNewton: TrainingMethodFamily<GaussNewtonOptions> = {
  async create(options, task, resumed) {
    const { network, initial, trained, form, feed, libm, runtime, precision } = task
    const layout = layoutOf(initial, trained)
    const fixed = Object.fromEntries(Object.entries(initial).filter(([name]) => !trained.includes(name)).map(([name, { values }]) => [name, values as Float64Array]))
    const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
    const parts = (inputs: Tensors) => (parameters: Tensors) => weightedParts(form, network, { ...inputs, ...parameters }, inputs)
    const parametersOf = (inputs: Tensors) => Object.fromEntries(trained.map(name => [name, inputs[name]]))
    const inputs = { ...shapes, ...inputsOf(form) }
    const linear = await runtime.prepare(compile((_, given) => {
      const own = parametersOf(given)
      const { residual, jacobian, energies } = leastSquaresOf(parts(given), own, trained)
      if (!energies) return outputsOf({ residual, jacobian, losses: partLosses(parts(given)(own)) })
      const { gradients, aux } = valueAndGradients(all => {
        const losses = partLosses(parts(given)(all))
        return { value: sum(losses), aux: { losses } }
      }, own, { unused: 'zero' })
      return outputsOf({ residual, jacobian, losses: aux.losses, gradient: flattenTensors(layout, gradients) })
    }, { precision, inputs, libm }))
    const plain = await runtime.prepare(compile((_, given) => ({ outputs: { losses: partLosses(parts(given)(parametersOf(given))) } }), { precision, inputs, libm }))
    let points: StepInputs = {}
    const given = (flat: Float64Array) => ({ ...points, ...fixed, ...unflatten(layout, flat) })
    let losses: ArrayLike<number> = []
    const problem: LeastSquares = {
      dimension: layout.size,
      residualsAndJacobian: async flat => {
        const result = await linear.run(given(flat))
        losses = Float64Array.from(result.losses)
        return { residual: Float64Array.from(result.residual), jacobian: Float64Array.from(result.jacobian), ...(result.gradient ? { gradient: Float64Array.from(result.gradient, g => g / 2) } : {}) }
      },
      loss: async flat => total((await plain.run(given(flat))).losses),
    }
    let done = Number(resumed?.scalars.done ?? 0)
    let still = Number(resumed?.scalars.still ?? 0)
    const arraysAt = (flat: Float64Array): NetworkArrays => ({ ...fixed, ...unflatten(layout, flat) })
    const start = resumed?.arrays.parameters ?? flatten(layout, Object.fromEntries(trained.map(name => [name, initial[name].values])))
    // A training that goes on asks for its points when it does: it is then told whether they are new.
    if (!resumed) points = (await feed.at(done, () => arraysAt(start))).inputs
    let state: GaussNewtonState = resumed
      ? { parameters: start, loss: Number(resumed.scalars.loss), damping: Number(resumed.scalars.damping) }
      : await initialGaussNewton(problem, start)
    const first = Number(resumed?.scalars.first ?? state.loss)
    let last: Linearisation | undefined
    return {
      async advance() {
        const { inputs: brought, changed } = await feed.at(done, () => arraysAt(state.parameters))
        points = brought
        if (changed) state = { ...state, loss: await problem.loss(state.parameters) }
        const before = state.loss
        // No step leads out of a statement without a value; what is told is where, not that a factorisation failed.
        if (!Number.isFinite(before)) {
          await problem.residualsAndJacobian(state.parameters)
          return { step: done + 1, loss: before, terms: byPart(form, losses) }
        }
        const { rank, length, linearisation, ...next } = await gaussNewtonStep(problem, state, { ...options, precision }, task.team)
        state = next
        last = linearisation
        done++
        still = state.loss < settled * first && state.loss > before * (1 - noticeable) ? still + 1 : 0
        const ended = length === 0 ? 'No step lowers the loss any more: it is at its rounding error.' : still >= patience ? `The loss fell by less than ${100 * noticeable} % in each of ${patience} steps: training has ended.` : undefined
        return {
          step: done, loss: before, terms: byPart(form, losses), curves: { rank, ...(options.cutoff === 'auto' ? { cutoff: linearisation.cutoff } : {}), ...feed.curves?.() },
          ...(ended !== undefined && !feed.changing ? { stalled: ended } : {}),
        }
      },
      parameters: () => arraysAt(state.parameters),
      linearisation: () => last,
      store: () => ({ scalars: { done, still, first, loss: state.loss, damping: state.damping }, arrays: { parameters: state.parameters } }),
      dispose: () => {
        linear.dispose()
        plain.dispose()
      },
    }
  },
}

const outputsOf = (outputs: Tensors): { readonly outputs: Tensors } => ({ outputs })

const total = (losses: ArrayLike<number>): number => Array.prototype.reduce.call(losses, (all: unknown, loss: unknown) => (all as number) + (loss as number), 0) as number
