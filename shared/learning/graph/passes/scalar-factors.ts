import { isConstant, sizeOf, type Node, type Value } from '../graph'
import { hasOneElement } from './known'
import type { Pass } from './optimise'
import { forOperators, mergeRules, rewrite, type Rewriter, type Rule } from './rewrite'

/** x·s or x/s with a scalar s and a larger x. */
interface Scaled {
  readonly x: Value
  readonly s: Value
  readonly operator: 'Mul' | 'Div'
}

/** Reads a value as a scaled array when nobody else needs it as it is. */
const scaled = (value: Value, { uses }: Rewriter): Scaled | undefined => (uses(value) === 1 ? scaledNode(value.node) : undefined)

function scaledNode({ operator, inputs: [a, b], outputs: [y] }: Node): Scaled | undefined {
  if (y.type !== 'real' || hasOneElement(y)) return undefined
  // Factors of rank 0 only: one with axes could add axes to the array.
  const isFactor = (v: Value): boolean => v.shape.length === 0
  if (operator === 'Mul') return isFactor(b) ? { x: a, s: b, operator } : isFactor(a) ? { x: b, s: a, operator } : undefined
  return operator === 'Div' && isFactor(b) ? { x: a, s: b, operator } : undefined
}

/** Constants of moderate size may pass other operators: what would have been small or large on the way stays within a few orders of magnitude. */
function isModerate(s: Value): boolean {
  if (!isConstant(s)) return false
  const size = Math.abs(s.node.data![0])
  return size >= 1e-6 && size <= 1e6
}

/** (x s) t = x (s t), and so on for quotients: one pass over the array less. */
const joinFactors: Rule = (node, r) => {
  const outer = scaledNode(node)
  const inner = outer && scaled(outer.x, r)
  if (!inner) return undefined
  const [s, t] = [inner.s, outer.s]
  if (inner.operator === 'Mul') return r.make('Mul', [inner.x, r.make(outer.operator, [s, t])])
  return outer.operator === 'Mul' ? r.make('Mul', [inner.x, r.make('Div', [t, s])]) : r.make('Div', [inner.x, r.make('Mul', [s, t])])
}

/** (x s) y = (x y) s, or x (y s) where y is the smaller array: the factor moves to where it costs less or meets another. */
const passProduct: Rule = (node, r) => {
  const [y] = node.outputs
  if (y.type !== 'real' || node.inputs.some(hasOneElement)) return undefined
  for (const [a, b] of [[0, 1], [1, 0]]) {
    const found = scaled(node.inputs[a], r)
    if (!found || !isModerate(found.s)) continue
    const other = node.inputs[b]
    const size = sizeOf(found.x.shape)
    if (node.operator === 'Mul' && sizeOf(other.shape) < size) return r.make('Mul', [found.x, r.make(found.operator, [other, found.s])])
    if (size < sizeOf(y.shape) || (node.operator === 'Div' && a === 1)) continue
    return r.make(found.operator, [r.make(node.operator, a === 0 ? [found.x, other] : [other, found.x]), found.s])
  }
  return undefined
}

/** Σ x s = s Σ x: the factor is applied to the smaller array. */
const passSum: Rule = (node, r) => {
  const found = scaled(node.inputs[0], r)
  if (!found || !isModerate(found.s)) return undefined
  return r.make(found.operator, [r.make(node.operator, [found.x], node.attributes), found.s])
}

/** (x s) y = (x y) s for products of matrices whose result is the smaller array. */
const passMatrixProduct: Rule = (node, r) => {
  const [y] = node.outputs
  for (const a of [0, 1]) {
    const found = scaled(node.inputs[a], r)
    if (!found || !isModerate(found.s) || sizeOf(found.x.shape) <= sizeOf(y.shape)) continue
    const inputs = node.inputs.map((v, i) => (i === a ? found.x : v))
    return r.make(found.operator, [r.make('MatMul', inputs), found.s])
  }
  return undefined
}

/** x s + y s = (x + y) s. */
const commonFactor: Rule = (node, r) => {
  const [a, b] = node.inputs.map(v => scaled(v, r))
  if (!a || !b || a.s !== b.s || a.operator !== b.operator || sizeOf(a.x.shape) !== sizeOf(b.x.shape)) return undefined
  return r.make(a.operator, [r.make(node.operator, [a.x, b.x]), a.s])
}

const rules = mergeRules(
  forOperators(['Mul', 'Div'], joinFactors, passProduct),
  forOperators(['Add', 'Sub'], commonFactor),
  forOperators(['ReduceSum', 'ReduceMean'], passSum),
  forOperators(['MatMul'], passMatrixProduct),
)

/** Scalar factors are gathered and applied once, to the smallest array on the way. Equal to rounding. */
export const scalarFactors: Pass = { name: 'scalar factors', run: (graph, context) => rewrite(graph, rules, context) }
