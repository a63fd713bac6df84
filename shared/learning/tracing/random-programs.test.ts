import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { valueAndGradients } from '../gradients'
import { evaluateGraph } from '../graph/evaluate'
import { numbers } from '../graph/examples.testing'
import { sizeOf } from '../graph/graph'
import { optimise } from '../graph/passes/optimise'
import { runOnnx } from '../onnx/run-onnx.testing'
import {
  abs, add, avgPool, concat, constant, conv2d, cos, cumsum, div, elu, erf, exp, gather, leakyRelu, matMul, max, maxPool, maximum, mean, mirrorPad, mul, neg, normalise, pad, periodicPad, pow, relu, reshape, resizeBilinear, reverse,
  roll, sigmoid, sin, slice, softmax, softplus, sqrt, square, stack, stridedSlice, sub, sum, tanh, tile, transpose, where, greater, type Tensor, type Tensors,
} from '../tf'
import { trace } from './trace'

const libm = loadLibm(readKernels())

/** Choices of one operation: which, on what, and how. */
type Choice = readonly [operation: number, first: number, second: number, way: number]

const inputs = { a: [2, 4, 4, 2], b: [4, 2], c: [2], w: [2, 3, 2, 2] } as const
type Name = keyof typeof inputs
const names = Object.keys(inputs) as Name[]

/** Everything smooth enough that single precision stays comparable: arguments of the steep ones are squashed first. */
const unary: readonly ((x: Tensor) => Tensor)[] = [
  neg, tanh, sigmoid, sin, cos, softplus, erf, elu, abs, relu, square, x => exp(tanh(x)), x => sqrt(add(square(x), 0.3)), x => leakyRelu(x, 0.2), x => div(x, add(square(x), 1)), x => pow(add(abs(x), 0.5), 1.7),
  x => where(greater(x, 0.1), x, mul(x, 0.25)),
]
const binary: readonly ((x: Tensor, y: Tensor) => Tensor)[] = [add, sub, mul, maximum, (x, y) => div(x, add(square(y), 0.7))]

const isPicture = ({ shape }: Tensor): boolean => shape.length === 4 && shape[1]! > 1 && shape[2]! > 2
const picture = (x: Tensor): tfjs.Tensor4D => x as tfjs.Tensor4D

/** An operation on what is there so far, or nothing where the choice does not fit. */
function chosen([operation, first, second, way]: Choice, so: readonly Tensor[], filter: Tensor): Tensor | undefined {
  const x = so[first % so.length]
  const y = so[second % so.length]
  const axis = x.rank === 0 ? 0 : way % x.rank
  const rows = (t: Tensor): Tensor => reshape(t, [-1, t.rank === 0 ? 1 : t.shape[t.rank - 1]])
  const border = (t: Tensor, before: number, after: number): [number, number][] => t.shape.map((_, i) => (i === axis ? [before, after] : [0, 0]))
  switch (operation) {
    case 0: case 1: case 2: return unary[way % unary.length](x)
    case 3: case 4: return x.shape.every((n, i) => n === y.shape[i]) && x.rank === y.rank ? binary[way % binary.length](x, y) : undefined
    case 5: return y.rank === 1 && x.shape.at(-1) === y.shape[0] ? binary[way % binary.length](x, y) : undefined
    case 6: return x.rank > 0 ? [sum, mean, max][second % 3](x, axis, way % 2 === 1) : undefined
    case 7: return x.rank > 0 ? transpose(x, x.shape.map((_, i) => (i + way) % x.rank)) : undefined
    case 8: return x.rank > 0 ? matMul(rows(x), rows(x), way % 2 === 0, way % 2 === 1) : undefined
    case 9: return x.rank > 0 && x.shape[axis] > 1 ? slice(x, x.shape.map((_, i) => (i === axis ? second % x.shape[axis] : 0)), x.shape.map((_, i) => (i === axis ? 1 : -1))) : undefined
    case 10: return x.rank > 0 ? [pad(x, border(x, 1, way % 2)), reverse(x, axis), roll(x, 1 + (second % 3), axis), periodicPad(x, border(x, 1, 0))][second % 4] : undefined
    case 11: return x.rank > 0 ? concat([x, way % 2 ? x : tanh(x)], axis) : undefined
    case 12: return x.rank > 0 ? [softmax(x), normalise(x), cumsum(x, axis), tile(x, x.shape.map((_, i) => (i === axis ? 2 : 1)))][second % 4] : undefined
    case 13: return x.rank > 0 ? gather(x, constant(Array.from({ length: 3 }, (_, i) => (i * 7 + second) % x.shape[axis]), [3], 'int32'), axis) : undefined
    case 14: return isPicture(x) && x.shape[3] === 2 ? conv2d(picture(x), picture(filter), 1 + (way % 2), second % 2 ? 'same' : 'valid') : undefined
    case 15: return isPicture(x) ? (second % 3 === 0 ? avgPool(picture(x), 2, 2, 'valid') : second % 3 === 1 ? maxPool(picture(x), 2, 1, 'same') : resizeBilinear(x, [3, 3])) : undefined
    case 16: return x.rank > 0 && x.shape[axis] > 2 ? stridedSlice(x, x.shape.map(() => 0), [...x.shape], x.shape.map((_, i) => (i === axis ? 2 : 1))) : undefined
    case 17: return x.rank > 0 && x.rank < 4 ? stack([x, neg(x)], axis) : undefined
    default: return x.rank > 0 && x.shape.every(n => n > 1) ? mirrorPad(x, border(x, 1, 1), way % 2 ? 'reflect' : 'symmetric') : undefined
  }
}

