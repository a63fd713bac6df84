import { expect, it } from 'vitest'
import { compile } from '../../../shared/learning/compile'
import { evaluateGraph } from '../../../shared/learning/graph/evaluate'
import { valueAndGradients } from '../../../shared/learning/gradients'
import { add, constant, matMul, mean, mul, square, sub, tanh, type Tensors } from '../../../shared/learning/tf'
import { loadLibm, readKernels } from '../kernels'
import { createOnnxRuntime } from './onnx-runtime'

const libm = loadLibm(readKernels())

/** One layer of tanh fitted to sin 3x by gradient descent. */
const width = 8
const x = Float64Array.from({ length: 32 }, (_, i) => i / 31)
const state = {
  w: { shape: [1, width], values: Float64Array.from({ length: width }, (_, i) => 0.7 * i - 2) }, b: { shape: [width], values: new Float64Array(width) },
  v: { shape: [width, 1], values: Float64Array.from({ length: width }, (_, i) => (i % 2 ? 0.3 : -0.2)) },
}
const step = (parameters: Tensors) => {
  const loss = ({ w, b, v }: Tensors) => {
    const u = matMul(tanh(add(matMul(constant(x, [32, 1]), w), b)), v)
    return { value: mean(square(sub(u, constant(x.map(s => libm.sin(3 * s)), [32, 1])))) }
  }
  const { value, gradients } = valueAndGradients(loss, parameters)
  return { state: Object.fromEntries(Object.keys(parameters).map(name => [name, sub(parameters[name], mul(gradients[name], 0.1))])), outputs: { loss: value } }
}

it.each(['float32', 'float64'] as const)('trains in %s as the reference does', async precision => {
  const program = compile(step, { precision, state, libm })
  const execution = await createOnnxRuntime({ threads: 1 }).prepare(program)
  let reference = Object.fromEntries(Object.entries(state).map(([name, { values }]) => [name, values])) as Record<string, Float64Array>
  const tolerance = precision === 'float64' ? 1e-13 : 1e-5
  let first = 0
  let last = 0
  for (let k = 0; k < 50; k++) {
    const { loss } = await execution.run()
    const expected = evaluateGraph(program.graph, reference, libm)
    reference = expected.state as Record<string, Float64Array>
    if (k === 0) first = loss[0]
    last = loss[0]
    expect(Math.abs(loss[0] - expected.outputs.loss[0]) / expected.outputs.loss[0]).toBeLessThan(tolerance)
  }
  expect(last).toBeLessThan(0.5 * first)
  execution.dispose()
})

it('several steps per call are the same steps', async () => {
  const runtime = createOnnxRuntime({ threads: 1 })
  const [one, five] = await Promise.all([1, 5].map(stepsPerCall => runtime.prepare(compile(step, { precision: 'float64', state, libm, stepsPerCall }))))
  const single: number[] = []
  for (let k = 0; k < 10; k++) single.push((await one.run()).loss[0])
  const together = [...(await five.run()).loss, ...(await five.run()).loss]
  expect(together).toEqual(single)
  expect(five.state()).toEqual(one.state())
})
