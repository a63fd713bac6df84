import { compile } from '../compile'
import { residualsAndJacobian } from '../formulations/jacobian'
import { gaussNewtonStep, initialGaussNewton, type GaussNewtonOptions, type GaussNewtonState, type LeastSquares } from '../optimizers/gauss-newton'
import { flatten, layoutOf, unflatten } from '../optimizers/objective'
import { concat, square, sum, type Tensors } from '../tf'
import type { TrainingMethodFamily } from './method'

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
    const { network, initial, trained, collocation, libm, runtime, precision } = task
    const layout = layoutOf(initial, trained)
    const fixed = Object.fromEntries(Object.entries(initial).filter(([name]) => !trained.includes(name)).map(([name, { values }]) => [name, values]))
    const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
    const terms: { readonly name: string; readonly count: number }[] = []
    const columns = (inputs: Tensors) => (parameters: Tensors) => {
      const residuals = collocation.residuals(network, { ...inputs, ...parameters }, inputs)
      terms.splice(0, terms.length, ...residuals.map(({ term, residual }) => ({ name: term.name, count: residual.size })))
      return residuals.map(r => r.residual)
    }
    const parametersOf = (inputs: Tensors) => Object.fromEntries(trained.map(name => [name, inputs[name]]))
    const inputs = { ...shapes, ...collocation.inputs }
    const linear = await runtime.prepare(compile((_, given) => ({ outputs: { ...residualsAndJacobian(columns(given), parametersOf(given), trained) } }), { precision, inputs, libm }))
    const plain = await runtime.prepare(compile((_, given) => ({ outputs: { loss: sum(square(concat([...columns(given)(parametersOf(given))], 0))) } }), { precision, inputs, libm }))
    let points = task.draw(0)
    const given = (flat: Float64Array) => ({ ...points, ...fixed, ...unflatten(layout, flat) })
    let residual = new Float64Array(0)
    const problem: LeastSquares = {
      dimension: layout.size,
      residualsAndJacobian: async flat => {
        const result = await linear.run(given(flat))
        residual = Float64Array.from(result.residual)
        return { residual, jacobian: Float64Array.from(result.jacobian) }
      },
      loss: async flat => (await plain.run(given(flat))).loss[0],
    }
    let done = Number(resumed?.scalars.done ?? 0)
    const drawing = (): number => (task.resample > 0 ? Math.floor(done / task.resample) : 0)
    let drawn = drawing()
    let still = Number(resumed?.scalars.still ?? 0)
    if (drawn > 0) points = task.draw(drawn)
    let state: GaussNewtonState = resumed
      ? { parameters: resumed.arrays.parameters, loss: Number(resumed.scalars.loss), damping: Number(resumed.scalars.damping) }
      : await initialGaussNewton(problem, flatten(layout, Object.fromEntries(trained.map(name => [name, initial[name].values]))))
    const first = Number(resumed?.scalars.first ?? state.loss)
    return {
      async advance() {
        if (drawing() !== drawn) {
          points = task.draw((drawn = drawing()))
          state = { ...state, loss: await problem.loss(state.parameters) }
        }
        const before = state.loss
        // No step leads out of a statement without a value; what is told is where, not that a factorisation failed.
        if (!Number.isFinite(before)) {
          const { residual: without } = await problem.residualsAndJacobian(state.parameters)
          return { step: done + 1, loss: before, terms: shares(without, terms) }
        }
        const { rank, length, ...next } = await gaussNewtonStep(problem, state, options, task.team)
        state = next
        done++
        still = state.loss < settled * first && state.loss > before * (1 - noticeable) ? still + 1 : 0
        const ended = length === 0 ? 'No step lowers the loss any more: it is at its rounding error.' : still >= patience ? `The loss fell by less than ${100 * noticeable} % in each of ${patience} steps: training has ended.` : undefined
        return {
          step: done, loss: before, terms: shares(residual, terms), curves: { rank },
          ...(ended !== undefined && task.resample === 0 ? { stalled: ended } : {}),
        }
      },
      parameters: () => ({ ...fixed, ...unflatten(layout, state.parameters) }) as Record<string, Float64Array>,
      store: () => ({ scalars: { done, still, first, loss: state.loss, damping: state.damping }, arrays: { parameters: state.parameters } }),
      dispose: () => {
        linear.dispose()
        plain.dispose()
      },
    }
  },
}

/** Σ r² of each term. */
function shares(residual: Float64Array, terms: readonly { readonly name: string; readonly count: number }[]): Record<string, number> {
  let from = 0
  return Object.fromEntries(terms.map(({ name, count }) => {
    const own = residual.subarray(from, (from += count))
    return [name, own.reduce((total, r) => total + r * r, 0)]
  }))
}
