import type { Tensor1D } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { compile } from '../../../shared/learning/compile'
import { evaluateGraph } from '../../../shared/learning/graph/evaluate'
import { valueAndGradients } from '../../../shared/learning/gradients'
import { add, constant, gather, matMul, mean, mul, square, sub, tanh, type Tensors } from '../../../shared/learning/tf'
import { loadLibm, readKernels } from '../kernels'
import { createLearningRuntime } from './runtime'

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
  const execution = await createLearningRuntime({ threads: 1, only: 'native' }).prepare(program)
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
  const runtime = createLearningRuntime({ threads: 1, only: 'native' })
  const [one, five] = await Promise.all([1, 5].map(stepsPerCall => runtime.prepare(compile(step, { precision: 'float64', state, libm, stepsPerCall }))))
  const single: number[] = []
  for (let k = 0; k < 10; k++) single.push((await one.run()).loss[0])
  const together = [...(await five.run()).loss, ...(await five.run()).loss]
  expect(together).toEqual(single)
  expect(five.state()).toEqual(one.state())
})

it.each(['wasm', 'eager'])('runs on %s as on the native runtime', async only => {
  const program = compile(step, { precision: 'float32', state, libm })
  const runtime = createLearningRuntime({ threads: 1, only })
  const [native, other] = [await createLearningRuntime({ threads: 1 }).prepare(program), await runtime.prepare(program)]
  for (let k = 0; k < 20; k++) {
    const [{ loss }, { loss: again }] = [await native.run(), await other.run()]
    expect(Math.abs(again[0] - loss[0]) / loss[0]).toBeLessThan(1e-5)
  }
  expect([...runtime.ran]).toEqual([other.backend])
  expect(other.backend).toMatch(only === 'wasm' ? /ONNX Runtime .*WebAssembly/ : /tfjs .*eager/)
  for (const [name, values] of Object.entries(other.state())) values.forEach((v, i) => expect(v).toBeCloseTo(native.state()[name][i], 4))
})

it('double precision runs in WebAssembly too, and never eagerly', async () => {
  const program = compile(step, { precision: 'float64', state, libm })
  const [native, wasm] = [await createLearningRuntime({ threads: 1 }).prepare(program), await createLearningRuntime({ threads: 1, only: 'wasm' }).prepare(program)]
  for (let k = 0; k < 20; k++) expect(Math.abs((await native.run()).loss[0] / (await wasm.run()).loss[0] - 1)).toBeLessThan(1e-12)
  await expect(createLearningRuntime({ threads: 1, only: 'eager' }).prepare(program)).rejects.toThrow('tfjs computes in single precision')
})

it('a failed call names the line and leaves the state as it was', async () => {
  const program = compile(({ w }, { index }) => ({ state: { w: add(w, gather(constant([1, 2, 3]), index as Tensor1D)) } }), {
    precision: 'float32', state: { w: { shape: [1], values: Float64Array.of(5) } }, inputs: { index: { type: 'integer', shape: [1] } }, libm,
  })
  const execution = await createLearningRuntime({ threads: 1 }).prepare(program)
  await execution.run({ index: [2] })
  await expect(execution.run({ index: [7] })).rejects.toThrow(/GatherV2 at .*runtime\.test\.ts:\d+\) failed: .*out of/)
  expect(execution.state().w[0]).toBe(8)
  await expect(execution.run({})).rejects.toThrow('The input index needs 1 values; none were given.')
  await expect(execution.run({ index: [0], other: [1] })).rejects.toThrow('The program has no input other.')
  expect(() => execution.restore({ w: [1, 2] })).toThrow('The state w with 2 values does not belong to this program.')
})

it('goes on bit for bit from a stored state', async () => {
  for (const precision of ['float32', 'float64'] as const) {
    const program = compile(step, { precision, state, libm })
    const [whole, first, second] = await Promise.all([0, 1, 2].map(() => createLearningRuntime({ threads: 1 }).prepare(program)))
    for (let k = 0; k < 20; k++) await whole.run()
    for (let k = 0; k < 9; k++) await first.run()
    second.restore(first.state())
    for (let k = 0; k < 11; k++) await second.run()
    expect(second.state()).toEqual(whole.state())
  }
})

it('a program beyond the memory that may be used is refused before it runs', async () => {
  const program = compile((_, { x }) => ({ outputs: { y: matMul(x, x) } }), { precision: 'float64', inputs: { x: [2000, 2000] }, libm })
  await expect(createLearningRuntime({ threads: 1, budgetBytes: 2 ** 24 }).prepare(program)).rejects.toThrow(/^The compiled program needs about \d+ MiB of memory.*; 16 MiB may be used\.$/)
})

it('an execution provider that this machine lacks is named, and the next backend takes the program', async () => {
  const program = compile(step, { precision: 'float32', state, libm })
  const told: string[] = []
  const execution = await createLearningRuntime({ threads: 1, providers: ['no-such-provider'], log: message => told.push(message) }).prepare(program)
  expect(told).toEqual([expect.stringMatching(/^Not on native: .*no-such-provider/)])
  expect(execution.backend).toMatch(/WebAssembly/)
})
