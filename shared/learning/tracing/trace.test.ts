import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { FaultError, type Fault } from '../../fault'
import { valueAndGradients } from '../gradients'
import { evaluateGraph } from '../graph/evaluate'
import { graphNodes, type Data } from '../graph/graph'
import { add, concat, constant, conv2d, einsum, isTracing, matMul, mean, mul, pow, sigmoid, slice, square, sum, topk, where, greater, type Tensor, type Tensors } from '../tf'
import { trace, type Signature, type StepFunction } from './trace'

const libm = loadLibm(readKernels())

const graphOf = (step: (x: Tensors) => Tensors | Tensor, inputs: Signature = { x: [3] }) => trace((_, given) => {
  const result = step(given)
  return { outputs: result instanceof tfjs.Tensor ? { y: result } : result }
}, { inputs })

const run = (step: (x: Tensors) => Tensors | Tensor, inputs: Readonly<Record<string, Data>>): Readonly<Record<string, Data>> =>
  evaluateGraph(graphOf(step, Object.fromEntries(Object.entries(inputs).map(([name, data]) => [name, [data.length]]))), inputs, libm).outputs

function faultOf(action: () => unknown): Fault {
  try {
    action()
  } catch (reason) {
    if (reason instanceof FaultError) return reason.faults[0]
    throw reason
  }
  throw new Error('nothing was refused')
}

/** The line that calls this. */
const thisLine = (): number => Number(/trace\.test\.ts:(\d+)/.exec(new Error().stack!.split('\n').slice(2).join('\n'))![1])

it('keeps all digits of constants', () => {
  expect(run(({ x }) => mul(add(x, 0.1), constant([0.3, 1e-300, 1 / 3])), { x: Float64Array.of(0, 0, 0) }).y).toEqual(Float64Array.of(0.1 * 0.3, 0.1 * 1e-300, 0.1 / 3))
})

it('takes constants that float32 holds exactly from tfjs itself', () => {
  expect(run(({ x }) => tfjs.add(x, tfjs.tensor1d([0.375, 2 ** -40, -65537])), { x: Float64Array.of(0, 0, 0) }).y).toEqual(Float64Array.of(0.375, 2 ** -40, -65537))
})

it('says in which line a program reads a value', () => {
  let line = 0
  const fault = faultOf(() => graphOf(function layer({ x }) {
    line = thisLine() + 1
    return x.dataSync()[0] > 0 ? x : mul(x, 2)
  }))
  expect(fault).toMatchObject({ code: 'trace-read', message: `layer (trace.test.ts:${line}) reads the value of a tensor of a traced program, which is not known before the program runs.` })
  expect(fault.tip).toContain('where()')
})

it.each([
  ['trace-unsupported', /Complex/, ({ x }: Tensors) => tfjs.complex(x, x)],
  ['trace-unsupported', /FFT/, ({ x }: Tensors) => tfjs.engine().runKernel('FFT', { input: x }) as Tensor],
  ['trace-unsupported', /Unique/, ({ x }: Tensors) => tfjs.unique(x).values],
  ['trace-constant', /float32/, ({ x }: Tensors) => tfjs.mul(x, 0.1)],
  ['trace-type', /string/, () => tfjs.tensor1d(['a', 'b'])],
  ['graph-shape', /inner lengths are 3 and 2/, ({ x }: Tensors) => matMul(tfjs.reshape(x, [1, 3]), constant([1, 2], [2, 1]))],
  ['graph-shape', /do not broadcast/, ({ x }: Tensors) => tfjs.engine().runKernel('Add', { a: x, b: constant([1, 2]) }) as Tensor],
  ['graph-shape', /cannot be reshaped/, ({ x }: Tensors) => tfjs.reshape(x, [2, 2])],
  ['graph-shape', /cannot be joined/, ({ x }: Tensors) => concat([x, tfjs.reshape(x, [3, 1])])],
  ['trace-refused', /conv2d.*depth/, ({ x }: Tensors) => conv2d(tfjs.reshape(x, [1, 1, 1, 3]) as tfjs.Tensor4D, tfjs.ones([1, 1, 2, 1]) as tfjs.Tensor4D, 1, 'same')],
  ['graph-shape', /no slice/, ({ x }: Tensors) => slice(x, [2], [5])],
  ['trace-read', /value/, ({ x }: Tensors) => tfjs.scalar(x.arraySync() as number)],
] as const)('refuses with %s and the line: %s', (code, message, step) => {
  const fault = faultOf(() => graphOf(step))
  expect(fault.code).toBe(code)
  expect(fault.message).toMatch(message)
  expect(fault.message).toMatch(/trace\.test\.ts:\d+/)
})

