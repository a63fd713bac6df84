import { graphNodes, makeNode, type Attribute, type ArrayType, type Graph, type Node, type Value } from '../graph/graph'

/** A graph traced with a length that stands for any other. */
export interface TracedLength {
  readonly graph: Graph
  readonly length: number
}

/**
 * A traced graph knows one batch. Where the same program, traced with two batches, gives the same graph but for these lengths, it means the same with every batch: lengths in Reshape are
 * left to be inferred, lengths in Expand to what is expanded. Returns the first graph so written, or undefined where the two differ in more than that (constants of the batch's length,
 * slices that end with it).
 */
export function withAnyLength(first: TracedLength, second: TracedLength): Graph | undefined {
  const [a, b] = [graphNodes(first.graph), graphNodes(second.graph)]
  if (a.length !== b.length) return undefined
  const corresponding = (x: number, y: number): boolean => x === y || (x % first.length === 0 && y % second.length === 0 && x / first.length === y / second.length)
  const place = new Map(b.map((node, i) => [node, i]))
  const made = new Map<Node, Node>()
  const renewed = (value: Value): Value => made.get(value.node)!.outputs[value.index]
  for (const [i, node] of a.entries()) {
    const other = b[i]
    const fits = node.operator === other.operator && node.name === other.name && node.inputs.length === other.inputs.length
      && node.inputs.every((value, k) => value.index === other.inputs[k].index && a[place.get(other.inputs[k].node)!] === value.node)
      && node.outputs.every((value, k) => value.shape.length === other.outputs[k].shape.length && value.shape.every((n, axis) => corresponding(n, other.outputs[k].shape[axis])))
    if (!fits || !sameData(node, other)) return undefined
    const attributes: Record<string, Attribute> = {}
    for (const [name, value] of Object.entries(node.attributes)) {
      const free = freed(node, name, value, other.attributes[name], first.length)
      if (free === undefined) return undefined
      attributes[name] = free
    }
    const { origin, data, name } = node
    made.set(node, makeNode(node.operator, node.inputs.map(renewed), attributes, node.outputs satisfies readonly ArrayType[], { ...(origin === undefined ? {} : { origin }), ...(data ? { data } : {}), ...(name === undefined ? {} : { name }) }))
  }
  const outputs = first.graph.outputs.map(o => ({ ...o, value: renewed(o.value) }))
  // Inputs that nothing reads have no node in order.
  return { inputs: first.graph.inputs.map(i => (made.has(i.value.node) ? { ...i, value: renewed(i.value) } : i)), outputs }
}

function sameData({ data, outputs }: Node, other: Node): boolean {
  if (!data || !other.data) return data === other.data
  return data.length === other.data.length && outputs[0].shape.every((n, i) => n === other.outputs[0].shape[i]) && data.every((x, i) => Object.is(x, other.data![i]))
}

/** The attribute without the length, where there is one to be left out; undefined where it cannot be. */
function freed({ operator, inputs }: Node, name: string, value: Attribute, other: Attribute, length: number): Attribute | undefined {
  if (!Array.isArray(value)) return value === other ? value : undefined
  const [mine, theirs] = [value as readonly number[], other as readonly number[]]
  if (mine.length !== theirs.length) return undefined
  const differing = mine.flatMap((n, i) => (n === theirs[i] ? [] : [i]))
  if (differing.length === 0) return value
  if (name !== 'shape') return undefined
  // −1 in Reshape: what the other lengths leave.
  if (operator === 'Reshape' && differing.length === 1) return mine.map((n, i) => (i === differing[0] ? -1 : n))
  // 1 in Expand: what the input has there.
  const { shape } = inputs[0]
  const has = (i: number): boolean => shape[i - mine.length + shape.length] === length
  return operator === 'Expand' && differing.every(has) ? mine.map((n, i) => (differing.includes(i) ? 1 : n)) : undefined
}
