import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../../fault'
import { isTracing } from '../trace'
import { only } from './sums'

/** Kernels of the gradients get the forward kernel's attributes, dilations too, which tfjs's own gradients refuse. */
function gradientKernel(kernel: string, inputs: Readonly<Record<string, tfjs.Tensor>>, attributes: tfjs.NamedAttrMap | undefined, rest: tfjs.NamedAttrMap): tfjs.Tensor {
  const dilations = [(attributes?.dilations as number | number[] | undefined) ?? 1].flat()
  if (!isTracing() && dilations.some(d => d !== 1)) throw new FaultError(error('gradient-missing', 'tfjs has no gradient of dilated convolutions.', { tip: 'Compile the program: in a graph it exists.' }))
  return tfjs.engine().runKernel(kernel, { ...inputs }, { ...attributes, ...rest }) as tfjs.Tensor
}

const convolution = (kernelName: string, input: string, filter: string): tfjs.GradConfig => ({
  kernelName, inputsToSave: ['x', 'filter'],
  gradFunc: (dy, [x, w], attributes) => ({
    x: () => gradientKernel(input, { dy: only(dy), filter: w }, attributes, { inputShape: x.shape }),
    filter: () => gradientKernel(filter, { x, dy: only(dy) }, attributes, { filterShape: w.shape }),
  }),
})

/** Gradients of a transposed convolution, which is the gradient of a convolution in its input. */
const transposed = (kernelName: string, forward: string, filter: string): tfjs.GradConfig => ({
  kernelName, inputsToSave: ['dy', 'filter'],
  gradFunc: (ddx, [dy, w], attributes) => ({
    dy: () => gradientKernel(forward, { x: only(ddx), filter: w }, attributes, { dilations: (attributes?.dilations as number) ?? 1, dataFormat: (attributes?.dataFormat as string) ?? (w.rank === 5 ? 'NDHWC' : 'NHWC') }),
    filter: () => gradientKernel(filter, { x: only(ddx), dy }, attributes, { filterShape: w.shape }),
  }),
})

export const convolutionGradients: readonly tfjs.GradConfig[] = [
  convolution('Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter'), convolution('Conv3D', 'Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'),
  convolution('DepthwiseConv2dNative', 'DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'),
  transposed('Conv2DBackpropInput', 'Conv2D', 'Conv2DBackpropFilter'), transposed('Conv3DBackpropInputV2', 'Conv3D', 'Conv3DBackpropFilterV2'),
]
