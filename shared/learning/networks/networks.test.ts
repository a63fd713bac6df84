import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import type { FaultError } from '../../fault'
import { evaluateWith, gradientDefect, weightedSum } from '../gradient-check.testing'
import { compile } from '../compile'
import { constantRate, trainingProgram } from '../optimizers'
import { adam } from '../optimizers/adam'
import { createRandom } from '../random'
import { derivativeSpace, laplacianSpace, valueSpace, type Jet } from '../taylor'
import { add, constant, mean, mul, square, sub, type Tensor, type Tensors } from '../tf'
import {
  activations, applyNetwork, boxEmbedding, createNetwork, distanceInInterval, distanceToPlane, distanceToSphere, joinedDistances, networks, parameterCount, periodicEmbedding, productOfDistances, trainedNames,
  ofPrefix, withEmbedding, withHardBoundary, withPrefix, type Network, type Parameters,
} from '.'

const libm = loadLibm(readKernels())
const random = createRandom(7, libm)

/** Non-zero everywhere, so that nothing that starts at 0 hides a mistake. */
const perturbed = (parameters: Parameters): Parameters => Object.fromEntries(Object.entries(parameters).map(([name, { values, shape }]) => {
  const noise = random.child(`noise.${name}`).normal(values.length)
  return [name, { shape, values: (values as Float64Array).map((v, i) => v + 0.1 * noise[i]) }]
}))
const direction = (parameters: Parameters, k: number): Parameters => Object.fromEntries(Object.entries(parameters).map(([name, { values, shape }]) => [name, { shape, values: random.child(`direction${k}.${name}`).normal(values.length) }]))

const points = [0.31, -0.42, 0.87, 0.11, -0.63, 0.52]
const values = (network: Network, parameters: Parameters, x: readonly number[]): Float64Array =>
  evaluateWith(parameters, p => ({ u: applyNetwork(network, p, constant(x, [x.length / network.inputs, network.inputs])) }), libm).u as Float64Array

/** Central differences of order 8 of the plain network: an independent way to derivatives. */
const eighth = { first: [4 / 5, -1 / 5, 4 / 105, -1 / 280], second: [8 / 5, -1 / 5, 8 / 315, -1 / 560], centre: -205 / 72 }
function differences(network: Network, parameters: Parameters, x: readonly number[], h = 0.01) {
  const { inputs, outputs } = network
  const rows = x.length / inputs
  const shifted: number[] = []
  for (let axis = 0; axis < inputs; axis++) for (let k = -4; k <= 4; k++) shifted.push(...x.map((v, i) => v + (i % inputs === axis ? k * h : 0)))
  const u = values(network, parameters, shifted)
  const at = (axis: number, k: number, row: number, c: number): number => u[((axis * 9 + k + 4) * rows + row) * outputs + c]
  return {
    first: (axis: number, row: number, c: number): number => eighth.first.reduce((s, w, k) => s + w * (at(axis, k + 1, row, c) - at(axis, -k - 1, row, c)), 0) / h,
    second: (axis: number, row: number, c: number): number => (eighth.second.reduce((s, w, k) => s + w * (at(axis, k + 1, row, c) + at(axis, -k - 1, row, c)), 0) + eighth.centre * at(axis, 0, row, c)) / (h * h),
  }
}

