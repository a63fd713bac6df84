import { convolution, transposedConvolution } from './lowering/convolution'
import { elementaryRules } from './lowering/elementary'
import { scaledProductRules } from './lowering/scaled-products'
import type { Pass } from './optimise'
import { mergeRules, rewrite } from './rewrite'

const float64 = mergeRules(elementaryRules, scaledProductRules, { Conv: [convolution], ConvTranspose: [transposedConvolution] })

/**
 * Operators that ONNX Runtime's CPU provider lacks in float64, or would compute with float32 attributes, are composed from others. What is composed is tested against
 * the reference, and that nothing is missing against ONNX Runtime itself. In float32 it has them all.
 */
export const lowerPrecision: Pass = { name: 'lowering to the precision', run: (graph, context) => (context.precision === 'float64' ? rewrite(graph, float64, context) : graph) }
