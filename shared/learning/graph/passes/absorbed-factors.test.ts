import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { evaluateGraph } from '../evaluate'
import { graphNodes, makeConstant, makeInput, type Graph, type Value } from '../graph'
import { apply } from '../operators'
import { absorbedFactors } from './absorbed-factors'
import { largestDifference } from './random-graphs.testing'

const libm = loadLibm(readKernels())
const node = (operator: string, inputs: readonly Value[], attributes = {}): Value => apply(operator, inputs, attributes).outputs[0]
const scalar = (s: number): Value => makeConstant(Float64Array.of(s), [])
const real = (name: string, shape: readonly number[]) => ({ name, role: 'input' as const, value: makeInput(name, { type: 'real', shape }) })
const inputs = [real('x', [64, 4]), real('w', [4, 6]), real('b', [6]), real('v', [6, 3])]
const [x, w, b, v] = inputs.map(i => i.value)
const values = Object.fromEntries(inputs.map(({ name, value }) => [name, Float64Array.from({ length: value.shape.reduce((p, n) => p * n, 1) }, (_, i) => libm.sin(i + name.length))]))
const graph = (...outputs: readonly Value[]): Graph => ({ inputs, outputs: outputs.map((value, i) => ({ name: `y${i}`, role: 'output', value })) })
const scaledRows = (g: Graph): readonly Value[] => graphNodes(g).filter(n => n.operator === 'Mul' && n.inputs.some(i => i.shape.length === 0) && n.outputs[0].shape.includes(64)).map(n => n.outputs[0])
const rewritten = (g: Graph): Graph => {
  const result = absorbedFactors.run(g, { precision: 'float64', libm })
  expect(largestDifference(evaluateGraph(g, values, libm).outputs, evaluateGraph(result, values, libm).outputs)).toBeLessThan(1e-14)
  return result
}

it('takes the factor of a dense layer into kernel and bias, and the one before a layer into its kernel', () => {
  const z = node('Mul', [node('Add', [node('MatMul', [x, w]), b]), scalar(0.7)])
  const y = node('Mul', [node('Mul', [z, node('Erf', [z])]), scalar(0.3)])
  const whole = graph(node('MatMul', [y, v]), node('MatMul', [node('Transpose', [y], { perm: [1, 0] }), x]))
  expect(scaledRows(whole)).toHaveLength(2)
  expect(scaledRows(rewritten(whole))).toHaveLength(0)
})

it('leaves a factor whose array is needed as it is, or that is no constant', () => {
  const layer = node('Add', [node('MatMul', [x, w]), b])
  const shared = graph(node('Mul', [layer, scalar(2)]), layer)
  expect(rewritten(shared)).toEqual(shared)
  const variable = graph(node('Mul', [node('MatMul', [x, w]), node('ReduceSum', [b], { axes: [0], keepdims: 0 })]))
  expect(rewritten(variable)).toEqual(variable)
})

it('does not move factors that could leave the range of numbers on the way', () => {
  const tiny = graph(node('Mul', [node('MatMul', [x, w]), scalar(1e-30)]))
  expect(rewritten(tiny)).toEqual(tiny)
})

it('comes to an end where a constant layer input could take a factor in and give it back', () => {
  const points = makeConstant(Float64Array.from({ length: 64 }, (_, i) => i / 64), [64, 1])
  const row = makeInput('row', { type: 'real', shape: [1, 6] })
  const turned = node('Transpose', [node('Mul', [node('MatMul', [points, row]), scalar(0.7)])], { perm: [1, 0] })
  const whole: Graph = { inputs: [{ name: 'row', role: 'input', value: row }], outputs: [{ name: 'y0', role: 'output', value: node('MatMul', [turned, node('Mul', [points, scalar(0.3)])]) }] }
  const given = { row: Float64Array.from({ length: 6 }, (_, i) => libm.sin(i)) }
  const result = absorbedFactors.run(whole, { precision: 'float64', libm })
  expect(largestDifference(evaluateGraph(whole, given, libm).outputs, evaluateGraph(result, given, libm).outputs)).toBeLessThan(1e-14)
})
