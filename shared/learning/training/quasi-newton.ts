import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import type { MinimiserFamily } from '../optimizers/minimisers'
import { flatten, flattenTensors, layoutOf, unflatten, unflattenTensor, type MinimiserState, type Objective } from '../optimizers/objective'
import { sum } from '../tf'
import type { NetworkArrays, StepInputs } from './feed'
import { inputsOf, partLosses, weightedParts } from './form'
import { byPart, type TrainingMethodFamily } from './method'

/** Training with an optimizer that asks for the loss and its gradient where it likes: line searches outside the graph, on points that stay as they are between drawings. */
export const quasiNewton = (load: () => Promise<MinimiserFamily>): TrainingMethodFamily => ({
  async create(options, task, resumed) {
    const { initial, trained, form, feed, network, libm } = task
    const minimiser = (await load()).build(options, libm)
    const layout = layoutOf(initial, trained)
    const fixed = Object.fromEntries(Object.entries(initial).filter(([name]) => !trained.includes(name)))
    const program = compile((_, { x, ...inputs }) => {
      const { value, gradients, aux } = valueAndGradients(parameters => {
        const losses = partLosses(weightedParts(form, network, { ...inputs, ...parameters }, inputs))
        return { value: sum(losses), aux: { losses } }
      }, unflattenTensor(layout, x), { unused: 'zero' })
      return { outputs: { value, gradient: flattenTensors(layout, gradients), losses: aux.losses } }
    }, { precision: task.precision, inputs: { ...inputsOf(form), ...Object.fromEntries(Object.entries(fixed).map(([name, { shape }]) => [name, shape])), x: [layout.size] }, libm })
    const execution = await task.runtime.prepare(program)
    const constants = Object.fromEntries(Object.entries(fixed).map(([name, { values }]) => [name, values as Float64Array]))
    let points: StepInputs = {}
    /** Parts of the losses that were asked for since the last step, by their value: the step ends at one of them. */
    let seen = new Map<number, Readonly<Record<string, number>>>()
    const objective: Objective = {
      dimension: layout.size,
      valueAndGradient: async x => {
        const { value, gradient, losses } = await execution.run({ ...points, ...constants, x })
        seen.set(value[0], byPart(form, losses))
        return { value: value[0], gradient: Float64Array.from(gradient) }
      },
    }
    const arraysAt = (x: Float64Array): NetworkArrays => ({ ...constants, ...unflatten(layout, x) })
    let done = Number(resumed?.scalars.done ?? 0)
    const restored = resumed && minimiser.restore(resumed)
    const start = restored?.x ?? flatten(layout, Object.fromEntries(trained.map(name => [name, initial[name].values])))
    // A training that goes on asks for its points when it does: it is then told whether they are new.
    if (!restored) points = (await feed.at(done, () => arraysAt(start))).inputs
    let state: MinimiserState = restored ?? (await minimiser.start(objective, start))
    return {
      async advance() {
        const { inputs, changed } = await feed.at(done, () => arraysAt(state.x))
        points = inputs
        if (changed) state = await minimiser.refresh(objective, state)
        else if (!seen.has(state.value)) await objective.valueAndGradient(state.x)
        const before = state.value
        const parts = seen.get(before) ?? {}
        seen = new Map()
        state = await minimiser.advance(objective, state)
        if (!seen.has(state.value)) seen.set(state.value, parts)
        done++
        return { step: done, loss: before, terms: parts, curves: { step_length: state.length, ...feed.curves?.() }, ...(state.stalled !== undefined && !feed.changing ? { stalled: state.stalled } : {}) }
      },
      parameters: () => arraysAt(state.x),
      store: () => {
        const { scalars, arrays } = minimiser.store(state)
        return { scalars: { ...scalars, done }, arrays }
      },
      dispose: () => execution.dispose(),
    }
  },
})
