import { makeConstant, sizeOf, type Node, type Value } from '../../graph'
import { hasOneElement } from '../known'
import type { Rewriter, Rule, Rules } from '../rewrite'

/**
 * ONNX Runtime joins a product of matrices and a constant factor before or behind it (MatMulScaleFusion) and keeps the factor as a float32 attribute: 0.1 becomes 0.10000000149 in a float64 graph.
 * It does so only for factors of one element, so in float64 such a factor beside a product is written out along the last axis. An exported model is then exact under any session options.
 */
const behindProduct: Rule = (node, r) => (node.inputs.some(v => throughTransposes(v).node.operator === 'MatMul') ? writtenOut(node, r) : undefined)

const beforeProduct: Rule = (node, r) => {
  const inputs = node.inputs.map(v => unscaled(v, r) ?? v)
  return inputs.some((v, i) => v !== node.inputs[i]) ? r.make('MatMul', inputs) : undefined
}

/** ONNX Runtime moves transposes about before it looks. */
const throughTransposes = (value: Value): Value => (value.node.operator === 'Transpose' ? throughTransposes(value.node.inputs[0]) : value)

function unscaled(value: Value, r: Rewriter): Value | undefined {
  const { node } = value
  if (node.operator !== 'Transpose') return node.operator === 'Mul' || node.operator === 'Div' ? writtenOut(node, r) : undefined
  const inner = unscaled(node.inputs[0], r)
  return inner && r.make('Transpose', [inner], node.attributes)
}

/** x·c with c as a row of equal numbers; undefined where c is no single number, or float32 holds it exactly. */
function writtenOut(node: Node, r: Rewriter): Value | undefined {
  const at = node.inputs.findIndex(v => v.node.operator === 'Constant' && hasOneElement(v))
  if (at < 0) return undefined
  const [factor] = node.inputs[at].node.data!
  const scale = node.operator === 'Div' ? 1 / factor : factor
  if (Math.fround(scale) === scale) return undefined
  const { shape } = node.outputs[0]
  const last = shape.at(-1) ?? 1
  if (sizeOf(shape) === 1) {
    // Nothing to write out along: a change of shape stands between the factor and the product.
    const flat = node.inputs.map(v => (v.shape.length === 0 ? v : r.make('Reshape', [v], { shape: [] })))
    return node.inputs.every(v => v.shape.length === 0) ? undefined : r.make('Reshape', [r.make(node.operator, flat)], { shape })
  }
  const row = last > 1 ? makeConstant(new Float64Array(last).fill(factor), [last]) : makeConstant(new Float64Array(sizeOf(shape)).fill(factor), shape)
  return r.make(node.operator, node.inputs.map((v, i) => (i === at ? row : v)))
}

export const scaledProductRules: Rules = { Mul: [behindProduct], Div: [behindProduct], MatMul: [beforeProduct] }
