import { graphNodes, makeNode, type Attributes, type Graph, type Node, type Value } from '../graph'
import { apply } from '../operators'
import type { PassContext } from './optimise'

/** What a rule works with. */
export interface Rewriter extends PassContext {
  /** A node's first output, itself rewritten by the same rules. Its origin is that of the node being replaced. */
  make(operator: string, inputs: readonly Value[], attributes?: Attributes): Value
  /** How often a value is read in the graph as it came in, outputs counted; 1 for values that rules made. */
  uses(value: Value): number
}

/** What takes a node's place (its outputs in order, or the only one), or undefined where the rule does not apply. Inputs have been rewritten before. */
export type Rule = (node: Node, rewriter: Rewriter) => Value | readonly Value[] | undefined

/** Rules by operator, tried in order. A rule must make the graph smaller by some measure, or rewriting would not end. */
export type Rules = Readonly<Record<string, readonly Rule[]>>

/** Rules of several families together, in order. */
export function mergeRules(...families: readonly Rules[]): Rules {
  const merged: Record<string, Rule[]> = {}
  for (const family of families) for (const [operator, rules] of Object.entries(family)) (merged[operator] ??= []).push(...rules)
  return merged
}

/** One rule for several operators. */
export const forOperators = (names: Iterable<string>, ...rules: readonly Rule[]): Rules => Object.fromEntries([...names].map(name => [name, rules]))

/** How often each value is read, graph outputs counted. */
export function countUses(graph: Graph): Map<Value, number> {
  const uses = new Map<Value, number>()
  const count = (value: Value): void => { uses.set(value, (uses.get(value) ?? 0) + 1) }
  for (const node of graphNodes(graph)) node.inputs.forEach(count)
  for (const { value } of graph.outputs) count(value)
  return uses
}

/** Rules within rules, at most. */
const deepest = 200

/** Goes through the nodes once, inputs before users, and replaces what a rule applies to. Nodes that nothing changes are kept as they are. */
export function rewrite(graph: Graph, rules: Rules, context: PassContext): Graph {
  const replaced = new Map<Value, Value>()
  const now = (value: Value): Value => replaced.get(value) ?? value
  const before = countUses(graph)
  const uses = new Map<Value, number>()
  let origin: string | undefined
  let depth = 0
  const settle = (node: Node): readonly Value[] => {
    // Rules that undo each other's work would go on for ever: what they have made by then is right, and stays.
    if (depth === deepest) return node.outputs
    depth++
    try {
      for (const rule of rules[node.operator] ?? []) {
        const result = rule(node, rewriter)
        if (result !== undefined) return 'node' in result ? [result] : result
      }
    } finally {
      depth--
    }
    return node.outputs
  }
  const rewriter: Rewriter = {
    ...context,
    make: (operator, inputs, attributes = {}) => settle(apply(operator, inputs, attributes, origin))[0],
    uses: value => uses.get(value) ?? 1,
  }
  for (const node of graphNodes(graph)) {
    origin = node.origin
    const values = settle(withInputs(node, node.inputs.map(now)))
    node.outputs.forEach((value, i) => {
      if (values[i] !== value) replaced.set(value, values[i])
      uses.set(values[i], (uses.get(values[i]) ?? 0) + (before.get(value) ?? 0))
    })
  }
  return replaceOutputs(graph, now)
}

/** The node with other inputs of the same types; itself when they are the same. */
export function withInputs(node: Node, inputs: readonly Value[]): Node {
  if (inputs.every((value, i) => value === node.inputs[i])) return node
  const { operator, attributes, outputs, origin, data, name } = node
  return makeNode(operator, inputs, attributes, outputs, { ...(origin === undefined ? {} : { origin }), ...(data === undefined ? {} : { data }), ...(name === undefined ? {} : { name }) })
}

export const replaceOutputs = (graph: Graph, now: (value: Value) => Value): Graph =>
  graph.outputs.every(o => now(o.value) === o.value) ? graph : { inputs: graph.inputs, outputs: graph.outputs.map(o => ({ ...o, value: now(o.value) })) }
