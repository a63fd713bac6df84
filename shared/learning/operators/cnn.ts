import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationNamed, activationOption, type Parameters } from '../networks'
import { valueSpace } from '../taylor'
import { add, type Tensor } from '../tf'
import { convolution, initialConvolution } from './convolution'
import type { OperatorModel } from './model'

const options = z.object({
  width: z.int().min(1).max(1024).default(48).describe('Channels inside.').meta({ title: 'Width' }),
  blocks: z.int().min(1).max(32).default(4).describe('Residual blocks.').meta({ title: 'Blocks' }),
  dilations: z.array(z.int().min(1).max(64)).min(1).max(16).default([1, 2, 4, 8, 4, 2, 1]).describe('Spacing of the taps of each convolution of a block; wide spacing sees far.').meta({ title: 'Dilations' }),
  border: z.enum(['zero', 'periodic']).default('zero').describe('What lies beyond the border.').meta({ title: 'Border' }),
  activation: activationOption.default('relu'),
})

export const cnnDescriptor: Descriptor = {
  id: 'cnn', name: 'Dilated residual convolutions', summary: 'Convolutions of growing and shrinking spacing with shortcuts: the plain convolutional baseline, on a fixed grid spacing.',
  reference: { text: 'Stachenfeld et al. 2022', arxiv: '2112.15275' }, options,
}

/** Encoder 3 × 3, blocks v + C₇ σ … C₂ σ C₁ σ v of dilated 3 × 3 convolutions with the activation σ before each, decoder 3 × 3. Parameters `encoder`, `block<b>.conv<i>`, `decoder`. */
export function cnn({ width, blocks, dilations, border, activation }: z.infer<typeof options>, { inputs, outputs }: { readonly inputs: number; readonly outputs: number }): OperatorModel {
  const pointwise = activationNamed(activation)
  const names = Array.from({ length: blocks }, (_, b) => dilations.map((_, i) => `block${b}.conv${i}`))
  return {
    initialise: random => Object.assign(
      {}, initialConvolution(random, 'encoder', 3, inputs, width), ...names.flat().map(name => initialConvolution(random, name, 3, width, width)), initialConvolution(random, 'decoder', 3, width, outputs),
    ) as Parameters,
    apply: (parameters, input) => {
      const activate = (x: Tensor): Tensor => pointwise.apply(valueSpace(1).seed(x)).value
      const hidden = names.reduce((v, block) => add(v, block.reduce((x, name, i) => convolution(parameters, name, activate(x), border, dilations[i]), v)), convolution(parameters, 'encoder', input, border))
      return convolution(parameters, 'decoder', hidden, border)
    },
  }
}
