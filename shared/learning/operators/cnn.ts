import { activationNamed, type Parameters } from '../networks'
import { valueSpace } from '../taylor'
import { add, type Tensor } from '../tf'
import { convolution, initialConvolution } from './convolution'
import type { OperatorModel } from './model'
import type { CnnOptions } from './cnn-descriptor'

/** Encoder 3 × 3, blocks v + C₇ σ … C₂ σ C₁ σ v of dilated 3 × 3 convolutions with the activation σ before each, decoder 3 × 3. Parameters `encoder`, `block<b>.conv<i>`, `decoder`. */
export function cnn({ width, blocks, dilations, border, activation }: CnnOptions, { inputs, outputs }: { readonly inputs: number; readonly outputs: number }): OperatorModel {
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
