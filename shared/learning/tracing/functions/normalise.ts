import * as tfjs from '@tensorflow/tfjs-core'
import { constant, type Tensor } from '../trace'

/**
 * (x − mean) / √(variance + ε) along `axes` (default the last): layer normalisation without scale and offset (Ba et al. 2016, doi 10.48550/arXiv.1607.06450).
 * ε keeps all its digits in double precision. Gradient: (g − mean g − y mean(g y)) / √(variance + ε), one pass, with g the gradient in y.
 */
export function normalise(x: Tensor, axes: readonly number[] = [x.rank - 1], epsilon = 1e-5): Tensor {
  const along = [...axes]
  const differentiable = tfjs.customGrad((...given: (Tensor | tfjs.GradSaveFunc)[]) => {
    const [argument, save] = given as [Tensor, tfjs.GradSaveFunc]
    const centred = tfjs.sub(argument, tfjs.mean(argument, along, true))
    const scale = tfjs.rsqrt(tfjs.add(tfjs.mean(tfjs.mul(centred, centred), along, true), constant(epsilon)))
    const value = tfjs.mul(centred, scale)
    save([value, scale])
    return {
      value,
      gradFunc: (dy: Tensor, [y, factor]: Tensor[]) => tfjs.mul(tfjs.sub(tfjs.sub(dy, tfjs.mean(dy, along, true)), tfjs.mul(y, tfjs.mean(tfjs.mul(dy, y), along, true))), factor),
    }
  })
  return differentiable(x)
}
