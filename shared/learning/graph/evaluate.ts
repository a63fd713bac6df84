import { error, FaultError } from '../../fault'
import type { Libm } from '../../expressions/libm'
import { describeType, graphNodes, sizeOf, type Data, type Graph, type Value } from './graph'
import { operatorNamed } from './operators'

/**
 * Runs a graph in double precision, node by node: the reference that every faster way of running it is compared with.
 * `inputs` by name, state included; returns outputs by name, new state included under its own name. Throws FaultError `graph-input`.
 */
export function evaluateGraph(graph: Graph, inputs: Readonly<Record<string, Data>>, libm: Libm): { readonly outputs: Readonly<Record<string, Data>>; readonly state: Readonly<Record<string, Data>> } {
  const values = new Map<Value, Data>()
  for (const { name, value } of graph.inputs) {
    const data = inputs[name]
    if (data?.length !== sizeOf(value.shape)) throw new FaultError(error('graph-input', `The input ${name} is ${describeType(value)}; ${data ? `${data.length} values were given` : 'none was given'}.`))
    values.set(value, data)
  }
  for (const node of graphNodes(graph)) {
    if (node.operator === 'Constant') values.set(node.outputs[0], node.data!)
    else if (node.operator !== 'Input') {
      const operands = node.inputs.map(v => ({ type: v.type, shape: v.shape, data: values.get(v)! }))
      operatorNamed(node.operator).evaluate(operands, node.attributes, node.outputs, libm).forEach((data, i) => values.set(node.outputs[i], data))
    }
  }
  const named = (role: 'output' | 'state') => Object.fromEntries(graph.outputs.filter(o => o.role === role).map(o => [o.name, values.get(o.value)!]))
  return { outputs: named('output'), state: named('state') }
}