it('names a tensor that was made outside', async () => {
  await tfjs.setBackend('cpu')
  const outside = tfjs.tensor1d([1, 2, 3])
  expect(faultOf(() => graphOf(({ x }) => add(x, outside)))).toMatchObject({ code: 'trace-foreign', message: expect.stringMatching(/trace\.test\.ts:\d+\)? uses a tensor that was made outside/) as string })
  let kept: Tensor | undefined
  graphOf(({ x }) => (kept = mul(x, 2)))
  expect(() => kept!.dataSync()).toThrow('disposed')
  outside.dispose()
})

it('refuses traces in traces, promises, numbers and forgotten state', () => {
  expect(faultOf(() => graphOf(({ x }) => {
    graphOf(y => y.x)
    return x
  })).code).toBe('trace-nested')
  expect(faultOf(() => trace((async () => ({})) as unknown as StepFunction, {})).code).toBe('trace-promise')
  expect(faultOf(() => trace(() => ({ outputs: { y: 3 as unknown as Tensor } }), {})).message).toBe('The output y that the traced function returns is no tensor.')
  expect(faultOf(() => trace(() => ({}), { state: { w: [2] } })).message).toBe('The state w is not returned.')
  expect(faultOf(() => trace(({ w }) => ({ state: { w: sum(w) } }), { state: { w: [2] } })).message).toBe('The state w goes in as real[2] and comes back as real[].')
  expect(faultOf(() => trace(({ w }) => ({ state: { w, v: w } }), { state: { w: [2] } })).message).toBe('The state v is returned but was not declared.')
  expect(faultOf(() => trace(({ w }) => ({ state: { w } }), { state: { w: [2] }, inputs: { w: [2] } })).code).toBe('trace-name')
})

it('lets errors of the program itself through as they are', () => {
  expect(() => graphOf(() => { throw new RangeError('mine') })).toThrow(RangeError)
})

it('leaves tfjs usable after a trace, whole or broken', async () => {
  await tfjs.setBackend('cpu')
  const point = constant([1, 2])
  const before = tfjs.memory().numTensors
  const broken: ((x: Tensors) => Tensor)[] = [
    ({ x }) => x.dataSync() as unknown as Tensor, ({ x }) => tfjs.tidy(() => tfjs.mul(x, 0.1)), ({ x }) => valueAndGradients(p => ({ value: sum(tfjs.mul(p.x, 0.1)) }), { x }).value, () => { throw new Error('mine') },
    ({ x }) => valueAndGradients(p => ({ value: sum(tfjs.cumprod(p.x)) }), { x }).value, ({ x }) => tfjs.reshape(x, [2, 2]),
  ]
  for (const step of broken) {
    expect(() => graphOf(step)).toThrow()
    expect(isTracing()).toBe(false)
    expect(tfjs.getBackend()).toBe('cpu')
    expect(tfjs.memory().numTensors).toBe(before)
    expect(tfjs.tidy(() => {
      const { value, gradients } = valueAndGradients(({ x }) => ({ value: sum(square(x)) }), { x: point })
      return [...value.dataSync(), ...gradients.x.dataSync()] as unknown as tfjs.TensorContainer
    })).toEqual([5, 2, 4])
    expect(run(({ x }) => add(x, 1), { x: Float64Array.of(1) }).y).toEqual(Float64Array.of(2))
  }
})

