import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../../fault'
import { isTracing } from '../trace'
import { only } from './sums'

/** Kernels of the gradients get the forward kernel's attributes, dilations too, which tfjs's own gradients refuse. */
function gradientKernel(kernel: string, inputs: Readonly<Record<string, tfjs.Tensor>>, attributes: tfjs.NamedAttrMap | undefined, rest: tfjs.NamedAttrMap): tfjs.Tensor {
  const dilations = [(attributes?.dilations as number | number[] | undefined) ?? 1].flat()
  if (!isTracing() && dilations.some(d => d !== 1)) throw new FaultError(error('gradient-missing', 'tfjs has no gradient of dilated convolutions.', { tip: 'Compile the program: in a graph it exists.' }))
  if (kernel.startsWith('Conv3D') && tfjs.getBackend() === 'wasm') throw new FaultError(error('gradient-missing', 'tfjs has no right gradient of three-dimensional convolutions in WebAssembly.', { tip: 'Compile the program: in a graph it exists.' }))
  if (kernel === 'Conv2DBackpropFilter' && tfjs.getKernel(kernel, tfjs.getBackend()) === undefined) return filterGradient(inputs.x, inputs.dy, { ...attributes, ...rest } as unknown as FilterAttributes)
  return tfjs.engine().runKernel(kernel, { ...inputs }, { ...attributes, ...rest }) as tfjs.Tensor
}

interface FilterAttributes {
  readonly strides: number
  readonly pad: 'same'
  readonly filterShape: readonly [number, number, number, number]
  readonly dimRoundingMode?: 'floor'
}

/** The gradient in the filter as one matrix product per kernel element, for backends without the kernel (WebAssembly); channels last. */
function filterGradient(x: tfjs.Tensor, dy: tfjs.Tensor, { strides, pad, filterShape, dimRoundingMode }: FilterAttributes): tfjs.Tensor {
  const info = tfjs.backend_util.computeConv2DInfo(x.shape as never, [...filterShape], strides, 1, pad, dimRoundingMode)
  const { outHeight, outWidth, strideHeight, strideWidth, padInfo: { top, bottom, left, right } } = info
  const [tall, wide, inputs, outputs] = filterShape
  const padded = tfjs.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]])
  const towards = tfjs.reshape(dy, [-1, outputs])
  const parts = Array.from({ length: tall * wide }, (_, tap) => {
    const [row, column] = [Math.floor(tap / wide), tap % wide]
    const under = tfjs.stridedSlice(padded, [0, row, column, 0], [x.shape[0], row + (outHeight - 1) * strideHeight + 1, column + (outWidth - 1) * strideWidth + 1, inputs], [1, strideHeight, strideWidth, 1])
    return tfjs.matMul(tfjs.reshape(under, [-1, inputs]), towards, true)
  })
  return tfjs.reshape(tfjs.stack(parts), [...filterShape])
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
