import { error, FaultError } from '../../fault'
import { activationNamed, type Parameters } from '../networks'
import { valueSpace } from '../taylor'
import { concat, maxPool, type Tensor, type Tensors } from '../tf'
import { convolution, doubled, initialConvolution } from './convolution'
import type { OperatorModel } from './model'
import type { UnetOptions } from './unet-descriptor'

/**
 * Per level two 3 × 3 convolutions with activation, 2 × 2 maxima between levels; on the way up a transposed convolution of stride 2, the level's own result put before it, two convolutions; at the end
 * 1 × 1. No normalisation. Input [batch, y, x, inputs] with sides that are multiples of 2^(levels − 1). Parameters `down<l>.conv1`, `.conv2`, `up<l>.transposed`, `.conv1`, `.conv2`, `output`.
 */
export function unet({ base, levels, border, activation }: UnetOptions, { inputs, outputs }: { readonly inputs: number; readonly outputs: number }): OperatorModel {
  const channels = Array.from({ length: levels }, (_, l) => base * 2 ** l)
  const down = channels.map((_, l) => l)
  const up = down.slice(0, -1).reverse()
  const pointwise = activationNamed(activation)
  return {
    initialise: random => {
      const double = (name: string, from: number, to: number): Parameters => ({ ...initialConvolution(random, `${name}.conv1`, 3, from, to), ...initialConvolution(random, `${name}.conv2`, 3, to, to) })
      return Object.assign(
        {}, ...down.map(l => double(`down${l}`, l === 0 ? inputs : channels[l - 1], channels[l])),
        ...up.map(l => ({ ...initialConvolution(random, `up${l}.transposed`, 2, channels[l + 1], channels[l]), ...double(`up${l}`, 2 * channels[l], channels[l]) })),
        initialConvolution(random, 'output', 1, channels[0], outputs),
      ) as Parameters
    },
    apply: (parameters: Tensors, input: Tensor) => {
      const [, height, width] = input.shape as number[]
      const multiple = 2 ** (levels - 1)
      if (height % multiple !== 0 || width % multiple !== 0) {
        throw new FaultError(error('operator-grid', `A U-Net of ${levels} levels needs sides that are multiples of ${multiple}; the field has ${width} × ${height} points.`, { tip: 'Take fewer levels or another grid.' }))
      }
      const active = (name: string, x: Tensor): Tensor => pointwise.apply(valueSpace(1).seed(convolution(parameters, name, x, border))).value
      const double = (name: string, x: Tensor): Tensor => active(`${name}.conv2`, active(`${name}.conv1`, x))
      const results: Tensor[] = []
      for (const l of down) results.push(double(`down${l}`, l === 0 ? input : maxPool(results[l - 1] as never, 2, 2, 'valid')))
      const top = up.reduce((x, l) => double(`up${l}`, concat([results[l], doubled(parameters, `up${l}.transposed`, x)], 3)), results[levels - 1])
      return convolution(parameters, 'output', top, border)
    },
  }
}