describe.each(networks.map(({ descriptor }) => descriptor.id))('%s', id => {
  const build = (): Promise<Network> => createNetwork(id, { width: 6, depth: 2, features: 3, omega: 2, scale: 0.3 }, { inputs: 2, outputs: 2 })

  it('has the derivatives that differences of its values show', async () => {
    const network = await build()
    const parameters = perturbed(network.initialise(random))
    const space = laplacianSpace(2)
    const found = evaluateWith(parameters, p => {
      const u = network.propagate(p, space.seed(constant(points, [3, 2])))
      return { value: u.value, gradient: space.gradient(u), laplacian: space.laplacian(u) }
    }, libm)
    const reference = differences(network, parameters, points)
    expect([...found.value]).toEqual([...values(network, parameters, points)])
    for (let row = 0; row < 3; row++) {
      for (let c = 0; c < 2; c++) {
        for (let axis = 0; axis < 2; axis++) expect(Math.abs(found.gradient[(axis * 3 + row) * 2 + c] - reference.first(axis, row, c))).toBeLessThan(1e-9)
        expect(Math.abs(found.laplacian[row * 2 + c] - reference.second(0, row, c) - reference.second(1, row, c))).toBeLessThan(1e-8)
      }
    }
  })

  it('carries the same Laplacian in both spaces and mixed derivatives that do not depend on what else is carried', async () => {
    const network = await build()
    const parameters = perturbed(network.initialise(random))
    const few = derivativeSpace(2, [[2, 0], [0, 2]])
    const many = derivativeSpace(2, [[3, 1], [2, 0], [0, 2]])
    const forward = laplacianSpace(2)
    const found = evaluateWith(parameters, p => {
      const [a, b, c] = [few, many, forward].map(space => network.propagate(p, space.seed(constant(points, [3, 2]))))
      return { few: add(few.derivative(a, [2, 0]), few.derivative(a, [0, 2])), many: add(many.derivative(b, [2, 0]), many.derivative(b, [0, 2])), forward: forward.laplacian(c) }
    }, libm)
    for (let i = 0; i < 6; i++) for (const other of ['many', 'forward']) expect(Math.abs(found[other][i] - found.few[i])).toBeLessThan(1e-12 * (1 + Math.abs(found.few[i])))
  })

  it('has the gradient of its value and its Laplacian with respect to parameters', async () => {
    const network = await build()
    const all = perturbed(network.initialise(random))
    const fixed = Object.fromEntries(Object.entries(all).filter(([name]) => network.fixed.includes(name)))
    const parameters = Object.fromEntries(trainedNames(network, all).map(name => [name, all[name]]))
    const space = laplacianSpace(2)
    const loss = (p: Tensors): Tensor => {
      const kept = Object.fromEntries(Object.entries(fixed).map(([name, array]) => [name, constant(array.values, array.shape)]))
      const u = network.propagate({ ...p, ...kept }, space.seed(constant(points, [3, 2])))
      return add(weightedSum(u.value), weightedSum(space.laplacian(u)))
    }
    expect(gradientDefect(parameters, loss, [direction(parameters, 0), direction(parameters, 1)], libm)).toBeLessThan(1e-7)
  })
})

describe.each(activations.filter(a => a.smoothness >= 2).map(a => a.id))('activation %s', activation => {
  it('carries second derivatives and their gradients', async () => {
    const network = await createNetwork('mlp', { width: 5, depth: 2, activation }, { inputs: 1, outputs: 1 })
    const parameters = perturbed(network.initialise(random))
    const x = [0.3, 0.7]
    const space = laplacianSpace(1)
    const read = (p: Tensors): Jet => network.propagate(p, space.seed(constant(x, [2, 1])))
    const found = evaluateWith(parameters, p => ({ second: space.laplacian(read(p)) }), libm).second
    const reference = differences(network, parameters, x)
    // Kinks of higher derivatives between the nodes of a difference are beyond its order.
    const tolerance = activation === 'relu-cubed' ? 1e-2 : 1e-8
    for (let row = 0; row < 2; row++) expect(Math.abs(found[row] - reference.second(0, row, 0))).toBeLessThan(tolerance)
    const defect = gradientDefect(parameters, p => add(weightedSum(read(p).value), weightedSum(space.laplacian(read(p)))), [direction(parameters, 2)], libm)
    expect(defect).toBeLessThan(activation === 'relu-cubed' ? 1e-4 : 1e-7)
  })
})

const plainMlp = (inputs: number, outputs = 1): Promise<Network> => createNetwork('mlp', { width: 8, depth: 2 }, { inputs, outputs })

it('names parameters of a perceptron as dense0 … and counts them', async () => {
  const network = await createNetwork('mlp', { width: 64, depth: 3 }, { inputs: 2, outputs: 1 })
  const parameters = network.initialise(random)
  expect(Object.keys(parameters)).toEqual([0, 1, 2, 3].flatMap(i => [`dense${i}.kernel`, `dense${i}.bias`]))
  expect(parameterCount(parameters)).toBe(2 * 64 + 64 + 2 * (64 * 64 + 64) + 64 + 1)
})

it('is exactly periodic behind a periodic embedding, with all derivatives', async () => {
  const embedding = periodicEmbedding([{ period: 2, harmonics: 2 }, undefined])
  const network = withEmbedding(embedding, await plainMlp(embedding.outputs))
  const parameters = perturbed(network.initialise(random))
  const space = laplacianSpace(2)
  const read = (x: readonly number[]) => evaluateWith(parameters, p => {
    const u = network.propagate(p, space.seed(constant(x, [1, 2])))
    return { all: add(u.value, add(space.laplacian(u), space.derivative(u, [1, 0]))) }
  }, libm).all[0]
  expect(Math.abs(read([0.3, 0.4]) - read([2.3, 0.4]))).toBeLessThan(1e-12)
  expect(Math.abs(read([0.3, 0.4]) - read([0.3, 0.9]))).toBeGreaterThan(1e-3)
})

