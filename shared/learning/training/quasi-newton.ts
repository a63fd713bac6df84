import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import type { MinimiserFamily } from '../optimizers/minimisers'
import { flatten, flattenTensors, layoutOf, unflatten, unflattenTensor, type MinimiserState, type Objective } from '../optimizers/objective'
import { add, square, sum, type Tensors } from '../tf'
import type { TrainingMethodFamily } from './method'

/** Training with an optimizer that asks for the loss and its gradient where it likes: line searches outside the graph, on points that stay as they are between drawings. */
export const quasiNewton = (load: () => Promise<MinimiserFamily>): TrainingMethodFamily => ({
  async create(options, task, resumed) {
    const { initial, trained, collocation, network, libm } = task
    const minimiser = (await load()).build(options, libm)
    const layout = layoutOf(initial, trained)
    const fixed = Object.fromEntries(Object.entries(initial).filter(([name]) => !trained.includes(name)))
    const terms: string[] = []
    const program = compile((_, { x, ...inputs }) => {
      const { value, gradients, aux: losses } = valueAndGradients(parameters => {
        const parts: Tensors = Object.fromEntries(collocation.residuals(network, { ...inputs, ...parameters }, inputs).map(({ term, residual }) => [term.name, sum(square(residual))]))
        return { value: Object.values(parts).reduce((a, b) => add(a, b)), aux: parts }
      }, unflattenTensor(layout, x), { unused: 'zero' })
      terms.splice(0, terms.length, ...Object.keys(losses))
      return { outputs: { value, gradient: flattenTensors(layout, gradients), ...Object.fromEntries(Object.values(losses).map((part, i) => [`term.${i}`, part])) } }
    }, { precision: task.precision, inputs: { ...collocation.inputs, ...Object.fromEntries(Object.entries(fixed).map(([name, { shape }]) => [name, shape])), x: [layout.size] }, libm })
    const execution = await task.runtime.prepare(program)
    const constants = Object.fromEntries(Object.entries(fixed).map(([name, { values }]) => [name, values as Float64Array]))
    let points = task.draw(0)
    /** Parts of the losses that were asked for since the last step, by their value: the step ends at one of them. */
    let seen = new Map<number, Readonly<Record<string, number>>>()
    const objective: Objective = {
      dimension: layout.size,
      valueAndGradient: async x => {
        const { value, gradient, ...parts } = await execution.run({ ...points, ...constants, x })
        seen.set(value[0], Object.fromEntries(terms.map((name, i) => [name, parts[`term.${i}`][0]])))
        return { value: value[0], gradient: Float64Array.from(gradient) }
      },
    }
    let state: MinimiserState = resumed ? minimiser.restore(resumed) : await minimiser.start(objective, flatten(layout, Object.fromEntries(trained.map(name => [name, initial[name].values]))))
    let done = Number(resumed?.scalars.done ?? 0)
    const drawing = (): number => (task.resample > 0 ? Math.floor(done / task.resample) : 0)
    let drawn = drawing()
    if (drawn > 0) points = task.draw(drawn)
    if (resumed) await objective.valueAndGradient(state.x)
    return {
      async advance() {
        if (drawing() !== drawn) {
          points = task.draw((drawn = drawing()))
          state = await minimiser.start(objective, state.x)
        }
        const before = state.value
        const parts = seen.get(before) ?? {}
        seen = new Map()
        state = await minimiser.advance(objective, state)
        if (!seen.has(state.value)) seen.set(state.value, parts)
        done++
        return { step: done, loss: before, terms: parts, curves: { step_length: state.length }, ...(state.stalled !== undefined && task.resample === 0 ? { stalled: state.stalled } : {}) }
      },
      parameters: () => ({ ...constants, ...unflatten(layout, state.x) }),
      store: () => {
        const { scalars, arrays } = minimiser.store(state)
        return { scalars: { ...scalars, done }, arrays }
      },
      dispose: () => execution.dispose(),
    }
  },
})
