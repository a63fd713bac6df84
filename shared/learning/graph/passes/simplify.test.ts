import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { dumpGraph } from '../dump'
import { evaluateGraph } from '../evaluate'
import { graphNodes, makeConstant, makeInput, sizeOf, type Attributes, type Graph, type Shape, type Value } from '../graph'
import { apply } from '../operators'
import { commonSubexpressions } from './common-subexpressions'
import { foldConstants } from './fold-constants'
import type { Pass } from './optimise'
import { largestDifference } from './random-graphs.testing'
import { scalarFactors } from './scalar-factors'
import { simplify } from './simplify'
import { stackedProducts } from './stacked-products'

const libm = loadLibm(readKernels())
const node = (operator: string, inputs: readonly Value[], attributes: Attributes = {}): Value => apply(operator, inputs, attributes).outputs[0]
const c = (value: number, shape: Shape = []): Value => makeConstant(new Float64Array(sizeOf(shape)).fill(value), shape)
const slice = (x: Value, axis: number, from: number, to: number): Value => node('Slice', [x], { starts: [from], ends: [to], axes: [axis], steps: [1] })

/** Operators that are left, constants not counted, after the pass; the graph must still compute the same. */
function left(pass: Pass, shapes: Readonly<Record<string, Shape>>, build: (inputs: Readonly<Record<string, Value>>) => Value | readonly Value[]): string {
  const values = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, makeInput(name, { type: 'real', shape })]))
  const built = build(values)
  const graph: Graph = { inputs: Object.entries(values).map(([name, value]) => ({ name, role: 'input', value })), outputs: ('node' in built ? [built] : built).map((value, i) => ({ name: `y${i}`, role: 'output', value })) }
  const rewritten = pass.run(graph, { precision: 'float32', libm })
  const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape], s) => [name, Float64Array.from({ length: sizeOf(shape) }, (_, i) => libm.sin(1 + 2.3 * i + s))]))
  expect(largestDifference(evaluateGraph(graph, inputs, libm).outputs, evaluateGraph(rewritten, inputs, libm).outputs), dumpGraph(rewritten)).toBeLessThan(1e-13)
  return graphNodes(rewritten).filter(n => n.operator !== 'Input' && n.operator !== 'Constant').map(n => n.operator).join(' ')
}

const x = { x: [4, 3] }
describe('simplification leaves', () => {
  it.each<[string, Readonly<Record<string, Shape>>, (i: Readonly<Record<string, Value>>) => Value | readonly Value[], string]>([
    ['nothing of neutral elements', x, i => node('Sub', [node('Div', [node('Mul', [node('Add', [i.x, c(0)]), c(1, [4, 3])]), c(1)]), c(0)]), ''],
    ['nothing of two negations', x, i => node('Neg', [node('Neg', [i.x])]), ''],
    ['a difference of a sum with a negation', x, i => node('Add', [i.x, node('Neg', [node('Tanh', [i.x])])]), 'Tanh Sub'],
    ['x·0 for an x that may be infinite', x, i => node('Mul', [i.x, c(0)]), 'Mul'],
    ['no x·0 for a mask', x, i => node('Mul', [node('Cast', [node('Greater', [i.x, c(0)])], { to: 'real' }), c(0)]), 'Expand'],
    ['a product for a quotient by a power of two', x, i => node('Div', [i.x, c(4)]), 'Mul'],
    ['a quotient by three', x, i => node('Div', [i.x, c(3)]), 'Div'],
    ['products for whole powers', x, i => node('Pow', [i.x, c(6)]), 'Mul Mul Mul'],
    ['a root for the power ½', { x: [2] }, i => node('Pow', [node('Abs', [i.x]), c(0.5)]), 'Abs Sqrt'],
    ['one of several reshapes', x, i => node('Reshape', [node('Reshape', [i.x], { shape: [12] })], { shape: [2, 6] }), 'Reshape'],
    ['nothing of transposes that cancel', { x: [2, 3, 4] }, i => node('Transpose', [node('Transpose', [i.x], { perm: [1, 2, 0] })], { perm: [2, 0, 1] }), ''],
    ['a reshape for a transpose that moves axes of length 1', { x: [2, 1, 4] }, i => node('Transpose', [i.x], { perm: [1, 0, 2] }), 'Reshape'],
    ['no spreading before arithmetic', { x: [3] }, i => node('Mul', [node('Expand', [i.x], { shape: [4, 3] }), node('Transpose', [c(2, [3, 4])], { perm: [1, 0] })]), 'Mul Expand'],
    ['a product for the sum of a spread array', { x: [3] }, i => node('ReduceSum', [node('Expand', [i.x], { shape: [5, 3] })], { axes: [0, 1], keepdims: 0 }), 'Reshape ReduceSum Mul Reshape'],
    ['one sum over the axes of two', { x: [2, 3, 4] }, i => node('ReduceSum', [node('ReduceSum', [i.x], { axes: [1], keepdims: 0 })], { axes: [1], keepdims: 0 }), 'ReduceSum'],
    ['a product of stacks unspread', { x: [2, 3], y: [4, 3, 5] }, i => node('MatMul', [node('Expand', [i.x], { shape: [4, 2, 3] }), i.y]), 'MatMul'],
    ['only the part of a concatenation that is read', { x: [2, 3], y: [2, 3] }, i => slice(node('Concat', [node('Tanh', [i.x]), node('Exp', [i.y])], { axis: 0 }), 0, 2, 4), 'Exp'],
    ['an array for its joined slices', x, i => node('Concat', [slice(i.x, 0, 0, 1), slice(i.x, 0, 1, 4)], { axis: 0 }), ''],
    ['one slice of slices', { x: [9] }, i => slice(slice(i.x, 0, 2, 8), 0, 1, 3), 'Slice'],
    ['a choice that is known', x, i => node('Where', [makeConstant(Uint8Array.of(1), []), i.x, node('Exp', [i.x])]), ''],
    ['two passes for the derivative of a rectifier', x, i => node('Where', [node('IsNaN', [i.x]), i.x, node('Where', [node('Greater', [i.x, c(0)]), c(1), c(0)])]), 'Relu Sign'],
    ['the comparison for a choice between 1 and 0', x, i => node('Where', [node('Less', [i.x, c(0)]), c(1), c(0)]), 'Less Cast'],
  ])('%s', (_, shapes, build, expected) => expect(left(simplify, shapes, build)).toBe(expected))

  it('scalars without axes', () => expect(left(simplify, x, i => node('Mul', [i.x, node('Reshape', [node('Mul', [c(2, [1, 1]), i.x])], { shape: [4, 3] })]))).toBe('Mul Mul'))

  it('NaN where 0·∞ is', () => {
    const input = makeInput('x', { type: 'real', shape: [2] })
    const graph: Graph = { inputs: [{ name: 'x', role: 'input', value: input }], outputs: [{ name: 'y', role: 'output', value: node('Mul', [input, c(0)]) }] }
    expect([...evaluateGraph(simplify.run(graph, { precision: 'float32', libm }), { x: Float64Array.of(Infinity, 1) }, libm).outputs.y]).toEqual([NaN, 0])
  })
})

