import type { ArrayType, Attributes, Data, Shape } from './graph'

/** One use of an operator, with values to evaluate it at. */
export interface OperatorExample {
  readonly operator: string
  readonly inputs: readonly (ArrayType & { readonly data: Data })[]
  readonly attributes: Attributes
}

type Given = ArrayType & { readonly data: Data }

/** Values that look random, all different, from `low` to `high`; the same in every run. */
export function numbers(shape: Shape, low = -1, high = 1, seed = 1): Given {
  const size = shape.reduce((product, n) => product * n, 1)
  let state = 2654435761 * seed
  const data = Float64Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return low + ((high - low) * state) / 4294967296
  })
  return { type: 'real', shape, data }
}

const real = (shape: Shape, ...data: number[]): Given => ({ type: 'real', shape, data: Float64Array.from(data) })
const integer = (shape: Shape, ...data: number[]): Given => ({ type: 'integer', shape, data: Int32Array.from(data) })
const boolean = (shape: Shape, ...data: number[]): Given => ({ type: 'boolean', shape, data: Uint8Array.from(data) })
const example = (operator: string, inputs: readonly Given[], attributes: Attributes = {}): OperatorExample => ({ operator, inputs, attributes })

const halves = real([2, 4], -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0, 3)
const odd = [NaN, Infinity, -Infinity, 0, -1.5, 2]

const unary = (names: readonly string[], low: number, high: number): OperatorExample[] => names.map(name => example(name, [numbers([3, 5], low, high)]))
/** Equal shapes, stretched axes, a scalar. */
const binary = (names: readonly string[], low = -2, high = 2): OperatorExample[] =>
  names.flatMap(name => [
    example(name, [numbers([2, 3], low, high), numbers([2, 3], low, high, 2)]), example(name, [numbers([4, 1, 3], low, high), numbers([2, 1], low, high, 2)]), example(name, [numbers([5], low, high), numbers([], low, high, 2)]),
  ])
const whole = (names: readonly string[]): OperatorExample[] => names.map(name => example(name, [integer([2, 3], 7, -7, 6, -6, 1, 5), integer([3], 2, 2, -4)]))
const logic = (names: readonly string[]): OperatorExample[] => names.map(name => example(name, [boolean([2, 2], 0, 0, 1, 1), boolean([2], 0, 1)]))

