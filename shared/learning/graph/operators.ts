import { error, FaultError } from '../../fault'
import { makeNode, type Attributes, type Node, type Value } from './graph'
import type { Operator } from './operator'
import { arrangement } from './operators/arrangement'
import { convolution } from './operators/convolution'
import { elementwise } from './operators/elementwise'
import { indexing } from './operators/indexing'
import { normalisation, ordering } from './operators/ordering'
import { padding } from './operators/padding'
import { pooling } from './operators/pooling'
import { products } from './operators/products'
import { reductions } from './operators/reductions'

/** Every operator that a graph may hold, by ONNX's name. */
export const operators: ReadonlyMap<string, Operator> = new Map([elementwise, arrangement, padding, products, reductions, normalisation, ordering, indexing, convolution, pooling].flat().map(o => [o.name, o]))

/** Throws FaultError `graph-operator`. */
export function operatorNamed(name: string): Operator {
  const operator = operators.get(name)
  if (!operator) throw new FaultError(error('graph-operator', `The graph has no operator ${name}.`))
  return operator
}

/** A node with its output types inferred. Throws FaultError `graph-shape` with the node's origin in the message. */
export function apply(name: string, inputs: readonly Value[], attributes: Attributes = {}, origin?: string): Node {
  const operator = operatorNamed(name)
  try {
    return makeNode(name, inputs, attributes, operator.infer(inputs, attributes), origin === undefined ? {} : { origin })
  } catch (fault) {
    if (!(fault instanceof FaultError) || origin === undefined) throw fault
    throw new FaultError(fault.faults.map(f => ({ ...f, message: `${origin}: ${f.message}` })))
  }
}
