/** U-Net (Ronneberger et al. 2015, arXiv 1505.04597) with 3 × 3 convolutions that keep the size, ReLU, max pooling, and transposed convolutions that do not overlap; no batch norm. */
import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, concat, conv2d, matMul, maxPool, relu, reshape, transpose, type Tensor, type Tensors } from '../../shared/learning/tf'
import { convolution } from './formula'
import type { BenchModel } from './model'
import { operatorData, relativeL2 } from './operator-data'

interface UnetSize {
  readonly grid: number
  readonly base: number
  readonly levels: number
  readonly batch: number
}

export function unet({ grid, base, levels, batch }: UnetSize): BenchModel {
  const channels = Array.from({ length: levels }, (_, level) => base * 2 ** level)
  const pair = (name: string, inputs: number, outputs: number) => [...convolution(`${name}.conv1`, [3, 3], inputs, outputs), ...convolution(`${name}.conv2`, [3, 3], outputs, outputs)]
  const ascending = [...Array(levels - 1).keys()].reverse()
  const pairOf = (p: Tensors, name: string, x: Tensor): Tensor => ['conv1', 'conv2'].reduce<Tensor>((v, c) => relu(add(conv2d(v as Tensor3D, p[`${name}.${c}.kernel`] as Tensor4D, 1, 'same'), p[`${name}.${c}.bias`])), x)
  /** Stride 2 and kernel 2 × 2: one product, then [y, x, a, b, channel] to [2y + a, 2x + b, channel]. */
  const double = (p: Tensors, name: string, x: Tensor): Tensor => {
    const [b, h, w, inner] = x.shape
    const kernel = p[`${name}.kernel`]
    const outer = kernel.shape[3]!
    const blocks = matMul(reshape(x, [b * h * w, inner]), reshape(transpose(kernel, [2, 0, 1, 3]), [inner, 4 * outer]))
    return add(reshape(transpose(reshape(blocks, [b, h, w, 2, 2, outer]), [0, 1, 3, 2, 4, 5]), [b, 2 * h, 2 * w, outer]), p[`${name}.bias`])
  }
  const output = (p: Tensors, { input }: Tensors): Tensor => {
    const skips: Tensor[] = []
    let v: Tensor = input
    for (let level = 0; level < levels; level++) {
      v = pairOf(p, `down${level}`, level === 0 ? v : maxPool(v as Tensor4D, 2, 2, 'valid'))
      skips.push(v)
    }
    for (const level of ascending) v = pairOf(p, `up${level}`, concat([skips[level], double(p, `up${level}.transposed`, v)], 3))
    return add(matMul(reshape(v, [-1, base]), reshape(p['output.kernel'], [base, 1])), p['output.bias'])
  }
  return {
    parameters: [
      ...channels.flatMap((width, level) => pair(`down${level}`, level === 0 ? 3 : channels[level - 1], width)),
      ...ascending.flatMap(level => [...convolution(`up${level}.transposed`, [2, 2], channels[level + 1], channels[level]), ...pair(`up${level}`, 2 * channels[level], channels[level])]),
      ...convolution('output', [1, 1], base, 1),
    ],
    data: seed => operatorData(batch, grid, [[0, 4], [-4, 4]], seed), outputData: ['input'],
    output: (p, d) => reshape(output(p, d), [batch, grid, grid, 1]), loss: (p, d) => relativeL2(reshape(output(p, d), [batch, grid, grid, 1]), d.target),
  }
}