/** All choices in turn; the loss is a weighted sum of what the last ones made, kept of moderate size. */
function program(choices: readonly Choice[]) {
  return (given: Tensors): { value: Tensor; aux: Tensors } => {
    const { a, b, c, w } = given
    const so: Tensor[] = [a, b, c]
    for (const choice of choices) {
      const made = chosen(choice, so, w)
      if (made && sizeOf(made.shape) <= 200 && made.rank <= 5) so.push(sizeOf(made.shape) > 0 ? tanh(made) : made)
    }
    const last = so.slice(-3)
    const parts = last.map((y, i) => sum(mul(y, constant(numbers(y.shape, 0.2, 1, i + 1).data, y.shape))))
    // Every input reaches the loss, so that every one has a gradient.
    const all = [...parts, ...names.map(name => mul(sum(given[name]), 0.01))]
    return { value: all.reduce((x, y) => add(x, y)), aux: Object.fromEntries(last.map((y, i) => [`y${i}`, y])) }
  }
}

function step(choices: readonly Choice[]) {
  return (given: Tensors): Tensors => {
    const { value, gradients, aux } = valueAndGradients(program(choices), given)
    return { value, ...aux, ...Object.fromEntries(names.map(name => [`slope.${name}`, gradients[name]])) }
  }
}

const arrays = Object.fromEntries(names.map((name, i) => [name, Float64Array.from(Float32Array.from(numbers(inputs[name], -1, 1, i + 1).data))]))

function differs(found: Readonly<Record<string, ArrayLike<number>>>, expected: Readonly<Record<string, ArrayLike<number>>>, tolerance: number): string | undefined {
  for (const [name, values] of Object.entries(expected)) {
    const scale = Array.from(values).reduce((m, v) => Math.max(m, Math.abs(v)), 1)
    for (let i = 0; i < values.length; i++) if (!(Math.abs(found[name][i] - values[i]) <= tolerance * scale)) return `${name}[${i}] is ${found[name][i]}, not ${values[i]}`
  }
  return undefined
}

const choices = fc.array(fc.tuple(fc.nat(18), fc.nat(1000), fc.nat(1000), fc.nat(1000)), { minLength: 2, maxLength: 14 })

it('random programs are the same traced, eager and in ONNX Runtime, gradients too', async () => {
  await tfjs.setBackend('cpu')
  await fc.assert(fc.asyncProperty(choices, async list => {
    const graph = trace((_, given) => ({ outputs: step(list)(given) }), { inputs })
    const expected = evaluateGraph(graph, arrays, libm).outputs
    const eager = tfjs.tidy(() => {
      const given = Object.fromEntries(names.map(name => [name, tfjs.tensor(Float32Array.from(arrays[name]), [...inputs[name]])]))
      return Object.fromEntries(Object.entries(step(list)(given)).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync())])) as unknown as tfjs.TensorContainer
    }) as unknown as Record<string, Float32Array>
    // Where equal elements meet max() or a kink, rounding decides which side a gradient takes; programs that come that near differ in more than rounding.
    expect(differs(eager, expected, 2e-3)).toBeUndefined()
    for (const precision of ['float32', 'float64'] as const) {
      const found = await runOnnx(optimise(graph, { precision, libm }), arrays, precision)
      expect(differs(found, expected, precision === 'float32' ? 2e-3 : 1e-12)).toBeUndefined()
    }
  }), { numRuns: 40, interruptAfterTimeLimit: 15_000 })
})
