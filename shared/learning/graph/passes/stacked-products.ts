import { graphNodes, type Graph, type Node, type Value } from '../graph'
import { apply } from '../operators'
import type { Pass } from './optimise'
import { replaceOutputs, withInputs } from './rewrite'

/** Rows of a matrix that were joined from several arrays: the arrays, and the row at which each begins (one more at the end). */
interface Stack {
  readonly parts: readonly Value[]
  readonly starts: readonly number[]
}

/** A matrix whose rows were joined along the leading axis, seen through a reshape that keeps the last axis. */
function stackOf(matrix: Value): Stack | undefined {
  const joined = matrix.node.operator === 'Reshape' ? matrix.node.inputs[0] : matrix
  const { operator, inputs, attributes } = joined.node
  const width = matrix.shape[1]
  if (operator !== 'Concat' || attributes.axis !== 0 || matrix.shape.length !== 2 || joined.shape.at(-1) !== width || joined.shape.length < 2) return undefined
  const starts = [0]
  for (const part of inputs) starts.push(starts.at(-1)! + part.shape.slice(0, -1).reduce((product, n) => product * n, 1))
  return { parts: inputs, starts }
}

/** Below this many rows a product's own cost shows. */
const fewestRows = 256
const isWide = ({ starts }: Stack): boolean => starts.every((start, i) => i === 0 || start - starts[i - 1] >= fewestRows)

type Users = ReadonlyMap<Value, readonly (Node | undefined)[]>

function usersIn(graph: Graph): Users {
  const users = new Map<Value, (Node | undefined)[]>()
  const add = (value: Value, user?: Node): void => {
    const known = users.get(value)
    if (known) known.push(user)
    else users.set(value, [user])
  }
  for (const node of graphNodes(graph)) for (const value of new Set(node.inputs)) add(value, node)
  for (const { value } of graph.outputs) add(value)
  return users
}

/** The part of the stack that a slice of the product (or of the product reshaped) is, or -1. */
function partOf(slice: Node | undefined, { starts }: Stack): number {
  if (slice?.operator !== 'Slice') return -1
  const { starts: from, ends, axes, steps } = slice.attributes as Readonly<Record<string, readonly number[]>>
  if (axes.length !== 1 || axes[0] !== 0 || steps[0] !== 1) return -1
  const [x] = slice.inputs
  const rows = starts.at(-1)! / x.shape[0]
  const i = starts.indexOf(from[0] * rows)
  return i >= 0 && starts[i + 1] === ends[0] * rows ? i : -1
}

/**
 * Jets are joined for one product with the weights and taken apart behind it: (A; B; C) W. Products of the parts cost the same arithmetic without the copies, and gradients of the
 * weights are sums: (A; B; C)ᵀ (D; E; F) = AᵀD + BᵀE + CᵀF. Only where nothing needs the joined product itself.
 */
export const stackedProducts: Pass = {
  name: 'products of stacks',
  run: graph => {
    const users = usersIn(graph)
    const replaced = new Map<Value, Value>()
    const now = (value: Value): Value => replaced.get(value) ?? value
    const rows = (part: Value, width: number, origin?: string): Value => apply('Reshape', [now(part)], { shape: [part.shape.reduce((product, n) => product * n, 1) / width, width] }, origin).outputs[0]
    for (const node of graphNodes(graph)) {
      if (replaced.has(node.outputs[0])) continue
      const current = withInputs(node, node.inputs.map(now))
      if (current !== node) node.outputs.forEach((value, i) => replaced.set(value, current.outputs[i]))
      if (node.operator !== 'MatMul' || node.inputs.some(v => v.shape.length !== 2)) continue
      const { inputs: [x, y], outputs: [product], origin } = node
      const stack = stackOf(x)
      const slices = stack && isWide(stack) ? slicesOf(product, users) : undefined
      if (stack && slices?.every(slice => partOf(slice, stack) >= 0)) {
        const parts = new Map<number, Value>()
        for (const slice of slices as Node[]) {
          const i = partOf(slice, stack)
          const own = parts.get(i) ?? apply('MatMul', [rows(stack.parts[i], x.shape[1], origin), now(y)], {}, origin).outputs[0]
          parts.set(i, own)
          replaced.set(slice.outputs[0], apply('Reshape', [own], { shape: slice.outputs[0].shape }, origin).outputs[0])
        }
        continue
      }
      const [left, right] = [x.node.operator === 'Transpose' ? stackOf(x.node.inputs[0]) : undefined, stackOf(y)]
      if (left && right && isWide(left) && left.starts.join() === right.starts.join()) {
        const terms = left.parts.map((part, i) => apply('MatMul', [apply('Transpose', [rows(part, x.shape[0], origin)], { perm: [1, 0] }, origin).outputs[0], rows(right.parts[i], y.shape[1], origin)], {}, origin).outputs[0])
        replaced.set(product, terms.reduce((sum, term) => apply('Add', [sum, term], {}, origin).outputs[0]))
      }
    }
    return replaceOutputs(graph, now)
  },
}

/** The nodes that read a product, each through at most one reshape. Outputs of the graph show as undefined. */
function slicesOf(product: Value, users: Users): readonly (Node | undefined)[] {
  return (users.get(product) ?? []).flatMap(user => (user?.operator === 'Reshape' ? (users.get(user.outputs[0]) ?? []) : [user]))
}
