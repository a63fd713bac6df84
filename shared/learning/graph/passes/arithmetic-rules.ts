import { isConstant, sameShape, sizeOf, type Node, type Value } from '../graph'
import { hasOneElement, isFinite, scalarLike, scalarOf, spread } from './known'
import { forOperators, mergeRules, type Rewriter, type Rule, type Rules } from './rewrite'

/**
 * Algebra that holds for every number, the infinities and NaN included, bit for bit but for the sign of a zero.
 * x·0 becomes 0 only where x is known to be finite: elsewhere it is NaN for an infinite x, and a training step that has gone wrong must show it.
 */
const identities: Rules = {
  Add: [
    (node, r) => operandBeside(node, 0, r),
    ({ inputs: [x, y] }, { make }) => (isNegation(y) ? make('Sub', [x, y.node.inputs[0]]) : isNegation(x) ? make('Sub', [y, x.node.inputs[0]]) : undefined),
  ],
  Sub: [
    ({ inputs: [x, y], outputs: [z] }, r) => (scalarOf(y) === 0 ? spread(x, z.shape, r) : scalarOf(x) === 0 ? spread(r.make('Neg', [y]), z.shape, r) : undefined),
    ({ inputs: [x, y] }, { make }) => (isNegation(y) ? make('Add', [x, y.node.inputs[0]]) : undefined),
  ],
  Mul: [
    (node, r) => operandBeside(node, 1, r),
    (node, r) => {
      const [x, y] = node.inputs
      if (scalarOf(y) === -1) return spread(r.make('Neg', [x]), node.outputs[0].shape, r)
      if (scalarOf(x) === -1) return spread(r.make('Neg', [y]), node.outputs[0].shape, r)
      return undefined
    },
    ({ inputs: [x, y], outputs: [z] }, r) => ((scalarOf(y) === 0 && isFinite(x)) || (scalarOf(x) === 0 && isFinite(y)) ? spread(scalarLike(0, z), z.shape, r) : undefined),
    ({ inputs: [x, y] }, { make }) => (isNegation(x) && isNegation(y) ? make('Mul', [x.node.inputs[0], y.node.inputs[0]]) : undefined),
    ({ inputs: [x, y] }, { make }) => negatedConstant(x, y, make) ?? negatedConstant(y, x, make),
  ],
  Div: [
    ({ inputs: [x, y], outputs: [z] }, r) => (scalarOf(y) === 1 ? spread(x, z.shape, r) : undefined),
    // Exact: the reciprocal of a power of two is one as well.
    ({ inputs: [x, y], outputs: [z] }, { make }) => {
      const divisor = scalarOf(y)
      return z.type === 'real' && divisor !== undefined && isPowerOfTwo(divisor) && sameShape(x.shape, z.shape) ? make('Mul', [x, scalarLike(1 / divisor, y)]) : undefined
    },
    ({ inputs: [x, y], outputs: [z] }, { make }) => (z.type === 'real' && scalarOf(x) === 1 && sameShape(y.shape, z.shape) ? make('Reciprocal', [y]) : undefined),
  ],
  Neg: [
    ({ inputs: [x] }) => (isNegation(x) ? x.node.inputs[0] : undefined),
    ({ inputs: [x] }, { make, uses }) => (x.node.operator === 'Sub' && uses(x) === 1 ? make('Sub', [...x.node.inputs].reverse()) : undefined),
    ({ inputs: [x] }, { make, uses }) => {
      if (x.node.operator !== 'Mul' || uses(x) !== 1) return undefined
      const [a, b] = x.node.inputs
      const [constant, other] = isConstant(a) ? [a, b] : [b, a]
      return isConstant(constant) && !isConstant(other) ? make('Mul', [other, scalarOr(constant, make)]) : undefined
    },
  ],
  Not: [({ inputs: [x] }) => (x.node.operator === 'Not' ? x.node.inputs[0] : undefined)],
  Abs: [({ inputs: [x] }, { make }) => (x.node.operator === 'Abs' ? x : isNegation(x) ? make('Abs', [x.node.inputs[0]]) : undefined)],
  Relu: [({ inputs: [x] }) => (x.node.operator === 'Relu' ? x : undefined)],
  Sign: [({ inputs: [x] }) => (x.node.operator === 'Sign' ? x : undefined)],
  Reciprocal: [({ inputs: [x] }, { make, uses }) => (x.node.operator === 'Div' && uses(x) === 1 && x.type === 'real' ? make('Div', [...x.node.inputs].reverse()) : undefined)],
  Identity: [({ inputs: [x] }) => x],
  Cast: [
    ({ inputs: [x], attributes: { to } }) => (x.type === to ? x : undefined),
    // A boolean as a number and back.
    ({ inputs: [x], attributes: { to } }) => (to === 'boolean' && x.node.operator === 'Cast' && x.node.inputs[0].type === 'boolean' ? x.node.inputs[0] : undefined),
  ],
  Where: [
    ({ inputs: [condition, yes, no], outputs: [z] }, r) => {
      const known = scalarOf(condition)
      return known === undefined ? undefined : spread(known ? yes : no, z.shape, r)
    },
    ({ inputs: [, yes, no], outputs: [z] }, r) => (yes === no ? spread(yes, z.shape, r) : undefined),
    ({ inputs: [condition, yes, no], outputs: [z] }, r) => (scalarOf(yes) === 1 && scalarOf(no) === 0 ? spread(r.make('Cast', [condition], { to: z.type }), z.shape, r) : undefined),
    (node, { make }) => derivativeOfRelu(node, make),
    ({ inputs: [condition, yes, no] }, { make }) => (condition.node.operator === 'Not' ? make('Where', [condition.node.inputs[0], no, yes]) : undefined),
  ],
}

