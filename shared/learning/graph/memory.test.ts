import { expect, it } from 'vitest'
import { makeConstant, makeInput, type Graph, type Value } from './graph'
import { checkMemory, estimateMemory } from './memory'
import { apply } from './operators'
import { countOperators, dumpGraph, quantity } from './dump'

const node = (operator: string, inputs: readonly Value[], attributes = {}, origin?: string): Value => apply(operator, inputs, attributes, origin).outputs[0]
const input = makeInput('x', { type: 'real', shape: [256] })
const graphOf = (value: Value): Graph => ({ inputs: [{ name: 'x', role: 'input', value: input }], outputs: [{ name: 'y', role: 'output', value }] })
const KiB = 1024

it('counts what is live at one time: a chain in place needs one array, branches one each', () => {
  const chain = graphOf(node('ReduceSum', [node('Tanh', [node('Exp', [node('Neg', [input])])])], { axes: [0], keepdims: 0 }))
  expect(estimateMemory(chain, 'float32')).toMatchObject({ held: KiB + 4, constants: 0, peak: KiB + 4, total: KiB + 4 + 2 * (KiB + 4) })
  const [a, b, c] = ['Exp', 'Tanh', 'Sin'].map(operator => node(operator, [input]))
  const branches = graphOf(node('Concat', [node('Mul', [a, b]), node('Add', [b, c]), a], { axis: 0 }))
  // a, b and c; a·b is new, b + c takes the place of b or c; then three of them and the joined array.
  expect(estimateMemory(branches, 'float64').peak).toBe((4 + 3) * 2 * KiB - 2 * KiB)
})

it('knows views, sizes of element types, constants and state', () => {
  const view = node('Reshape', [node('Exp', [input])], { shape: [16, 16] })
  const mask = node('Greater', [view, makeConstant(new Float64Array(256), [16, 16])])
  const { peak, constants, held } = estimateMemory({ inputs: [{ name: 'x', role: 'state', value: input }], outputs: [{ name: 'm', role: 'output', value: mask }, { name: 'x', role: 'state', value: input }] }, 'float32')
  expect([peak, constants, held]).toEqual([KiB + 256, KiB, 2 * KiB + 256])
})

it('says where a program is too large, and nothing when it fits', () => {
  const wide = node('Expand', [input], { shape: [4096, 256] }, 'BroadcastTo at layer (model.ts:12)')
  const graph = graphOf(node('ReduceMax', [wide], { axes: [0], keepdims: 0 }))
  expect(checkMemory({ graph, precision: 'float64' }, 64 * KiB * KiB)).toBeUndefined()
  expect(checkMemory({ graph, precision: 'float64' }, 4 * KiB * KiB)).toMatchObject({
    code: 'learning-memory', message: 'The compiled program needs about 16 MiB of memory, most of it at BroadcastTo at layer (model.ts:12); 4 MiB may be used.',
    tip: 'Choose a smaller batch, fewer points, a smaller network, or float32.',
  })
})

it('dumps one line for each value, with shapes, operations and origins', () => {
  const w = makeConstant(Float64Array.from({ length: 8 }, (_, i) => i / 3), [4, 2])
  const product = node('MatMul', [node('Reshape', [input], { shape: [64, 4] }), w], {}, 'BatchMatMul at layer (model.ts:7)')
  const graph = graphOf(product)
  expect(dumpGraph(graph)).toBe([
    '%x: real[256] = input',
    '%0: real[64, 4] = Reshape(%x, shape=[64, 4])',
    '%1: real[4, 2] = Constant {0, 0.333333, 0.666667, 1, …}',
    '%2: real[64, 2] = MatMul(%0, %1)                          1.0 kflop  BatchMatMul at layer (model.ts:7)',
    'output y = %2', '',
  ].join('\n'))
  expect(countOperators(graph)).toEqual({ nodes: 2, operations: 1024, byOperator: { MatMul: 1, Reshape: 1 }, constants: 8 })
  expect([3, 999, 1000, 31_400_000].map(quantity)).toEqual(['3 ', '999 ', '1.0 k', '31 M'])
})
