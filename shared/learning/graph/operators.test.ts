import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { runOnnx } from '../onnx/run-onnx.testing'
import { evaluateGraph } from './evaluate'
import { exampleName, operatorExamples, type OperatorExample } from './examples.testing'
import { makeInput, type Data, type Graph } from './graph'
import { apply, operators } from './operators'
import { optimise } from './passes/optimise'

const libm = loadLibm(readKernels())

function graphOf({ operator, inputs, attributes }: OperatorExample): { readonly graph: Graph; readonly given: Record<string, Data> } {
  const values = inputs.map((type, i) => makeInput(`x${i}`, type))
  const { outputs } = apply(operator, values, attributes)
  return {
    graph: { inputs: values.map((value, i) => ({ name: `x${i}`, role: 'input', value })), outputs: outputs.map((value, i) => ({ name: `y${i}`, role: 'output', value })) },
    given: Object.fromEntries(inputs.map(({ data }, i) => [`x${i}`, data])),
  }
}

it('has an example for every operator', () => {
  expect([...operators.keys()].filter(name => !operatorExamples.some(e => e.operator === name))).toEqual([])
})

it.each(['float32', 'float64'] as const)('ONNX Runtime computes every operator in %s as the reference', async precision => {
  const round = (data: Data): Data => (precision === 'float32' && data instanceof Float64Array ? Float64Array.from(Float32Array.from(data)) : data)
  const tolerance = precision === 'float32' ? 4e-6 : 4e-15
  const wrong: string[] = []
  for (const example of operatorExamples) {
    const { graph, given } = graphOf(example)
    const inputs = Object.fromEntries(Object.entries(given).map(([name, data]) => [name, round(data)]))
    const expected = evaluateGraph(graph, inputs, libm).outputs
    try {
      const found = await runOnnx(optimise(graph, { precision, libm }), inputs, precision)
      for (const name of Object.keys(expected)) {
        const scale = Array.from(expected[name]).reduce((m: number, y: number) => Math.max(m, Number.isFinite(y) ? Math.abs(y) : 0), 1e-300)
        const error = Array.from(expected[name]).reduce((m: number, y: number, i: number) => (Object.is(y, found[name][i]) || y === found[name][i] ? m : Math.max(m, Math.abs(y - found[name][i]) / scale || Infinity)), 0)
        if (error > tolerance * (example.inputs[0].type === 'real' ? 1 : 0)) wrong.push(`${exampleName(example)}: ${name} is off by ${error}`)
      }
    } catch (reason) {
      wrong.push(`${exampleName(example)}: ${(reason as Error).message}`)
    }
  }
  expect(wrong).toEqual([])
})
