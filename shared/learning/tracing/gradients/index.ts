import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { arrangementGradients } from './arrangement'
import { convolutionGradients } from './convolution'
import { constantGradients, elementwiseGradients } from './elementwise'
import { indexingGradients } from './indexing'
import { poolingGradients } from './pooling'
import { resizeGradients } from './resize'

let registered = false

/** tfjs's gradients with ours in place of those that are missing, wrong, slow, or go through float32: for every backend, once. */
export function registerGradients(): void {
  if (registered) return
  registered = true
  for (const gradient of [elementwiseGradients, constantGradients, arrangementGradients, indexingGradients, convolutionGradients, resizeGradients, poolingGradients].flat()) {
    if (tfjs.getGradient(gradient.kernelName)) tfjs.unregisterGradient(gradient.kernelName)
    tfjs.registerGradient(gradient)
  }
}
