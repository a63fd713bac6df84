import { describe, expect, it } from 'vitest'
import { compile, type Program } from '../../../shared/learning/compile'
import { exampleName, numbers, type OperatorExample } from '../../../shared/learning/graph/examples.testing'
import { makeInput, type Attributes, type Data, type Precision, type Shape } from '../../../shared/learning/graph/graph'
import { apply, operators } from '../../../shared/learning/graph/operators'
import { optimise } from '../../../shared/learning/graph/passes/optimise'
import { createNetwork, type Parameters } from '../../../shared/learning/networks'
import { fno } from '../../../shared/learning/operators/fno'
import { unet } from '../../../shared/learning/operators/unet'
import { constantRate, trainingProgram, type Loss } from '../../../shared/learning/optimizers'
import { sgd } from '../../../shared/learning/optimizers/sgd'
import { createRandom } from '../../../shared/learning/random'
import type { RunData } from '../../../shared/learning/runtime'
import { laplacianSpace } from '../../../shared/learning/taylor'
import { add, constant, mean, square, sub } from '../../../shared/learning/tf'
import { loadLibm, readKernels } from '../kernels'
import { createLearningRuntime } from './runtime'

/**
 * ONNX Runtime divides large arrays among its threads. Every operator runs on one thread, on two and on two again, on arrays that are large enough to be divided:
 * two threads always give the same bits, one and two do but for the exceptions, which are those of docs/methods/learning-graph.md.
 */
const libm = loadLibm(readKernels())
const runtimes = [1, 2, 2].map(threads => createLearningRuntime({ threads, only: 'native' }))

type Given = OperatorExample['inputs'][number]
const example = (operator: string, inputs: readonly Given[], attributes: Attributes = {}): OperatorExample => ({ operator, inputs, attributes })
const indices = (shape: Shape, bound: number, seed = 1): Given => ({ type: 'integer', shape, data: Int32Array.from(numbers(shape, 0, 1, seed).data, u => Math.floor(u * bound)) })
const truths = (shape: Shape, seed = 1): Given => ({ type: 'boolean', shape, data: Uint8Array.from(numbers(shape, -1, 1, seed).data, v => (v > 0 ? 1 : 0)) })
const different = (count: number, bound: number): Int32Array => Int32Array.from({ length: count }, (_, i) => (i * 7919) % bound)

const many: Shape = [300, 257]
const ranges: Readonly<Record<string, readonly [number, number]>> = { Tan: [-1.4, 1.4], Asin: [-0.99, 0.99], Acos: [-0.99, 0.99], Sqrt: [0.05, 8], Log: [0.05, 8], Reciprocal: [0.05, 8] }
const unary = ['Neg', 'Abs', 'Sign', 'Relu', 'Tanh', 'Sin', 'Cos', 'Sigmoid', 'Softplus', 'Erf', 'Sinh', 'Cosh', 'Atan', 'Exp', 'Identity', 'Tan', 'Asin', 'Acos', 'Floor', 'Ceil', 'Round', 'Sqrt', 'Log', 'Reciprocal', 'IsNaN', 'IsInf']
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal']
const reductions = ['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceMax', 'ReduceMin']