/**
 * x^p for the small whole p and halves that programs use, as products and roots; to rounding, and but for √ of −0 and −∞.
 * ONNX Runtime does the same for 2 and 3 only; its general power is some ten times slower than a product.
 */
const powers: Rules = {
  Pow: [
    ({ inputs: [x, y], outputs: [z] }, r) => {
      const p = scalarOf(y)
      if (p === undefined || z.type !== 'real' || !sameShape(x.shape, z.shape)) return undefined
      if (p === 0.5) return r.make('Sqrt', [x])
      if (p === -0.5) return r.make('Reciprocal', [r.make('Sqrt', [x])])
      if (!Number.isInteger(p) || Math.abs(p) > 8) return undefined
      if (p === 0) return spread(scalarLike(1, z), z.shape, r)
      const power = wholePower(x, Math.abs(p), r)
      return p < 0 ? r.make('Reciprocal', [power]) : power
    },
  ],
}

/** By repeated squaring: p = 7 is x · x² · x⁴, or 4 products. */
function wholePower(x: Value, p: number, { make }: Rewriter): Value {
  let result: Value | undefined
  let square = x
  for (let rest = p; ; square = make('Mul', [square, square])) {
    if (rest % 2 === 1) result = result ? make('Mul', [result, square]) : square
    rest = Math.floor(rest / 2)
    if (rest === 0) return result!
  }
}

/** The operand whose partner is the scalar `neutral`. */
const operandBeside = ({ inputs: [x, y], outputs: [z] }: Node, neutral: number, r: Rewriter): Value | undefined =>
  scalarOf(y) === neutral ? spread(x, z.shape, r) : scalarOf(x) === neutral ? spread(y, z.shape, r) : undefined

/** "NaN where x is NaN, else whether x > 0" in two passes, the first of which the forward pass has done already. */
function derivativeOfRelu({ inputs: [condition, yes, no] }: Node, make: Rewriter['make']): Value | undefined {
  const [x] = condition.node.operator === 'IsNaN' ? condition.node.inputs : []
  if (x === undefined || yes !== x || no.node.operator !== 'Cast') return undefined
  const { operator, inputs: [compared, bound] } = no.node.inputs[0].node
  return operator === 'Greater' && compared === x && scalarOf(bound) === 0 ? make('Sign', [make('Relu', [x])]) : undefined
}

const isNegation = (value: Value): boolean => value.node.operator === 'Neg'

const negatedConstant = (x: Value, y: Value, make: Rewriter['make']): Value | undefined =>
  isNegation(x) && isConstant(y) ? make('Mul', [x.node.inputs[0], scalarOr(y, make)]) : undefined

/** −c, at once where c is a scalar. */
const scalarOr = (constant: Value, make: Rewriter['make']): Value => {
  const known = hasOneElement(constant) ? scalarOf(constant) : undefined
  return known === undefined || constant.shape.length > 0 ? make('Neg', [constant]) : scalarLike(-known, constant)
}

function isPowerOfTwo(x: number): boolean {
  let rest = Math.abs(x)
  // Within the normal range of float32, the reciprocal included.
  if (!(rest >= 2 ** -126 && rest <= 2 ** 126)) return false
  while (rest < 1) rest *= 2
  while (rest > 1) rest /= 2
  return rest === 1
}

/** Large constants of one value are kept as that value. */
const uniformConstants: Rule = ({ outputs: [c] }, { make }) => {
  const known = sizeOf(c.shape) > 1 ? scalarOf(c) : undefined
  return known === undefined ? undefined : make('Expand', [scalarLike(known, c)], { shape: c.shape })
}

export const arithmeticRules = mergeRules(identities, powers, forOperators(['Constant'], uniformConstants))
