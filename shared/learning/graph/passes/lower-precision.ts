import { convolution, kernelGradient, transposedConvolution } from './lowering/convolution'
import { elementaryRules } from './lowering/elementary'
import { scaledProductRules } from './lowering/scaled-products'
import type { Pass } from './optimise'
import { mergeRules, rewrite, type Rules } from './rewrite'

const float64 = mergeRules(elementaryRules, scaledProductRules, { Conv: [convolution], ConvTranspose: [transposedConvolution] })
const float32: Rules = { Conv: [kernelGradient] }

/**
 * Operators that ONNX Runtime's CPU provider lacks in the graph's precision, or has slowly or inexactly, are composed from others. What is composed is tested against
 * the reference, and that nothing is missing against ONNX Runtime itself.
 */
export const lowerPrecision: Pass = { name: 'lowering to the precision', run: (graph, context) => rewrite(graph, context.precision === 'float64' ? float64 : float32, context) }
