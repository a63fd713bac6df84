import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { runOnnx } from '../../onnx/run-onnx.testing'
import { evaluateGraph } from '../evaluate'
import { graphNodes, makeConstant, makeInput, sizeOf, type Attributes, type Graph, type Shape, type Value } from '../graph'
import { apply, operators } from '../operators'
import { lowerPrecision } from './lower-precision'
import { optimise } from './optimise'
import { largestDifference } from './random-graphs.testing'

const libm = loadLibm(readKernels())

const graphOf = (shapes: Readonly<Record<string, Shape>>, build: (inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>): Graph => {
  const values = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, makeInput(name, { type: 'real', shape })]))
  return { inputs: Object.entries(values).map(([name, value]) => ({ name, role: 'input', value })), outputs: Object.entries(build(values)).map(([name, value]) => ({ name, role: 'output', value })) }
}
const node = (operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value => apply(operator, inputs, attributes).outputs[0]
const scalar = (x: number): Value => makeConstant(Float64Array.of(x), [])
const filled = (shapes: Readonly<Record<string, Shape>>): Record<string, Float64Array> => Object.fromEntries(Object.entries(shapes).map(([name, shape], s) => [name, Float64Array.from({ length: sizeOf(shape) }, (_, i) => libm.sin(1.7 * i + s) + 0.1 * libm.cos(i * i))]))

/** Units in the last place, of the reference's value; absolute below the smallest normal numbers. */
const unitsOff = (found: number, exact: number): number => (Object.is(found, exact) || found === exact || (found !== found && exact !== exact) ? 0 : Math.abs(found - exact) / (Math.max(Math.abs(exact), 1e-300) * 2 ** -53))

it.each([
  // Operator, range, units of 2⁻⁵³ that may be lost.
  ['Erf', -7, 7, 4], ['Softplus', -40, 40, 6], ['Tan', -1.5, 1.5, 20], ['Asin', -1, 1, 6], ['Acos', -1, 0.99, 8], ['Atan', -30, 30, 6], ['Sinh', -20, 20, 6], ['Cosh', -20, 20, 6],
  ['Asinh', -30, 30, 8], ['Acosh', 1.001, 30, 8], ['Atanh', -0.99, 0.99, 8], ['Sigmoid', -40, 40, 6],
] as const)('%s is composed in float64 to the last digits', async (operator, from, to, units) => {
  if (!operators.has(operator)) return
  const count = 4001
  const x = Float64Array.from({ length: count }, (_, i) => (i === 7 ? NaN : i % 5 === 1 ? (from + ((to - from) * i) / (count - 1)) * 1e-3 * (operator === 'Acosh' ? 0 : 1) + (operator === 'Acosh' ? 1.5 : 0) : from + ((to - from) * i) / (count - 1)))
  const graph = graphOf({ x: [count] }, ({ x: value }) => ({ y: node(operator, [value]) }))
  const lowered = lowerPrecision.run(graph, { precision: 'float64', libm })
  expect(graphNodes(lowered).some(n => n.operator === operator)).toBe(false)
  const { y } = await runOnnx(lowered, { x }, 'float64')
  const exact = evaluateGraph(graph, { x }, libm).outputs.y
  let worst = 0
  let at = 0
  y.forEach((value, i) => {
    const off = unitsOff(value, exact[i])
    if (!(off <= worst)) [worst, at] = [off, i]
  })
  expect(worst, `at ${x[at]}: ${y[at]} instead of ${exact[at]}`).toBeLessThan(units)
})

const convolutions: readonly [string, Readonly<Record<string, Shape>>, string, Attributes][] = [
  ['1-D', { x: [2, 3, 9], w: [4, 3, 3] }, 'Conv', { strides: [1], dilations: [1], pads: [1, 1], group: 1 }],
  ['2-D with strides, dilation and uneven padding', { x: [2, 3, 9, 8], w: [4, 3, 3, 2] }, 'Conv', { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 2, 1], group: 1 }],
  ['2-D with bias', { x: [2, 3, 6, 6], w: [4, 3, 3, 3], b: [4] }, 'Conv', { strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1 }],
  ['2-D in groups', { x: [2, 4, 5, 6], w: [6, 2, 3, 3] }, 'Conv', { strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 2 }],
  ['3-D', { x: [1, 2, 4, 5, 4], w: [3, 2, 2, 3, 2] }, 'Conv', { strides: [1, 2, 1], dilations: [1, 1, 1], pads: [0, 1, 0, 1, 1, 0], group: 1 }],
  ['with a kernel as large as the array, as gradients of kernels have', { x: [3, 5, 8, 8], w: [4, 5, 8, 8] }, 'Conv', { strides: [1, 1], dilations: [1, 1], pads: [1, 1, 1, 1], group: 1 }],
  ['the same with dilation', { x: [3, 5, 9, 8], w: [4, 5, 4, 4] }, 'Conv', { strides: [1, 1], dilations: [2, 2], pads: [0, 0, 0, 1], group: 1 }],
  ['transposed, kernels side by side', { x: [2, 3, 4, 5], w: [3, 4, 2, 2] }, 'ConvTranspose', { strides: [2, 2], dilations: [1, 1], pads: [0, 0, 0, 0], output_padding: [0, 0], group: 1 }],
  ['transposed, overlapping', { x: [2, 3, 4, 5], w: [3, 4, 3, 3] }, 'ConvTranspose', { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 0, 1], output_padding: [1, 0], group: 1 }],
  ['transposed in groups, 1-D, cut', { x: [2, 4, 6], w: [4, 3, 2] }, 'ConvTranspose', { strides: [3], dilations: [1], pads: [2, 1], output_padding: [0], group: 2 }],
]
it.each(convolutions)('convolution %s runs in float64 and float32', async (_, shapes, operator, attributes) => {
  const graph = graphOf(shapes, inputs => ({ y: node(operator, Object.values(inputs), attributes) }))
  const inputs = filled(shapes)
  const exact = evaluateGraph(graph, inputs, libm).outputs
  for (const precision of ['float64', 'float32'] as const) {
    const lowered = lowerPrecision.run(graph, { precision, libm })
    expect(largestDifference(await runOnnx(lowered, inputs, precision), exact)).toBeLessThan(precision === 'float64' ? 1e-14 : 3e-6)
  }
})

