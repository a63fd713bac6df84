import { broadcastShapes, sameShape, type Value } from '../graph'
import { elementwiseOperators, hasOneElement, scalarLike, spread } from './known'
import { forOperators, mergeRules, type Rule, type Rules } from './rewrite'

const list = (attribute: unknown): readonly number[] => attribute as readonly number[]
const isSpread = (value: Value): boolean => value.node.operator === 'Expand'

/** Elementwise operators broadcast by themselves: their work is done on the arrays as they were before spreading, and only what must be is spread afterwards. */
const spreadOperands: Rule = ({ operator, inputs, attributes, outputs: [z] }, r) => {
  if (!inputs.some(isSpread)) return undefined
  const small = inputs.map(v => (isSpread(v) ? v.node.inputs[0] : v))
  return spread(r.make(operator, small, attributes), z.shape, r)
}

/** Constants of one element have no axes, where they add none: rules look for scalars. */
const plainScalars: Rule = ({ operator, inputs, attributes, outputs: [z] }, { make }) => {
  const isPadded = (v: Value): boolean => v.node.operator === 'Constant' && v.shape.length > 0 && hasOneElement(v)
  if (!inputs.some(isPadded) || inputs.every(hasOneElement) || !inputs.some(v => v.shape.length === z.shape.length && !isPadded(v))) return undefined
  return make(operator, inputs.map(v => (isPadded(v) ? scalarLike(v.node.data![0], v) : v)), attributes)
}

/** A product of a stack with one that is spread along the stack's axes broadcasts by itself. */
const spreadFactors: Rule = ({ inputs, outputs: [z] }, { make }) => {
  const batch = z.shape.slice(0, -2)
  const shortened = inputs.map(v => {
    if (!isSpread(v) || v.node.inputs[0].shape.length < 2) return v
    const [source] = v.node.inputs
    return sameShape(source.shape.slice(-2), v.shape.slice(-2)) ? source : v
  })
  // One factor that must stay spread for the other's sake keeps its axes.
  const fits = (a: Value, b: Value): boolean => sameShape(broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), batch)
  const [x, y] = shortened
  if (x === inputs[0] && y === inputs[1]) return undefined
  for (const [a, b] of [[x, y], [x, inputs[1]], [inputs[0], y]] as const) if ((a !== inputs[0] || b !== inputs[1]) && fits(a, b)) return make('MatMul', [a, b])
  return undefined
}

/** Σ of equal terms is a product: axes that were only spread are counted, the others folded before. */
const sumOfSpread: Rule = ({ operator, inputs: [x], attributes: { axes, keepdims }, outputs: [y] }, r) => {
  if (!isSpread(x)) return undefined
  const [source] = x.node.inputs
  const aligned = r.make('Reshape', [source], { shape: [...new Array<number>(x.shape.length - source.shape.length).fill(1), ...source.shape] })
  const along = list(axes)
  const counted = along.filter(axis => aligned.shape[axis] === 1)
  const folded = along.filter(axis => aligned.shape[axis] !== 1)
  if (counted.length === 0) return undefined
  const count = counted.reduce((product, axis) => product * x.shape[axis], 1)
  const inner = folded.length === 0 ? aligned : r.make(operator, [aligned], { axes: folded, keepdims: 1 })
  const total = operator === 'ReduceSum' ? r.make('Mul', [inner, scalarLike(count, x)]) : inner
  const kept = x.shape.map((_, i) => total.shape[i])
  const shaped = keepdims === 1 ? total : r.make('Reshape', [total], { shape: kept.filter((_, i) => !along.includes(i)) })
  return spread(shaped, y.shape, r)
}

/** Sums along axes of length 1 or along none only change the shape. */
const sumOfSingles: Rule = ({ inputs: [x], attributes: { axes }, outputs: [y] }, { make }) =>
  (list(axes).every(axis => x.shape[axis] === 1) ? make('Reshape', [x], { shape: y.shape }) : undefined)

/** Two sums, one after the other, are one over both sets of axes. Means too: the counts multiply. */
const sumOfSum: Rule = (node, { make, uses }) => {
  const [x] = node.inputs
  const inner = x.node
  if (inner.operator !== node.operator || uses(x) !== 1) return undefined
  const first = list(inner.attributes.axes)
  // Axes of the outer one, counted in the inner one's operand.
  const remaining = inner.inputs[0].shape.map((_, i) => i).filter(i => inner.attributes.keepdims === 1 || !first.includes(i))
  const second = list(node.attributes.axes).map(axis => remaining[axis])
  const axes = [...new Set([...first, ...second])].sort((a, b) => a - b)
  return make('Reshape', [make(node.operator, inner.inputs, { axes, keepdims: 0 })], { shape: node.outputs[0].shape })
}

const reductions = ['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin']

/** What is spread is worked on before it is spread. Sums of spread arrays round once instead of often; the rest is exact. */
export const broadcastRules: Rules = mergeRules(
  forOperators(elementwiseOperators, spreadOperands, plainScalars),
  forOperators(['MatMul'], spreadFactors),
  forOperators(reductions, sumOfSingles, sumOfSpread),
  forOperators(reductions, sumOfSum),
)