const large: readonly OperatorExample[] = [
  ...unary.flatMap(name => [many, [50_003], [131_073]].map(shape => example(name, [numbers(shape, ...(ranges[name] ?? [-4, 4]))]))),
  ...binary.flatMap(name => [
    example(name, [numbers(many, 0.3, 3), numbers(many, 0.3, 2, 2)]), example(name, [numbers(many, 0.3, 3), numbers([257], 0.3, 2, 2)]),
    example(name, [numbers([300, 1], 0.3, 3), numbers([1, 257], 0.3, 2, 2)]), example(name, [numbers(many, 0.3, 3), numbers([], 0.3, 2, 2)]),
  ]),
  ...['And', 'Or', 'Xor'].map(name => example(name, [truths(many), truths(many, 2)])), example('Not', [truths(many)]),
  example('Where', [truths(many), numbers(many), numbers([257], -1, 1, 2)]),
  example('Cast', [numbers(many, -9, 9)], { to: 'integer' }), example('Cast', [truths(many)], { to: 'real' }),
  example('Reshape', [numbers(many)], { shape: [257, 300] }), example('Transpose', [numbers(many)], { perm: [1, 0] }), example('Transpose', [numbers([30, 41, 70])], { perm: [2, 0, 1] }),
  example('Expand', [numbers([300, 1])], { shape: [300, 257] }), example('Concat', [numbers(many), numbers([300, 100], -1, 1, 2)], { axis: 1 }), example('Tile', [numbers([300, 40])], { repeats: [2, 5] }),
  example('Slice', [numbers([700, 300])], { starts: [1, 0], ends: [699, 299], axes: [0, 1], steps: [1, 2] }), example('Pad', [numbers(many)], { pads: [1, 0, 2, 3], mode: 'constant' }),
  ...reductions.flatMap(name => [
    // All, rows, columns, and outer or inner axes of three: ONNX Runtime has its own way for each.
    example(name, [numbers([131_072], 0.9999, 1.0001)], { axes: [0], keepdims: 0 }), example(name, [numbers([5, 32_768], 0.9999, 1.0001)], { axes: [1], keepdims: 0 }), example(name, [numbers([512, 257], 0.99, 1.01)], { axes: [1], keepdims: 0 }),
    example(name, [numbers([32_768, 5], 0.9999, 1.0001)], { axes: [0], keepdims: 1 }), example(name, [numbers([257, 512], 0.99, 1.01)], { axes: [0], keepdims: 0 }),
    example(name, [numbers([33, 127, 37], 0.99, 1.01)], { axes: [0, 2], keepdims: 1 }), example(name, [numbers([33, 127, 37], 0.99, 1.01)], { axes: [1], keepdims: 0 }), example(name, [numbers([33, 127, 37], 0.99, 1.01)], { axes: [0, 1, 2], keepdims: 0 }),
  ]),
  ...['ArgMax', 'ArgMin'].flatMap(name => [example(name, [numbers([512, 257])], { axis: 1, keepdims: 0 }), example(name, [numbers([257, 512])], { axis: 0, keepdims: 0 })]),
  example('TopK', [numbers([512, 257])], { axis: 1, k: 5 }), ...[0, 1].map(axis => example('CumSum', [numbers([512, 257])], { axis, exclusive: 0, reverse: 0 })),
  ...['Softmax', 'LogSoftmax'].flatMap(name => [example(name, [numbers([512, 257], -5, 5)], { axis: 1 }), example(name, [numbers([512, 257], -5, 5)], { axis: 0 }), example(name, [numbers([70_000], -5, 5)], { axis: 0 })]),
  // Square, odd, tall and thin (a layer on points), long sums (gradients of its kernel), one row, one column, stacks.
  ...([[256, 256, 256], [257, 255, 253], [65_536, 3, 17], [65_536, 17, 1], [17, 65_536, 16], [1, 1024, 512], [1024, 512, 1], [1, 65_536, 3], [2, 2001, 33], [33, 300, 100], [2001, 300, 1]] as const)
    .map(([m, k, n]) => example('MatMul', [numbers([m, k]), numbers([k, n], -1, 1, 2)])),
  example('MatMul', [numbers([9, 64, 65]), numbers([9, 65, 63], -1, 1, 2)]), example('MatMul', [numbers([9, 64, 65]), numbers([65, 63], -1, 1, 2)]), example('MatMul', [numbers([2000, 3, 5]), numbers([2000, 5, 4], -1, 1, 2)]),
  example('Conv', [numbers([2, 8, 64, 65]), numbers([9, 8, 3, 3], -1, 1, 2), numbers([9], -1, 1, 3)], { strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1 }),
  example('Conv', [numbers([3, 8, 64, 64]), numbers([16, 8, 1, 1], -1, 1, 2)], { strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: 1 }),
  example('Conv', [numbers([2, 16, 48, 48]), numbers([16, 1, 3, 3], -1, 1, 2)], { strides: [2, 1], dilations: [2, 1], pads: [1, 1, 1, 1], group: 16 }),
  example('Conv', [numbers([4, 8, 4096]), numbers([8, 8, 5], -1, 1, 2)], { strides: [1], dilations: [1], pads: [2, 2], group: 1 }),
  example('Conv', [numbers([1, 4, 20, 20, 41]), numbers([5, 4, 3, 3, 3], -1, 1, 2)], { strides: [1, 1, 1], dilations: [1, 1, 1], pads: [1, 1, 1, 1, 1, 1], group: 1 }),
  example('ConvTranspose', [numbers([2, 16, 48, 48]), numbers([16, 8, 2, 2], -1, 1, 2)], { strides: [2, 2], dilations: [1, 1], pads: [0, 0, 0, 0], group: 1, output_padding: [0, 0] }),
  example('ConvTranspose', [numbers([2, 8, 64, 64]), numbers([8, 8, 3, 3], -1, 1, 2)], { strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1, output_padding: [0, 0] }),
  example('MaxPool', [numbers([4, 8, 64, 64])], { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }),
  example('Gather', [numbers([4096, 17]), indices([5000], 4096)], { axis: 0 }), example('GatherElements', [numbers([512, 257]), indices([512, 257], 512)], { axis: 0 }), example('GatherND', [numbers([512, 257]), indices([70_000, 1], 512)]),
  example('ScatterElements', [numbers([512, 257]), indices([512, 257], 512), numbers([512, 257], -1, 1, 2)], { axis: 0, reduction: 'add' }),
  example('ScatterND', [numbers([4096, 17]), { type: 'integer', shape: [4000, 1], data: different(4000, 4096) }, numbers([4000, 17], -1, 1, 2)]),
]

function programOf({ operator, inputs, attributes }: OperatorExample, precision: Precision): Program {
  const values = inputs.map((type, i) => makeInput(`x${i}`, type))
  const { outputs } = apply(operator, values, attributes)
  const graph = { inputs: values.map((value, i) => ({ name: `x${i}`, role: 'input' as const, value })), outputs: outputs.map((value, i) => ({ name: `y${i}`, role: 'output' as const, value })) }
  return { graph: optimise(graph, { precision, libm }), precision, state: {}, inputs: Object.fromEntries(inputs.map((input, i) => [`x${i}`, input])), stepsPerCall: 1, step: () => ({}) }
}