const elementwise: readonly OperatorExample[] = [
  ...unary(['Neg', 'Abs', 'Sign', 'Relu', 'Tanh', 'Sin', 'Cos', 'Sigmoid', 'Softplus', 'Erf', 'Sinh', 'Cosh', 'Atan', 'Exp', 'Identity'], -4, 4), ...unary(['Tan'], -1.4, 1.4), ...unary(['Asin', 'Acos'], -0.99, 0.99),
  ...unary(['Floor', 'Ceil'], -3, 3), example('Round', [halves]), ...unary(['Sqrt', 'Log', 'Reciprocal'], 0.05, 8),
  example('Softplus', [real([4], -60, 60, -700, 700)]), example('Sigmoid', [real([4], -60, 60, -20, 20)]), example('Erf', [real([5], -7, 7, 1e-9, -1e-9, 0)]), example('Tanh', [real([4], -40, 40, 1e-9, 0)]),
  example('Neg', [integer([3], 1, -2, 0)]), example('Abs', [integer([3], 1, -2, 0)]), example('Sign', [integer([3], 4, -2, 0)]), example('Identity', [boolean([2], 0, 1)]),
  example('IsNaN', [real([6], ...odd)]), example('IsInf', [real([6], ...odd)]), example('Not', [boolean([2], 0, 1)]),
  ...binary(['Add', 'Sub', 'Mul', 'Min', 'Max', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual', 'Equal']), ...binary(['Div'], 0.5, 3), ...binary(['Pow'], 0.3, 2),
  example('Pow', [numbers([4], -2, 2), real([], 3)]), ...whole(['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max', 'Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual']),
  ...logic(['And', 'Or', 'Xor', 'Equal']),
  example('Where', [boolean([2, 1], 0, 1), numbers([2, 3]), numbers([3], -1, 1, 2)]), example('Where', [boolean([2], 0, 1), integer([2], 1, 2), integer([], 9)]),
  example('Cast', [real([5], -1.7, 0, 0.3, 2.9, -0.2)], { to: 'integer' }), example('Cast', [real([3], -1.7, 0, 0.3)], { to: 'boolean' }), example('Cast', [integer([3], -1, 0, 5)], { to: 'real' }),
  example('Cast', [integer([3], -1, 0, 5)], { to: 'boolean' }), example('Cast', [boolean([2], 0, 1)], { to: 'real' }), example('Cast', [boolean([2], 0, 1)], { to: 'integer' }),
]

const arrangement: readonly OperatorExample[] = [
  example('Reshape', [numbers([2, 6])], { shape: [3, 1, 4] }), example('Reshape', [numbers([1])], { shape: [] }), example('Transpose', [numbers([2, 3, 4])], { perm: [2, 0, 1] }), example('Transpose', [boolean([1, 2], 0, 1)], { perm: [1, 0] }),
  example('Expand', [numbers([3, 1])], { shape: [2, 3, 4] }), example('Expand', [integer([], 7)], { shape: [2, 2] }), example('Expand', [boolean([], 1)], { shape: [3] }),
  example('Concat', [numbers([2, 3]), numbers([2, 1], -1, 1, 2)], { axis: 1 }), example('Concat', [integer([2], 1, 2), integer([1], 3), integer([2], 4, 5)], { axis: 0 }),
  example('Slice', [numbers([5, 4])], { starts: [1, 0], ends: [4, 3], axes: [0, 1], steps: [1, 2] }), example('Slice', [numbers([5])], { starts: [4], ends: [-6], axes: [0], steps: [-2] }), example('Slice', [integer([4], 1, 2, 3, 4)], { starts: [2], ends: [4], axes: [0], steps: [1] }),
  example('Pad', [numbers([2, 3])], { pads: [1, 0, 0, 2], mode: 'constant' }), example('Pad', [numbers([2, 3])], { pads: [1, 2, 1, 1], mode: 'reflect' }), example('Pad', [numbers([2, 3])], { pads: [0, 2, 3, 1], mode: 'edge' }),
  example('Tile', [numbers([2, 3])], { repeats: [2, 3] }), example('Tile', [integer([2], 1, 2)], { repeats: [3] }),
]

const reductions: readonly OperatorExample[] = [
  ...['ReduceSum', 'ReduceMean', 'ReduceProd', 'ReduceMax', 'ReduceMin'].flatMap(name => [
    example(name, [numbers([2, 3, 4])], { axes: [1], keepdims: 0 }), example(name, [numbers([2, 3, 4])], { axes: [0, 2], keepdims: 1 }), example(name, [numbers([5])], { axes: [0], keepdims: 0 }),
  ]),
  ...['ReduceSum', 'ReduceProd', 'ReduceMax', 'ReduceMin'].map(name => example(name, [integer([2, 2], 3, -1, 4, 1)], { axes: [1], keepdims: 0 })),
  ...['ArgMax', 'ArgMin'].flatMap(name => [example(name, [numbers([3, 4])], { axis: 1, keepdims: 0 }), example(name, [real([4], 1, 3, 3, 1)], { axis: 0, keepdims: 1 })]),
  example('TopK', [numbers([2, 5])], { axis: 1, k: 3 }), example('CumSum', [numbers([2, 4])], { axis: 1, exclusive: 0, reverse: 0 }), example('CumSum', [numbers([3, 2])], { axis: 0, exclusive: 1, reverse: 1 }),
  example('CumSum', [integer([4], 1, 2, 3, 4)], { axis: 0, exclusive: 0, reverse: 1 }),
  ...['Softmax', 'LogSoftmax'].flatMap(name => [example(name, [numbers([3, 4], -5, 5)], { axis: 1 }), example(name, [numbers([3, 4], -5, 5)], { axis: 0 })]),
]

const products: readonly OperatorExample[] = [
  example('MatMul', [numbers([2, 3]), numbers([3, 4], -1, 1, 2)]), example('MatMul', [numbers([2, 1, 2, 3]), numbers([5, 3, 2], -1, 1, 2)]),
  example('Conv', [numbers([2, 3, 5, 4]), numbers([4, 3, 3, 2], -1, 1, 2)], { strides: [1, 1], dilations: [1, 1], pads: [1, 0, 1, 1], group: 1 }),
  example('Conv', [numbers([1, 4, 7, 6]), numbers([6, 2, 2, 3], -1, 1, 2), numbers([6], -1, 1, 3)], { strides: [2, 1], dilations: [2, 1], pads: [0, 1, 1, 1], group: 2 }),
  example('Conv', [numbers([2, 2, 9]), numbers([3, 2, 3], -1, 1, 2)], { strides: [2], dilations: [1], pads: [1, 1], group: 1 }),
  example('Conv', [numbers([1, 2, 4, 3, 4]), numbers([2, 2, 2, 2, 2], -1, 1, 2)], { strides: [1, 1, 2], dilations: [1, 1, 1], pads: [0, 1, 0, 1, 0, 0], group: 1 }),
  example('ConvTranspose', [numbers([2, 3, 3, 4]), numbers([3, 2, 3, 2], -1, 1, 2)], { strides: [2, 1], dilations: [1, 1], pads: [1, 0, 1, 1], group: 1, output_padding: [1, 0] }),
  example('ConvTranspose', [numbers([1, 4, 3]), numbers([4, 2, 3], -1, 1, 2)], { strides: [2], dilations: [2], pads: [1, 0], group: 2, output_padding: [0] }),
  example('ConvTranspose', [numbers([1, 2, 2, 3, 2]), numbers([2, 1, 2, 2, 2], -1, 1, 2)], { strides: [2, 2, 2], dilations: [1, 1, 1], pads: [0, 0, 0, 0, 0, 0], group: 1, output_padding: [0, 1, 0] }),
  example('MaxPool', [numbers([2, 3, 5, 6])], { kernel_shape: [2, 3], strides: [2, 2], pads: [0, 1, 1, 0] }), example('MaxPool', [numbers([1, 2, 4, 4, 4])], { kernel_shape: [2, 2, 2], strides: [2, 2, 2], pads: [0, 0, 0, 0, 0, 0] }),
  example('MaxPool', [real([1, 1, 2, 2], 1, 1, 1, 1)], { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0] }),
]

const indexing: readonly OperatorExample[] = [
  example('Gather', [numbers([4, 3]), integer([2, 2], 3, 0, -1, 1)], { axis: 0 }), example('Gather', [numbers([2, 4, 2]), integer([3], 1, 1, 2)], { axis: 1 }), example('Gather', [integer([3], 5, 6, 7), integer([], 2)], { axis: 0 }),
  example('GatherElements', [numbers([3, 4]), integer([2, 4], 0, 2, 1, -1, 2, 2, 0, 0)], { axis: 0 }), example('GatherND', [numbers([3, 4, 2]), integer([2, 2], 0, 3, 2, 1)]), example('GatherND', [numbers([3, 4]), integer([2, 1, 1], 2, 0)]),
  example('ScatterElements', [numbers([3, 3]), integer([2, 3], 0, 1, 2, 0, 0, 2), numbers([2, 3], -1, 1, 2)], { axis: 0, reduction: 'add' }), example('ScatterElements', [numbers([5]), integer([2], 4, 1), numbers([2], -1, 1, 2)], { axis: 0, reduction: 'none' }),
  example('ScatterND', [numbers([4, 3]), integer([2, 1], 3, 1), numbers([2, 3], -1, 1, 2)]), example('ScatterND', [numbers([2, 3]), integer([2, 2], 0, 2, 1, 0), numbers([2], -1, 1, 2)]),
]

/** At least one for each operator; every branch of an operator's meaning has its own. */
export const operatorExamples: readonly OperatorExample[] = [elementwise, arrangement, reductions, products, indexing].flat()

/** `Conv on real[2, 3, 5, 4], real[4, 3, 3, 2] {"group":1}`: an example's name in a test. */
export const exampleName = ({ operator, inputs, attributes }: OperatorExample): string => `${operator} on ${inputs.map(i => `${i.type}[${i.shape.join(', ')}]`).join(', ')} ${JSON.stringify(attributes)}`