it('scales a box to [-1, 1]', () => {
  const { u } = evaluateWith({}, () => ({ u: boxEmbedding([0, 10], [2, 30]).propagate(valueSpace(2).seed(constant([0, 10, 2, 30, 0.5, 20], [3, 2]))).value }), libm)
  expect([...u]).toEqual([-1, -1, 1, 1, -0.5, 0])
  expect(() => boxEmbedding([0], [0])).toThrow('is no interval')
})

it('holds boundary values exactly and keeps derivatives right inside', async () => {
  const square = productOfDistances([distanceInInterval(0, -1, 1), distanceInInterval(1, -1, 1)])
  const lift = distanceToPlane(0, -3, 'above')
  const network = withHardBoundary(await plainMlp(2), { distance: square, lift })
  const parameters = perturbed(network.initialise(random))
  const boundary = values(network, parameters, [-1, 0.3, 1, -0.7, 0.2, 1, 0.9, -1])
  ;[2, 4, 3.2, 3.9].forEach((expected, i) => { expect(boundary[i]).toBeCloseTo(expected, 14) })
  const space = laplacianSpace(2)
  const found = evaluateWith(parameters, p => ({ l: space.laplacian(network.propagate(p, space.seed(constant(points, [3, 2])))) }), libm).l
  const reference = differences(network, parameters, points)
  for (let row = 0; row < 3; row++) expect(Math.abs(found[row] - reference.second(0, row, 0) - reference.second(1, row, 0))).toBeLessThan(1e-8)
})

it('has distances of slope one at each boundary of a square with a hole', () => {
  const distance = joinedDistances([distanceToPlane(0, -1, 'above'), distanceToPlane(0, 1, 'below'), distanceToPlane(1, -1, 'above'), distanceToPlane(1, 1, 'below'), distanceToSphere([0, 0], 0.5, true)])
  const slope = (x: number, y: number, dx: number, dy: number): number => evaluateWith({}, () => {
    const space = laplacianSpace(2)
    const u = distance(space.seed(constant([x, y], [1, 2])))
    return { s: add(mul(space.derivative(u, [1, 0]), dx), mul(space.derivative(u, [0, 1]), dy)) }
  }, libm).s[0]
  expect(slope(-1 + 1e-6, 0.2, 1, 0)).toBeCloseTo(1, 4)
  expect(slope(0.1, 1 - 1e-6, 0, -1)).toBeCloseTo(1, 4)
  expect(slope(0.5 + 1e-6, 0, 1, 0)).toBeCloseTo(1, 4)
})

it('learns ten samples by heart with every network', async () => {
  const ids = networks.map(({ descriptor }) => descriptor.id)
  const built = await Promise.all(ids.map(id => createNetwork(id, { width: 12, depth: 2, features: 6, scale: 0.5, omega: 3 }, { inputs: 2, outputs: 1 })))
  const x = random.child('samples').uniform(20).map(v => 2 * v - 1)
  const y = Float64Array.from({ length: 10 }, (_, i) => libm.sin(3 * x[2 * i]) * x[2 * i + 1])
  const parameters = Object.assign({}, ...built.map((network, i) => withPrefix(ids[i], network.initialise(random.child(ids[i]))))) as Parameters
  const { state, step } = trainingProgram({
    loss: p => {
      const losses = built.map((network, i) => mean(square(sub(applyNetwork(network, ofPrefix(ids[i], p), constant(x, [10, 2])), constant(y, [10, 1])))))
      return { value: losses.reduce((a, b) => add(a, b)), aux: Object.fromEntries(losses.map((value, i) => [ids[i], value])) }
    },
    parameters, fixed: built.flatMap((network, i) => network.fixed.map(name => `${ids[i]}.${name}`)), optimizer: adam.build({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, constantRate(0.01)),
  })
  const execution = await createLearningRuntime({ threads: 1 }).prepare(compile(step, { precision: 'float32', state, libm }))
  const first = Object.fromEntries(Object.entries(await execution.run()).map(([name, values]) => [name, values[0]]))
  for (let k = 0; k < 150; k++) await execution.run()
  const last = await execution.run()
  for (const id of ids) expect(last[id][0], id).toBeLessThan(0.1 * first[id])
})

it('refuses networks and options that do not exist, with what to use', async () => {
  await expect(createNetwork('mpl', {}, { inputs: 1, outputs: 1 })).rejects.toThrow('no network mpl')
  const refusal = await createNetwork('mlp', { width: 0 }, { inputs: 1, outputs: 1 }).catch((reason: unknown) => reason)
  expect((refusal as FaultError).faults[0]).toMatchObject({ code: 'invalid-options', where: { path: 'width' } })
})
