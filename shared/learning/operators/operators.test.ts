import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createLearningRuntime } from '../../../electron/engine/learning/runtime'
import { compile } from '../compile'
import { evaluateWith, gradientDefect, weightedSum } from '../gradient-check.testing'
import { parameterCount, type Parameters } from '../networks'
import { adam } from '../optimizers/adam'
import { constantRate, trainingProgram } from '../optimizers'
import { createRandom } from '../random'
import { laplacianSpace } from '../taylor'
import { add, constant, div, mean, mul, reshape, sqrt, square, sub, sum, tanh, type Tensor, type Tensors } from '../tf'
import { attention, cnn, cnnDescriptor, deeponet, deeponetDescriptor, doubled, fieldOperators, initialAttention, initialBlock, layerNorm, pointOperators, transformerBlock, unet, unetDescriptor } from '.'

const libm = loadLibm(readKernels())
const random = createRandom(21, libm)
const noise = (name: string, shape: readonly number[]): { values: Float64Array; shape: readonly number[] } => ({ shape, values: random.child(name).normal(shape.reduce((p, n) => p * n, 1)) })
const tensor = (name: string, shape: readonly number[]): Tensor => constant(noise(name, shape).values, shape)
const directionOf = (parameters: Parameters): Parameters => Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, noise(`direction.${name}`, shape)]))
const perturbed = (parameters: Parameters): Parameters => Object.fromEntries(Object.entries(parameters).map(([name, { values, shape }]) => [name, { shape, values: noise(`noise.${name}`, shape).values.map((v, i) => values[i] + 0.2 * v) }]))

const models = {
  unet: unet(unetDescriptor.options!.parse({ base: 3, levels: 3, activation: 'tanh' }) as never, { inputs: 2, outputs: 1 }),
  cnn: cnn(cnnDescriptor.options!.parse({ width: 3, blocks: 1, dilations: [1, 2], activation: 'tanh', border: 'periodic' }) as never, { inputs: 2, outputs: 1 }),
}

describe.each(Object.entries(models))('%s', (_, model) => {
  it('has the gradient that differences show', () => {
    const parameters = perturbed(model.initialise(random))
    expect(gradientDefect(parameters, p => weightedSum(model.apply(p, tensor('field', [2, 4, 8, 2]))), [directionOf(parameters)], libm)).toBeLessThan(1e-7)
  })
})

it('moves with a periodic field when its border is periodic', () => {
  const parameters = perturbed(models.cnn.initialise(random))
  const field = noise('moving', [1, 6, 8, 2])
  const moved = Float64Array.from({ length: 96 }, (_, i) => field.values[Math.floor(i / 16) * 16 + ((i % 16) + 2) % 16])
  const at = (values: Float64Array) => evaluateWith(parameters, p => ({ u: models.cnn.apply(p, constant(values, [1, 6, 8, 2])) }), libm).u
  const [still, turned] = [at(field.values), at(moved)]
  for (let y = 0; y < 6; y++) for (let x = 0; x < 8; x++) expect(Math.abs(turned[y * 8 + x] - still[y * 8 + ((x + 1) % 8)])).toBeLessThan(1e-12)
})

it('has the number of parameters that its layers add up to, and refuses grids that do not halve', () => {
  const model = unet(unetDescriptor.options!.parse({}) as never, { inputs: 3, outputs: 1 })
  const conv = (k: number, from: number, to: number): number => k * k * from * to + to
  const expected = [[3, 32], [32, 64], [64, 128], [128, 256]].reduce((s, [a, b]) => s + conv(3, a, b) + conv(3, b, b), 0) + [[256, 128], [128, 64], [64, 32]].reduce((s, [a, b]) => s + conv(2, a, b) + conv(3, 2 * b, b) + conv(3, b, b), 0) + 33
  const parameters = model.initialise(random)
  expect(parameterCount(parameters)).toBe(expected)
  expect(() => evaluateWith(parameters, p => ({ u: model.apply(p, constant(new Float64Array(3 * 96), [1, 8, 12, 3])) }), libm)).toThrow('multiples of 8; the field has 12 × 8 points')
})

