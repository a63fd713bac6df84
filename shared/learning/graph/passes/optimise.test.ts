import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../../electron/engine/kernels'
import { evaluateGraph } from '../evaluate'
import { graphNodes, makeConstant, makeInput, type Graph, type Value } from '../graph'
import { apply } from '../operators'
import { optimise, passes } from './optimise'
import { largestDifference, randomGraphs } from './random-graphs.testing'

const libm = loadLibm(readKernels())

it.each([...new Set(passes)].map(pass => [pass.name, pass] as const))('%s keeps what random graphs compute', (_, pass) => {
  fc.assert(fc.property(randomGraphs, ({ graph, inputs }) => {
    const rewritten = pass.run(graph, { precision: 'float64', libm })
    expect(largestDifference(evaluateGraph(graph, inputs, libm).outputs, evaluateGraph(rewritten, inputs, libm).outputs)).toBeLessThan(1e-11)
  }), { numRuns: 300 })
})

it('all passes together keep what random graphs compute', () => {
  fc.assert(fc.property(randomGraphs, ({ graph, inputs }) => {
    const rewritten = optimise(graph, { precision: 'float64', libm })
    expect(largestDifference(evaluateGraph(graph, inputs, libm).outputs, evaluateGraph(rewritten, inputs, libm).outputs)).toBeLessThan(1e-11)
    expect(graphNodes(optimise(graph, { precision: 'float32', libm })).length).toBeLessThanOrEqual(graphNodes(graph).length + 4)
    expect(rewritten.inputs).toEqual(graph.inputs)
  }), { numRuns: 500 })
})

it('goes through traces too deep for recursion', () => {
  const chain = (length: number): Graph => {
    const x = makeInput('x', { type: 'real', shape: [4] })
    let y: Value = x
    for (let k = 0; k < length; k++) y = apply(k % 3 ? 'Tanh' : 'Add', k % 3 ? [y] : [y, makeConstant(Float64Array.of((k + 2) / 7), [])]).outputs[0]
    return { inputs: [{ name: 'x', role: 'input', value: x }], outputs: [{ name: 'y', role: 'output', value: y }] }
  }
  expect(graphNodes(optimise(chain(30_000), { precision: 'float32', libm })).length).toBe(40_001)
})