describe('other passes', () => {
  it('share equal subexpressions and constants, in either order of operands', () =>
    expect(left(commonSubexpressions, x, i => [node('Add', [node('Tanh', [i.x]), c(2)]), node('Add', [c(2), node('Tanh', [i.x])]), node('Sub', [i.x, c(-0)])])).toBe('Tanh Add Sub'))
  it('keep +0 and −0, and values hidden between equal ones, apart', () => {
    const long = (middle: number) => makeConstant(Float64Array.from({ length: 1000 }, (_, i) => (i === 501 ? middle : 1)), [1000])
    expect(left(commonSubexpressions, { x: [1000] }, i => [node('Add', [i.x, long(2)]), node('Add', [i.x, long(3)]), node('Div', [i.x, c(0)]), node('Div', [i.x, c(-0)])])).toBe('Add Add Div Div')
  })
  it('fold constants in double precision, but no broadcasts and no large products of small arrays', () => {
    expect(left(foldConstants, x, i => node('Mul', [i.x, node('Sqrt', [node('Add', [c(0.1), c(0.2)])])]))).toBe('Mul')
    expect(left(foldConstants, { x: [100, 100] }, i => node('Add', [i.x, node('Mul', [c(0.5, [100, 1]), c(0.25, [1, 100])])]))).toBe('Mul Add')
    expect(left(foldConstants, { x: [100] }, i => node('Add', [i.x, node('Expand', [c(3)], { shape: [100] })]))).toBe('Expand Add')
  })
  it('gather scalar factors, and apply them to the smallest array', () => {
    const big = { x: [8, 8], row: [8], w: [8, 2] }
    expect(left(scalarFactors, big, i => node('Div', [node('Mul', [node('Mul', [i.x, c(3)]), c(0.7)]), c(11)]))).toBe('Mul Div Mul')
    expect(left(scalarFactors, big, i => node('ReduceSum', [node('Mul', [i.x, c(3)])], { axes: [0], keepdims: 0 }))).toBe('ReduceSum Mul')
    expect(left(scalarFactors, big, i => node('MatMul', [node('Mul', [i.x, c(3)]), i.w]))).toBe('MatMul Mul')
    expect(left(scalarFactors, big, i => node('Add', [node('Mul', [i.x, node('Exp', [node('ReduceMax', [i.row], { axes: [0], keepdims: 0 })])]), i.row]))).toBe('ReduceMax Exp Mul Add')
  })
  it('take products of stacked arrays apart, forwards and in gradients of weights', () => {
    const shapes = { a: [1, 300, 4], b: [2, 300, 4], w: [4, 5], d: [3, 300, 5] }
    const stack = (i: Readonly<Record<string, Value>>): Value => node('Reshape', [node('Concat', [i.a, i.b], { axis: 0 })], { shape: [900, 4] })
    expect(left(stackedProducts, shapes, i => {
      const product = node('Reshape', [node('MatMul', [stack(i), i.w])], { shape: [3, 300, 5] })
      return [slice(product, 0, 0, 1), slice(product, 0, 1, 3)]
    })).toBe('Reshape MatMul Reshape Reshape MatMul Reshape')
    expect(left(stackedProducts, shapes, i => {
      const other = node('Reshape', [node('Concat', [slice(i.d, 0, 0, 1), node('Tanh', [slice(i.d, 0, 1, 3)])], { axis: 0 })], { shape: [900, 5] })
      return node('MatMul', [node('Transpose', [stack(i)], { perm: [1, 0] }), other])
    })).not.toContain('Concat')
    // Read as a whole as well: taken apart it would be computed twice.
    expect(left(stackedProducts, shapes, i => {
      const product = node('Reshape', [node('MatMul', [stack(i), i.w])], { shape: [3, 300, 5] })
      return [slice(product, 0, 0, 1), product]
    })).toBe('Concat Reshape MatMul Reshape Slice')
  })
})
