import { broadcastShapes, sameShape, type Node, type Value } from '../graph'
import type { Pass } from './optimise'
import { rewrite, type Rewriter, type Rule } from './rewrite'

/** A transposed matrix as the matrix and a flag. */
const turned = (value: Value): readonly [Value, number] => (value.node.operator === 'Transpose' && value.shape.length === 2 ? [value.node.inputs[0], 1] : [value, 0])

/** aᵀb + c as one product that starts from c. */
const accumulated: Rule = (node, r) => productWith(node, 0, r) ?? productWith(node, 1, r)

function productWith({ inputs, outputs: [sum] }: Node, at: 0 | 1, { make, uses }: Rewriter): Value | undefined {
  const [product, other] = [inputs[at], inputs[1 - at]]
  if (product.node.operator !== 'MatMul' || uses(product) !== 1 || !sameShape(product.shape, sum.shape)) return undefined
  const factors = product.node.inputs
  if (factors.some(v => v.shape.length !== 2) || !factors.some(v => v.node.operator === 'Transpose') || !sameShape(broadcastShapes(other.shape, sum.shape), sum.shape)) return undefined
  const [[a, transA], [b, transB]] = factors.map(turned)
  return make('Gemm', [a, b, other], { transA, transB })
}

/**
 * Sums of a product with a transposed factor, as gradients of weights are. ONNX Runtime makes a product and a sum into Gemm in float32 before it looks at the transpose, which it then carries out;
 * in float64 it has no such fusion and reads the factor transposed, which is as good.
 */
export const accumulatedProducts: Pass = { name: 'accumulated products', run: (graph, context) => (context.precision === 'float32' ? rewrite(graph, { Add: [accumulated] }, context) : graph) }
