import { isConstant, sizeOf, type Node, type Value } from '../graph'
import { hasOneElement } from './known'
import type { Pass } from './optimise'
import { forOperators, mergeRules, rewrite, type Rewriter, type Rule } from './rewrite'

/** An array this much smaller is scaled almost for free. */
const small = 8
const views: ReadonlySet<string> = new Set(['Reshape', 'Transpose'])

const isFactor = (v: Value): boolean => {
  if (v.type !== 'real' || v.shape.length !== 0 || !isConstant(v)) return false
  const magnitude = Math.abs(v.node.data![0])
  // What passes on the way keeps its order of magnitude.
  return magnitude >= 1e-6 && magnitude <= 1e6
}

interface Factored {
  readonly x: Value
  readonly s: Value
}

/** x·s with a constant s, either way around. A constant x is none: folding makes one constant of the two, and moving s out of it again would have no end. */
function factored({ operator, inputs: [a, b], outputs: [y] }: Node): Factored | undefined {
  if (operator !== 'Mul' || y.type !== 'real' || hasOneElement(y)) return undefined
  if (isConstant(a) && isConstant(b)) return undefined
  return isFactor(b) ? { x: a, s: b } : isFactor(a) ? { x: b, s: a } : undefined
}

/** The same under a change of arrangement. */
function factoredView({ node }: Value, r: Rewriter): Factored | undefined {
  if (!views.has(node.operator)) return factored(node)
  const inner = factoredView(node.inputs[0], r)
  return inner && { x: r.make(node.operator, [inner.x], node.attributes), s: inner.s }
}

/** The value times s when that takes passes over small arrays only: the factor goes into weights, biases and constants that the value is made from. Undefined where it does not. */
function absorb(value: Value, s: Value, whole: number, r: Rewriter): Value | undefined {
  if (isConstant(value) || sizeOf(value.shape) * small <= whole) return r.make('Mul', [value, s])
  if (r.uses(value) !== 1) return undefined
  const { operator, inputs, attributes } = value.node
  if (views.has(operator)) {
    const inner = absorb(inputs[0], s, whole, r)
    return inner && r.make(operator, [inner], attributes)
  }
  if (operator === 'Add' || operator === 'Sub') {
    const [a, b] = inputs.map(v => absorb(v, s, whole, r))
    return a && b && r.make(operator, [a, b])
  }
  if (operator === 'MatMul' || operator === 'Mul') {
    // The smaller factor first: it is the likelier one.
    const order = sizeOf(inputs[0].shape) < sizeOf(inputs[1].shape) ? [0, 1] : [1, 0]
    for (const at of order) {
      const scaled = absorb(inputs[at], s, whole, r)
      if (scaled) return r.make(operator, inputs.map((v, i) => (i === at ? scaled : v)))
    }
  }
  return undefined
}

/** (A W + b) s = A (W s) + b s. */
const intoWeights: Rule = (node, r) => {
  const found = factored(node)
  return found ? absorb(found.x, found.s, sizeOf(found.x.shape), r) : undefined
}

/** (A s) W = A (W s) where W is much smaller, (A s) B = (A B) s where the product is: with every reader of A s such a product, the pass over A is gone. */
const intoFactor: Rule = (node, r) => {
  for (const at of [0, 1]) {
    const found = factoredView(node.inputs[at], r)
    if (!found) continue
    const other = node.inputs[1 - at]
    const size = sizeOf(found.x.shape)
    const product = (y: Value): Value => r.make('MatMul', at === 0 ? [found.x, y] : [y, found.x])
    if (isConstant(other) || sizeOf(other.shape) * small <= size) return product(r.make('Mul', [other, found.s]))
    if (sizeOf(node.outputs[0].shape) * small <= size) return r.make('Mul', [product(other), found.s])
  }
  return undefined
}

/** Constant factors of large arrays go into the small arrays that linear layers make them from or multiply them by. Equal to rounding. */
export const absorbedFactors: Pass = {
  name: 'absorbed factors', run: (graph, context) => rewrite(graph, mergeRules(forOperators(['Mul'], intoWeights), forOperators(['MatMul'], intoFactor)), context),
}