it('records the line of each node', () => {
  const graph = graphOf(function network({ x }) {
    return sigmoid(mul(x, 3))
  })
  expect(graphNodes(graph).filter(n => n.operator === 'Sigmoid').map(n => n.origin)).toEqual([expect.stringMatching(/^Sigmoid at network \(trace\.test\.ts:\d+\)$/)])
})

it('traces the same program to the same graph', () => {
  const step = ({ x }: Tensors): Tensor => valueAndGradients(p => ({ value: mean(square(einsum('i,j->ij', p.x, sigmoid(p.x)))) }), { x }).gradients.x
  const shape = (): unknown => graphNodes(graphOf(step)).map(n => [n.operator, n.attributes, n.outputs.map(o => o.shape)])
  expect(shape()).toEqual(shape())
})

it('names the parameters that do not reach the loss', () => {
  const two = { u: [2], v: [2], w: [2] }
  const loss = (names: readonly string[]) => (given: Tensors): Tensor => valueAndGradients(p => ({ value: sum(names.map(name => p[name]).reduce((a, b) => mul(a, b))) }), given).value
  expect(faultOf(() => graphOf(loss(['u', 'w']), two))).toMatchObject({ code: 'gradient-unused', message: 'The parameter v does not reach the loss. It has no gradient.' })
  expect(faultOf(() => graphOf(loss(['v']), two)).message).toBe('The parameters u, w do not reach the loss. They have no gradient.')
  expect(faultOf(() => graphOf(given => valueAndGradients(() => ({ value: sum(constant([1])) }), given).value, two)).message).toContain('u, v, w')
  expect(graphOf(loss(['u', 'v', 'w']), two).outputs).toHaveLength(1)
})

it('refuses to differentiate what has no gradient or is not one number', () => {
  expect(faultOf(() => graphOf(({ x }) => valueAndGradients(p => ({ value: sum(tfjs.cumprod(p.x)) }), { x }).value))).toMatchObject({ code: 'gradient-missing', message: 'The operation Cumprod has no gradient.' })
  expect(faultOf(() => graphOf(({ x }) => valueAndGradients(p => ({ value: p.x }), { x }).value))).toMatchObject({ code: 'gradient-scalar', message: expect.stringContaining('[3]') as string })
})

it('carries further results out of a loss', () => {
  const result = run(({ x }) => {
    const { value, gradients, aux } = valueAndGradients(p => {
      const residual = pow(p.x, 2)
      return { value: mean(residual), aux: { residual } }
    }, { x })
    return { value, slope: gradients.x, residual: aux.residual }
  }, { x: Float64Array.of(1, 3) })
  expect(result).toEqual({ value: Float64Array.of(5), slope: Float64Array.of(1, 3), residual: Float64Array.of(1, 9) })
})

it('whole numbers beside integer tensors stay whole', () => {
  expect(run(({ x }) => add(topk(x, 2).indices, 1), { x: Float64Array.of(3, 9, 5) }).y).toEqual(Int32Array.of(2, 3))
  expect(run(({ x }) => where(greater(x, 4), x, 0), { x: Float64Array.of(3, 9, 5) }).y).toEqual(Float64Array.of(0, 9, 5))
  expect(run(({ x }) => slice(x, [1], [2]), { x: Float64Array.of(3, 9, 5) }).y).toEqual(Float64Array.of(9, 5))
})

it.each([
  ['ii->i', [[2, 2]], /twice/], ['ij,jk', [[2, 3]], /2 operands are written and 1 given/], ['ij->k', [[2, 3]], /no operand/], ['...i->i', [[2, 3]], /only letters/], ['ij,jk->ik', [[2, 3], [4, 2]], /3 long in one operand and 4 in another/],
  ['ijk->i', [[2, 3]], /2 axes, not the 3/],
] as const)('einsum refuses %s', (equation, shapes, message) => {
  expect(faultOf(() => graphOf(given => einsum(equation, ...Object.values(given)), Object.fromEntries(shapes.map((shape, i) => [`x${i}`, shape])))).message).toMatch(message)
})
