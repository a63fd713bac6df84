import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import { analyse } from '../../problems/analyse'
import { collocation } from '../formulations/collocation'
import { createNetwork, trainedNames } from '../networks'
import { createRandom } from '../random'
import { compile } from '../compile'
import { kernelTraces, prepareTangent } from '../diagnostics/ntk'
import { balanced, partSizes } from './balance'
import { causalWeights, factorsAt } from './causal'
import { inputsOf, partLosses, weightedParts, weightsInput } from './form'

const libm = loadLibm(readKernels())
const runtime = createLearningRuntime({ threads: 1 })

async function heat() {
  const { problem } = analyse({ catalogue: 'heat-1d' }, libm)
  const network = await createNetwork('mlp', { width: 5, depth: 2, activation: 'tanh' }, { inputs: 2, outputs: 1 })
  const initial = network.initialise(createRandom(3, libm, 'network'))
  const form = collocation({ problem: problem!, points: { interior: 20, boundary: 8, initial: 6 }, sequence: 'sobol', libm })
  const task = { network, initial, trained: trainedNames(network, initial), form, precision: 'float64' as const, runtime, libm }
  const parameters = Object.fromEntries(Object.entries(initial).map(([name, { values }]) => [name, Float64Array.from(values)]))
  const inputs = { ...form.draw(createRandom(5, libm, 'points')), [weightsInput]: Float64Array.of(1, 1, 1) }
  return { task, parameters, inputs }
}
const signs = createRandom(7, libm, 'signs')

describe('sizes of the parts of a loss', () => {
  it('are the norms of their gradients', async () => {
    const { task, parameters, inputs } = await heat()
    const sizes = await partSizes('gradient-norm', task)(parameters, inputs, signs)
    const shapes = Object.fromEntries(Object.entries(task.initial).map(([name, { shape }]) => [name, shape]))
    const losses = await runtime.prepare(compile((_, given) => ({ outputs: { losses: partLosses(weightedParts(task.form, task.network, given, given)) } }), { precision: 'float64', inputs: { ...shapes, ...inputsOf(task.form) }, libm }))
    const squares = new Float64Array(3)
    const h = 1e-5
    for (const name of task.trained) {
      for (let i = 0; i < parameters[name].length; i++) {
        const at = async (by: number) => Float64Array.from((await losses.run({ ...inputs, ...parameters, [name]: parameters[name].map((v, j) => (j === i ? v + by : v)) })).losses)
        const [plus, minus] = [await at(h), await at(-h)]
        squares.forEach((_, k) => { squares[k] += ((plus[k] - minus[k]) / (2 * h)) ** 2 })
      }
    }
    sizes.forEach((size, k) => expect(size / Math.sqrt(squares[k])).toBeCloseTo(1, 7))
  })

  it('are the traces of their kernels, exactly or by random signs', async () => {
    const { task, parameters, inputs } = await heat()
    const tangent = await prepareTangent(task)
    const expected = kernelTraces(await tangent.at(parameters, inputs), tangent.rows)
    const exact = await partSizes('ntk', task)(parameters, inputs, signs)
    exact.forEach((size, k) => expect(size / expected[k]).toBeCloseTo(1, 10))
    const estimated = await partSizes('ntk', task, 0)(parameters, inputs, signs)
    // Sixteen probes: three standard deviations of √(2/16).
    estimated.forEach((size, k) => expect(Math.abs(size / expected[k] - 1)).toBeLessThan(1.06))
    expect(estimated).not.toEqual(exact)
  })

  it('become factors that make all of them equal', () => {
    const sizes = Float64Array.of(1000, 1, 10)
    const factors = balanced(sizes, undefined, 0.9)
    factors.forEach((factor, k) => expect(factor * sizes[k]).toBeCloseTo(1011, 9))
    expect([...balanced(sizes, Float64Array.of(1, 1, 1), 0.9)].map((f, k) => (f - 0.9) / factors[k])).toEqual([0.1, 0.1, 0.1].map(x => expect.closeTo(x, 12) as number))
    // A part without a pull, and one that is not finite, change nothing.
    expect([...balanced(Float64Array.of(0, 2), Float64Array.of(3, 4), 0)]).toEqual([3, 1])
    expect([...balanced(Float64Array.of(NaN, 2), Float64Array.of(3, 4), 0)]).toEqual([3, 4])
  })
})

describe('causal weights', () => {
  const times = Float64Array.of(0.9, 0.1, 0.5, 0.2, 0.6, 0.7)
  it('fall by the mean squares of the windows before', () => {
    const { edges, factors } = causalWeights(times, [7, 1, 4, 3, 2, 5], 0.5, 3, libm)
    expect([...edges]).toEqual([0.35, expect.closeTo(0.65, 12)])
    factors.forEach((f, i) => expect(f).toBeCloseTo(Math.exp(-0.5 * [0, 2, 5][i]), 14))
    expect([...factorsAt({ edges, factors }, Float64Array.of(0, 0.35, 0.66))]).toEqual([...factors])
  })
  it('are ones where everything is fulfilled, and need no more windows than points', () => {
    expect([...causalWeights(times, new Float64Array(6), 100, 32, libm).factors]).toEqual([1, 1, 1, 1, 1, 1])
  })
})