/** All results after `calls` calls, on each number of threads. */
async function onEach(program: Program, calls: number, given: Readonly<Record<string, Data>> = {}): Promise<readonly Results[]> {
  const results: Results[] = []
  for (const runtime of runtimes) {
    const execution = await runtime.prepare(program)
    let outputs: Results = {}
    for (let k = 0; k < calls; k++) outputs = await execution.run(given)
    results.push(Object.fromEntries(Object.entries({ ...outputs, ...execution.state() }).map(([name, values]) => [name, values.slice()])))
    execution.dispose()
  }
  return results
}

type Results = Readonly<Record<string, RunData>>

const sameBits = (a: Results, b: Results): boolean =>
  Object.keys(a).length > 0 && Object.keys(a).every(name => a[name].length > 0 && Buffer.from(a[name].buffer, a[name].byteOffset, a[name].byteLength).equals(Buffer.from(b[name].buffer, b[name].byteOffset, b[name].byteLength)))

/** Largest difference as a share of the array's largest entry. */
const difference = (a: Results, b: Results): number =>
  Math.max(...Object.keys(a).map(name => {
    let [size, most] = [1e-300, 0]
    for (let i = 0; i < a[name].length; i++) [size, most] = [Math.max(size, Math.abs(a[name][i])), Math.max(most, Math.abs(a[name][i] - b[name][i]))]
    return most / size
  }))

/** Which of them show it depends on the processor's vectors and on sizes; no other operator may. */
const exceptions: Readonly<Record<Precision, readonly string[]>> = {
  float32: ['Log', 'Softplus', 'MatMul'],
  float64: ['Exp', 'Log', 'Tanh', 'Sigmoid', 'Softplus', 'Sinh', 'Cosh', 'Erf', 'MatMul'],
}
const rounding = { float32: 2 ** -24, float64: 2 ** -53 }

describe.each(['float32', 'float64'] as const)('one thread and two, in %s', precision => {
  it('give the same bits for every operator but the exceptions', async () => {
    expect([...operators.keys()].filter(name => !large.some(e => e.operator === name))).toEqual([])
    const [differing, unrepeatable] = [new Set<string>(), [] as string[]]
    for (const e of large) {
      const [one, two, again] = await onEach(programOf(e, precision), 1, Object.fromEntries(e.inputs.map(({ data }, i) => [`x${i}`, data])))
      if (!sameBits(two, again)) unrepeatable.push(exampleName(e))
      if (sameBits(one, two)) continue
      differing.add(e.operator)
      expect(difference(one, two), exampleName(e)).toBeLessThan(64 * rounding[precision])
    }
    expect(unrepeatable).toEqual([])
    expect([...differing].filter(name => !exceptions[precision].includes(name))).toEqual([])
  })

  it.each(['mlp', 'fno', 'unet'] as const)('train %s alike, and on two threads to the same bits', async id => {
    const { parameters, loss } = await trainings[id]()
    const { state, step } = trainingProgram({ loss, parameters, optimizer: sgd.build({ momentum: 0.9, nesterov: false }, constantRate(1e-3)) })
    const [one, two, again] = await onEach(compile(step, { precision, state, libm }), 3)
    expect(sameBits(two, again)).toBe(true)
    expect(difference(one, two)).toBeLessThan(1e4 * rounding[precision])
  })
})

const random = createRandom(11, libm, 'threads')
const field = (shape: Shape, seed: number) => constant(numbers(shape, -1, 1, seed).data as Float64Array, [...shape])

/** Losses of a Laplacian at points, of a Fourier neural operator and of a U-Net, large enough to be divided. */
const trainings: Readonly<Record<'mlp' | 'fno' | 'unet', () => Promise<{ parameters: Parameters; loss: Loss }>>> = {
  mlp: async () => {
    const network = await createNetwork('mlp', { width: 33, depth: 2, activation: 'tanh' }, { inputs: 2, outputs: 1 })
    return {
      parameters: network.initialise(random),
      loss: all => {
        const space = laplacianSpace(2)
        const jet = network.propagate(all, space.seed(field([2001, 2], 1)))
        return { value: mean(square(add(space.laplacian(jet), jet.value))) }
      },
    }
  },
  fno: async () => {
    const model = fno({ modes: [6, 6], width: 9, layers: 2, projection: 32, activation: 'gelu' }, { inputs: 1, outputs: 1, libm })
    return { parameters: model.initialise(random), loss: all => ({ value: mean(square(sub(model.apply(all, field([3, 32, 33, 1], 1)), field([3, 32, 33, 1], 2)))) }) }
  },
  unet: async () => {
    const model = unet({ base: 5, levels: 3, border: 'zero', activation: 'relu' }, { inputs: 1, outputs: 1 })
    return { parameters: model.initialise(random), loss: all => ({ value: mean(square(sub(model.apply(all, field([2, 32, 32, 1], 1)), field([2, 32, 32, 1], 2)))) }) }
  },
}