it('doubles grids by the sum that defines a transposed convolution', () => {
  const parameters: Parameters = { 't.kernel': noise('kernel', [2, 2, 3, 2]), 't.bias': noise('bias', [2]) }
  const x = noise('coarse', [1, 2, 3, 3])
  const { y } = evaluateWith(parameters, p => ({ y: doubled(p, 't', constant(x.values, x.shape)) }), libm)
  for (let row = 0; row < 4; row++) for (let column = 0; column < 6; column++) for (let o = 0; o < 2; o++) {
    const [a, b] = [row % 2, column % 2]
    const terms = [0, 1, 2].map(c => x.values[((row >> 1) * 3 + (column >> 1)) * 3 + c] * parameters['t.kernel'].values[((a * 2 + b) * 3 + c) * 2 + o])
    expect(Math.abs(y[(row * 6 + column) * 2 + o] - terms.reduce((s, v) => s + v, parameters['t.bias'].values[o]))).toBeLessThan(1e-13)
  }
})

describe('deeponet', () => {
  const model = deeponet(deeponetDescriptor.options!.parse({ width: 6, depth: 2, activation: 'tanh' }) as never, { sensors: 5, dimension: 2 })
  const parameters = perturbed(model.initialise(random))
  const [functions, points] = [noise('functions', [3, 5]), noise('points', [4, 2])]

  it('has the gradient that differences show', () => {
    expect(gradientDefect(parameters, p => weightedSum(model.apply(p, { functions: constant(functions.values, [3, 5]), points: constant(points.values, [4, 2]) })), [directionOf(parameters)], libm)).toBeLessThan(1e-9)
  })

  it('carries derivatives with respect to the place, one function per point', () => {
    const space = laplacianSpace(2)
    const own = functions.values.slice(0, 5)
    const value = (x: number, y: number): number => evaluateWith(parameters, p => ({ u: model.apply(p, { functions: constant(own, [1, 5]), points: constant([x, y], [1, 2]) }) }), libm).u[0]
    const found = evaluateWith(parameters, p => {
      const u = model.propagate(p, constant(own, [1, 5]), space.seed(constant([0.3, -0.4], [1, 2])))
      return { value: u.value, laplacian: space.laplacian(u), dx: space.derivative(u, [1, 0]) }
    }, libm)
    const h = 1e-3
    expect(found.value[0]).toBeCloseTo(value(0.3, -0.4), 13)
    expect(found.dx[0]).toBeCloseTo((value(0.3 + h, -0.4) - value(0.3 - h, -0.4)) / (2 * h), 5)
    expect(found.laplacian[0]).toBeCloseTo((value(0.3 + h, -0.4) + value(0.3 - h, -0.4) + value(0.3, -0.4 + h) + value(0.3, -0.4 - h) - 4 * value(0.3, -0.4)) / (h * h), 4)
  })
})

describe('attention', () => {
  const parameters = perturbed(initialAttention(random, 'a', 4))

  it('is the weighted mean of values that its formula says', () => {
    const x = noise('tokens', [1, 3, 4])
    const { y } = evaluateWith(parameters, p => ({ y: attention(p, 'a', constant(x.values, x.shape), 2) }), libm)
    const apply = (part: string, rows: readonly (readonly number[])[]): number[][] =>
      rows.map(row => [0, 1, 2, 3].map(o => row.reduce((s, v, c) => s + v * parameters[`a.${part}.kernel`].values[c * 4 + o], parameters[`a.${part}.bias`].values[o])))
    const rows = [0, 1, 2].map(i => [...x.values.slice(4 * i, 4 * i + 4)])
    const [q, k, v] = ['query', 'key', 'value'].map(part => apply(part, rows))
    const mixed = rows.map((_, i) => [0, 1].flatMap(head => {
      const of = (m: number[]): number[] => m.slice(2 * head, 2 * head + 2)
      const weights = rows.map((__, j) => libm.exp(of(q[i]).reduce((s, a, c) => s + a * of(k[j])[c], 0) / Math.sqrt(2)))
      const total = weights.reduce((s, w) => s + w, 0)
      return [0, 1].map(c => rows.reduce((s, __, j) => s + (weights[j] / total) * of(v[j])[c], 0))
    }))
    apply('output', mixed).flat().forEach((expected, i) => { expect(Math.abs(y[i] - expected)).toBeLessThan(1e-12) })
  })

  it('looks at nothing that a mask hides', () => {
    const causal = (): Tensor => constant([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], [1, 3, 3])
    const first = (last: number): number[] => {
      const x = Float64Array.from({ length: 12 }, (_, i) => (i >= 8 ? last : 0.1 * i))
      return [...evaluateWith(parameters, p => ({ y: attention(p, 'a', constant(x, [1, 3, 4]), 2, { bias: causal() }) }), libm).y.slice(0, 8)]
    }
    expect(first(1)).toEqual(first(-5))
  })

  it('has the gradient that differences show, in a whole block', () => {
    const block = perturbed(initialBlock(random, 'b', 4, 2))
    expect(gradientDefect(block, p => weightedSum(transformerBlock(p, 'b', tensor('sequence', [2, 3, 4]), 2, tanh)), [directionOf(block)], libm)).toBeLessThan(1e-8)
  })

  it('normalises to mean 0 and variance 1', () => {
    const { y } = evaluateWith({ 'n.gain': { values: new Float64Array(6).fill(1), shape: [6] }, 'n.offset': { values: new Float64Array(6), shape: [6] } }, p => ({ y: layerNorm(p, 'n', mul(add(tensor('raw', [1, 6]), 3), 10)) }), libm)
    expect(Math.abs([...y].reduce((s, v) => s + v, 0))).toBeLessThan(1e-12)
    expect([...y].reduce((s, v) => s + v * v, 0) / 6).toBeCloseTo(1, 5)
  })
})

