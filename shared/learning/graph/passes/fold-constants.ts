import { graphNodes, isConstant, makeConstant, sizeOf, type Node, type Value } from '../graph'
import { operatorNamed } from '../operators'
import type { Pass } from './optimise'
import { replaceOutputs, withInputs } from './rewrite'

/** Results of at most this many elements are always kept; larger ones when they take no more room than what they are made of. */
const smallResult = 256
/** The reference implementations are clear, not fast: work beyond this (about a second) stays in the graph. */
const mostOperations = 2e7

/**
 * What depends on constants only is computed here, in double precision whatever the graph runs in. Broadcasts stay symbolic (`Expand` of a scalar is not written out),
 * and no result is kept that makes the file larger: a product of two vectors can be a large matrix.
 */
export const foldConstants: Pass = {
  name: 'constant folding',
  run: (graph, { libm }) => {
    const replaced = new Map<Value, Value>()
    const now = (value: Value): Value => replaced.get(value) ?? value
    for (const node of graphNodes(graph)) {
      const current = withInputs(node, node.inputs.map(now))
      if (current !== node) node.outputs.forEach((value, i) => replaced.set(value, current.outputs[i]))
      if (!isWorthFolding(current)) continue
      const operands = current.inputs.map(({ type, shape, node: { data } }) => ({ type, shape, data: data! }))
      const results = operatorNamed(current.operator).evaluate(operands, current.attributes, current.outputs, libm)
      node.outputs.forEach((value, i) => replaced.set(value, makeConstant(results[i], value.shape, node.origin)))
    }
    return replaceOutputs(graph, now)
  },
}

function isWorthFolding(node: Node): boolean {
  if (node.inputs.length === 0 || !node.inputs.every(isConstant)) return false
  const size = node.outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const given = node.inputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  if (node.operator === 'Expand' ? size > given : size > Math.max(smallResult, given)) return false
  return (operatorNamed(node.operator).operations?.(node.inputs, node.outputs, node.attributes) ?? size) <= mostOperations
}
