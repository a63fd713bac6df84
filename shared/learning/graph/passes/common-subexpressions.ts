import { graphNodes, type Attributes, type Data, type Node, type Value } from '../graph'
import { commutativeOperators } from './known'
import type { Pass } from './optimise'
import { replaceOutputs, withInputs } from './rewrite'

/**
 * Nodes with the same operator, attributes and inputs become one, constants with the same bits too. Gradients repeat much of the forward pass.
 * x ∘ y and y ∘ x are the same for operators that commute bit for bit.
 */
export const commonSubexpressions: Pass = {
  name: 'common subexpressions',
  run: graph => {
    const numbers = new Map<Value, number>()
    const numberOf = (value: Value): number => {
      let number = numbers.get(value)
      if (number === undefined) numbers.set(value, (number = numbers.size))
      return number
    }
    const known = new Map<string, Node[]>()
    const replaced = new Map<Value, Value>()
    const now = (value: Value): Value => replaced.get(value) ?? value
    for (const node of graphNodes(graph)) {
      if (node.operator === 'Input') continue
      const current = withInputs(node, node.inputs.map(now))
      const inputs = current.inputs.map(numberOf)
      if (commutativeOperators.has(node.operator)) inputs.sort((a, b) => a - b)
      const key = node.data ? constantKey(node) : `${node.operator}(${inputs.join()})${attributesKey(node.attributes)}`
      const alike = known.get(key)
      const same = node.data ? alike?.find(other => sameData(other.data!, node.data!)) : alike?.[0]
      if (!same) {
        if (alike) alike.push(current)
        else known.set(key, [current])
      }
      const result = same ?? current
      if (result !== node) node.outputs.forEach((value, i) => replaced.set(value, result.outputs[i]))
    }
    return replaceOutputs(graph, now)
  },
}

const attributesKey = (attributes: Attributes): string => JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Type, shape and a hash over at most 64 of the values. */
function constantKey({ data, outputs: [{ type, shape }] }: Node): string {
  const values = data!
  const stride = Math.max(1, Math.floor(values.length / 64))
  let key = ''
  for (let i = 0; i < values.length; i += stride) key += `${Object.is(values[i], -0) ? '-0' : values[i]},`
  return `${type}[${shape.join()}]${key}`
}

const sameData = (a: Data, b: Data): boolean => a === b || (a.length === b.length && a.every((x, i) => Object.is(x, b[i])))