/** Mean over the batch of ‖û − u‖ / ‖u‖. */
const relative = (u: Tensor, target: Tensor): Tensor => {
  const norm = (x: Tensor): Tensor => sqrt(sum(square(reshape(x, [x.shape[0], -1])), 1))
  return mean(div(norm(sub(u, target)), norm(target)))
}

describe.each([...fieldOperators.map(line => ({ id: line.descriptor.id, line, point: undefined })), ...pointOperators.map(line => ({ id: line.descriptor.id, line: undefined, point: line }))])('$id', ({ line, point }) => {
  it('learns ten samples by heart', async () => {
    const options = { modes: [3, 3], width: line ? 6 : 48, layers: 2, projection: 12, base: 4, levels: 2, blocks: 1, dilations: [1, 2, 1], activation: 'gelu', depth: 3 }
    const [batch, n] = [10, 8]
    const wave = (k: number, x: number, y: number): number => libm.sin(2 * Math.PI * (x + 0.1 * k)) + libm.cos(2 * Math.PI * (y - 0.07 * k))
    const grid = Array.from({ length: n * n }, (_, i) => [(i % n) / n, Math.floor(i / n) / n])
    const input = Float64Array.from({ length: batch * n * n }, (_, i) => wave(Math.floor(i / (n * n)), grid[i % (n * n)][0], grid[i % (n * n)][1]))
    const target = input.map(v => v * v - 0.5 * v)
    const rate = adam.build({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, constantRate(line ? 0.01 : 0.004))
    const program = await (async () => {
      if (line) {
        const model = (await line.load()).build(line.descriptor.options!.parse(options) as never, { inputs: 1, outputs: 1, libm })
        return trainingProgram({ loss: (p: Tensors, { x, y }: Tensors) => ({ value: relative(model.apply(p, x), y) }), parameters: model.initialise(random), optimizer: rate })
      }
      const model = (await point.load()).build(point.descriptor.options!.parse(options) as never, { sensors: n * n, dimension: 2 })
      return trainingProgram({
        loss: (p: Tensors, { x, y }: Tensors) => ({ value: relative(model.apply(p, { functions: reshape(x, [batch, n * n]), points: constant(grid.flat(), [n * n, 2]) }), reshape(y, [batch, n * n])) }),
        parameters: model.initialise(random), optimizer: rate,
      })
    })()
    const execution = await createLearningRuntime({ threads: 1 }).prepare(compile(program.step, { precision: 'float32', state: program.state, inputs: { x: [batch, n, n, 1], y: [batch, n, n, 1] }, libm }))
    const losses: number[] = []
    for (let k = 0; k < (line ? 100 : 250); k++) losses.push((await execution.run({ x: input, y: target })).loss[0])
    expect(losses[losses.length - 1]).toBeLessThan(0.4 * losses[0])
    execution.dispose()
  })
})
