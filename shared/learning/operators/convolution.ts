import { constantTensor, torchDefault, type RandomStream } from '../random'
import { parameterNamed, type Parameters } from '../networks'
import { add, conv2d, matMul, periodicPad, reshape, transpose, type Tensor, type Tensors } from '../tf'

/** What lies beyond the border of a field: zeros, or the field again. */
export type Border = 'zero' | 'periodic'

/** `name.kernel` [k, k, inputs, outputs] and `name.bias`: uniform within ±1/√fan-in, as PyTorch starts them. */
export function initialConvolution(random: RandomStream, name: string, size: number, inputs: number, outputs: number): Parameters {
  const stream = random.child(name)
  const fans = { in: inputs * size * size, out: outputs }
  return { [`${name}.kernel`]: torchDefault(stream.child('kernel'), [size, size, inputs, outputs], fans), [`${name}.bias`]: torchDefault(stream.child('bias'), [outputs], fans) }
}

/** Cross-correlation that keeps the size, for odd kernels: x [batch, y, x, inputs] → [batch, y, x, outputs]. */
export function convolution(parameters: Tensors, name: string, x: Tensor, border: Border = 'zero', dilation = 1): Tensor {
  const kernel = parameterNamed(parameters, `${name}.kernel`)
  const reach = ((kernel.shape[0] - 1) / 2) * dilation
  const padded = border === 'periodic' && reach > 0 ? periodicPad(x, [[0, 0], [reach, reach], [reach, reach], [0, 0]]) : x
  const result = conv2d(padded as never, kernel as never, 1, border === 'periodic' ? 'valid' : 'same', 'NHWC', dilation)
  return add(result, parameterNamed(parameters, `${name}.bias`))
}

/**
 * Transposed convolution whose 2 × 2 windows do not overlap: y[2i + a, 2j + b, o] = Σ_c x[i, j, c] K[a, b, c, o] + bias[o]. One matrix product and one transpose.
 */
export function doubled(parameters: Tensors, name: string, x: Tensor): Tensor {
  const kernel = parameterNamed(parameters, `${name}.kernel`)
  const [batch, height, width, inputs] = x.shape as number[]
  const outputs = (kernel.shape as number[])[3]
  const product = matMul(reshape(x, [batch * height * width, inputs]), reshape(transpose(kernel, [2, 0, 1, 3]), [inputs, 4 * outputs]))
  const placed = reshape(transpose(reshape(product, [batch, height, width, 2, 2, outputs]), [0, 1, 3, 2, 4, 5]), [batch, 2 * height, 2 * width, outputs])
  return add(placed, parameterNamed(parameters, `${name}.bias`))
}

/** Gain 1 and offset 0 of a normalisation over `width` channels. */
export const initialNormalisation = (name: string, width: number): Parameters => ({ [`${name}.gain`]: constantTensor([width], 1), [`${name}.offset`]: constantTensor([width], 0) })
