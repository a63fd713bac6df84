import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../../fault'
import { only } from './sums'

/** tfjs's kernel for the gradient of maxPool gives wrong numbers in its WebAssembly backend (4.22): there it is composed. */
export const poolingGradients: readonly tfjs.GradConfig[] = [
  {
    kernelName: 'MaxPool', inputsToSave: ['x'], outputsToSave: [true],
    gradFunc: (dy, [x, y], attributes) => ({
      x: () => (tfjs.getBackend() === 'wasm' ? composed(only(dy), x, y, attributes as unknown as Windows) : (tfjs.engine().runKernel('MaxPoolGrad', { dy: only(dy), input: x, output: y }, attributes) as tfjs.Tensor)),
    }),
  },
]

interface Windows {
  readonly filterSize: number
  readonly strides: number
  readonly pad: 'valid'
  readonly dimRoundingMode?: 'floor'
}

/** For windows that tile the picture: what equals its window's greatest shares the window's gradient. */
function composed(dy: tfjs.Tensor, x: tfjs.Tensor, y: tfjs.Tensor, { filterSize, strides, pad, dimRoundingMode }: Windows): tfjs.Tensor {
  const { outHeight, outWidth, filterHeight, filterWidth } = tfjs.backend_util.computePool2DInfo(x.shape as never, filterSize, strides, 1, pad, dimRoundingMode)
  const [batch, height, width, channels] = x.shape
  if (outHeight * filterHeight !== height || outWidth * filterWidth !== width) {
    throw new FaultError(error('gradient-missing', 'tfjs has no right gradient of maxPool with overlapping or padded windows in WebAssembly.', { tip: 'Compile the program: in a graph it exists.' }))
  }
  const inWindows = [batch, outHeight, filterHeight, outWidth, filterWidth, channels]
  const perWindow = [batch, outHeight, 1, outWidth, 1, channels]
  const hit = tfjs.cast(tfjs.equal(tfjs.reshape(x, inWindows), tfjs.tile(tfjs.reshape(y, perWindow), [1, 1, filterHeight, 1, filterWidth, 1])), 'float32')
  const share = tfjs.div(tfjs.reshape(dy, perWindow), tfjs.sum(hit, [2, 4], true))
  return tfjs.reshape(tfjs.mul(hit, tfjs.tile(share, [1, 1, filterHeight, 1, filterWidth, 1])), x.shape)
}