/** Patterns that ONNX Runtime's optimiser turns into operators of its own; their attributes are float32. */
const patterns: Readonly<Record<string, (x: Value, w: Value, row: Value) => Value>> = {
  'a scaled product': (x, w) => node('Mul', [node('MatMul', [x, w]), scalar(0.1)]),
  'a product of a scaled array': (x, w) => node('MatMul', [node('Mul', [x, scalar(0.1)]), w]),
  'a divided product': (x, w) => node('Div', [node('MatMul', [x, w]), scalar(3)]),
  'a divided, transposed product': (x, w) => node('Div', [node('Transpose', [node('MatMul', [x, w])], { perm: [1, 0] }), scalar(3)]),
  'a product with a scaled transpose': (x, w) => node('MatMul', [node('Transpose', [node('Mul', [x, scalar(0.1)])], { perm: [1, 0] }), node('MatMul', [x, w])]),
  'a layer with tanh': (x, w, row) => node('Tanh', [node('Add', [node('MatMul', [x, w]), row])]),
  'SiLU': x => node('Mul', [x, node('Sigmoid', [x])]),
  'quick GELU': x => node('Mul', [x, node('Sigmoid', [node('Mul', [x, scalar(1.702)])])]),
  'GELU by erf': x => node('Mul', [node('Mul', [x, node('Add', [node('Erf', [node('Div', [x, scalar(Math.SQRT2)])]), scalar(1)])]), scalar(0.5)]),
  'GELU by tanh': x => node('Mul', [node('Mul', [scalar(0.5), x]), node('Add', [scalar(1), node('Tanh', [node('Mul', [scalar(0.7978845608028654), node('Add', [x, node('Mul', [scalar(0.044715), node('Pow', [x, scalar(3)])])])])])])]),
  'layer normalisation': (x, _, row) => {
    const centred = node('Sub', [x, node('ReduceMean', [x], { axes: [1], keepdims: 1 })])
    const variance = node('ReduceMean', [node('Pow', [centred, scalar(2)])], { axes: [1], keepdims: 1 })
    return node('Add', [node('Mul', [node('Div', [centred, node('Sqrt', [node('Add', [variance, scalar(1e-5)])])]), row]), row])
  },
  'root mean square normalisation': (x, _, row) => node('Mul', [node('Div', [x, node('Sqrt', [node('Add', [node('ReduceMean', [node('Pow', [x, scalar(2)])], { axes: [1], keepdims: 1 }), scalar(1e-5)])])]), row]),
  'leaky ReLU': x => node('Max', [x, node('Mul', [x, scalar(0.01)])]),
  'attention': (x, w) => {
    const q = node('MatMul', [x, w])
    return node('MatMul', [node('Softmax', [node('Mul', [node('MatMul', [q, node('Transpose', [x], { perm: [1, 0] })]), scalar(0.353)])], { axis: 1 }), x])
  },
  'clipping': x => node('Min', [node('Max', [x, scalar(-0.3)]), scalar(0.7)]),
}
it.each(Object.entries(patterns))('%s keeps all digits under ONNX Runtime\'s optimiser', async (_, build) => {
  const shapes = { x: [6, 8], w: [8, 8], row: [8] }
  const inputs = filled(shapes)
  const graph = graphOf(shapes, ({ x, w, row }) => ({ y: build(x, w, row) }))
  const found = await runOnnx(optimise(graph, { precision: 'float64', libm }), inputs, 'float64', { graphOptimizationLevel: 'all' })
  expect(largestDifference(found, evaluateGraph(graph, inputs, libm).outputs)).toBeLessThan(1e-13)
})
