import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { valueAndGradients } from '../gradients'
import { evaluateGraph } from '../graph/evaluate'
import { numbers } from '../graph/examples.testing'
import type { Data, Graph } from '../graph/graph'
import { optimise } from '../graph/passes/optimise'
import { runOnnx } from '../onnx/run-onnx.testing'
import { constant, type Tensor, type Tensors } from '../tf'
import { backendName, tensorType, tracedKernels, tracingBackend } from './backend'
import { exampleTitle, kernelExamples, type KernelExample } from './kernels.testing'
import { trace } from './trace'

const libm = loadLibm(readKernels())

/** Results, a weighted sum of the real ones, and its gradients. */
function step({ program, inputs, flat }: KernelExample, gradients: boolean) {
  return (given: Tensors): Tensors => {
    const named = (all: Tensors): Tensor[] => inputs.map((_, n) => all[`x${n}`])
    const plain = [program(...named(given))].flat()
    const outputs: Record<string, Tensor> = Object.fromEntries(plain.map((y, n) => [`y${n}`, y]))
    if (!gradients || flat !== undefined) return outputs
    const parameters = Object.fromEntries(Object.entries(given).filter(([, x]) => x.dtype === 'float32'))
    const { value, gradients: slopes } = valueAndGradients(p => {
      const results = [program(...named({ ...given, ...p }))].flat()
      const terms = results.map((y, n) => tfjs.sum(tfjs.mul(y, constant(numbers(y.shape, 0.5, 1.5, n + 5).data, y.shape))))
      return { value: tfjs.addN(terms.length > 1 ? terms : [terms[0], tfjs.zerosLike(terms[0])]) }
    }, parameters)
    for (const [name, slope] of Object.entries(slopes)) outputs[`slope.${name}`] = slope
    return { ...outputs, value }
  }
}

const traced = (example: KernelExample): Graph => trace((_, inputs) => ({ outputs: step(example, true)(inputs) }), { inputs: Object.fromEntries(example.inputs.map((type, n) => [`x${n}`, { type: type.type, shape: type.shape }])) })

const arrays = ({ inputs }: KernelExample): Record<string, Data> => Object.fromEntries(inputs.map(({ data }, n) => [`x${n}`, data]))

/** Largest difference relative to the larger of 1 and the largest value. NaN and infinities must agree. */
function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity
  let [scale, worst] = [1, 0]
  for (let i = 0; i < expected.length; i++) if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]))
  for (let i = 0; i < expected.length; i++) {
    if (found[i] === expected[i] || (Number.isNaN(found[i]) && Number.isNaN(expected[i]))) continue
    const difference = Math.abs(found[i] - expected[i]) / scale
    worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference)
  }
  return worst
}

const graphs: Graph[] = []
const called = new Set<string>()
const originals: tfjs.KernelConfig[] = []

beforeAll(() => {
  tracingBackend()
  for (const name of tracedKernels()) {
    const original = tfjs.getKernel(name, backendName)
    originals.push(original)
    tfjs.unregisterKernel(name, backendName)
    tfjs.registerKernel({ ...original, kernelFunc: parameters => {
      called.add(name)
      return original.kernelFunc(parameters)
    } })
  }
  const refused = kernelExamples.flatMap((example, at) => {
    try {
      graphs.push(traced(example))
      return []
    } catch (reason) {
      return [`${exampleTitle(example, at)}: ${(reason as Error).message}`]
    }
  })
  expect(refused).toEqual([])
})
afterAll(() => {
  for (const original of originals) {
    tfjs.unregisterKernel(original.kernelName, backendName)
    tfjs.registerKernel(original)
  }
})

it('has an example that runs every kernel', () => {
  expect(tracedKernels().filter(name => !kernelExamples.some(e => e.kernel === name) || !called.has(name))).toEqual([])
})

it('gradients are those of central differences', () => {
  const wrong: string[] = []
  kernelExamples.forEach((example, at) => {
    if (example.flat !== undefined) return
    const graph = graphs[at]
    const inputs = arrays(example)
    const { outputs } = evaluateGraph(graph, inputs, libm)
    const value: Graph = { inputs: graph.inputs, outputs: graph.outputs.filter(o => o.name === 'value') }
    example.inputs.forEach(({ type, data }, n) => {
      if (type !== 'real') return
      const h = 1e-5
      const slopes = Float64Array.from(data, (x, i) => {
        const at = (moved: number): number => evaluateGraph(value, { ...inputs, [`x${n}`]: Float64Array.from(data, (y, j) => (i === j ? moved : y)) }, libm).outputs.value[0]
        return (8 * (at(x + h) - at(x - h)) - (at(x + 2 * h) - at(x - 2 * h))) / (12 * h)
      })
      const error = distance(outputs[`slope.x${n}`], slopes)
      if (!(error < 1e-9)) wrong.push(`${exampleTitle(example, at)}: gradient in x${n} is off by ${error}`)
    })
  })
  expect(wrong).toEqual([])
})

it('traced programs are what tfjs computes eagerly', async () => {
  await tfjs.setBackend('cpu')
  const wrong: string[] = []
  kernelExamples.forEach((example, at) => {
    if (example.eager?.lacks === 'everything') return
    const inputs = arrays(example)
    const expected = evaluateGraph(graphs[at], Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, data instanceof Float64Array ? Float64Array.from(Float32Array.from(data)) : data])), libm).outputs
    try {
      tfjs.tidy(() => {
        const tensors = Object.fromEntries(example.inputs.map(({ type, shape, data }, n) => [`x${n}`, tfjs.tensor(type === 'real' ? Float32Array.from(data) : type === 'integer' ? Int32Array.from(data) : Uint8Array.from(data), [...shape], tensorType(type))]))
        for (const [name, tensor] of Object.entries(step(example, example.eager?.lacks !== 'gradient')(tensors))) {
          const error = distance(tensor.dataSync(), expected[name])
          if (!(error < 3e-5)) wrong.push(`${exampleTitle(example, at)}: ${name} is off by ${error}`)
        }
      })
    } catch (reason) {
      wrong.push(`${exampleTitle(example, at)}: ${(reason as Error).message}`)
    }
  })
  expect(wrong).toEqual([])
})

it.each(['float32', 'float64'] as const)('ONNX Runtime computes them and their gradients in %s', async precision => {
  const wrong: string[] = []
  for (const [at, example] of kernelExamples.entries()) {
    const inputs = Object.fromEntries(Object.entries(arrays(example)).map(([name, data]) => [name, precision === 'float32' && data instanceof Float64Array ? Float64Array.from(Float32Array.from(data)) : data]))
    const expected = evaluateGraph(graphs[at], inputs, libm).outputs
    try {
      const found = await runOnnx(optimise(graphs[at], { precision, libm }), inputs, precision)
      for (const name of Object.keys(expected)) {
        const error = distance(found[name], expected[name])
        if (!(error < (precision === 'float32' ? 1e-5 : 2e-14))) wrong.push(`${exampleTitle(example, at)}: ${name} is off by ${error}`)
      }
    } catch (reason) {
      wrong.push(`${exampleTitle(example, at)}: ${(reason as Error).message}`)
    }
  }
  expect(wrong).toEqual([])
})
