import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationNamed, activationOption } from './activations'
import { denseLayer, initialisationOption, initialStack } from './dense'
import type { NetworkFamily } from './network'

export const sizeOptions = {
  width: z.int().min(1).max(4096).default(64).describe('Neurons of each hidden layer.').meta({ title: 'Width' }),
  depth: z.int().min(1).max(64).default(3).describe('Hidden layers.').meta({ title: 'Depth' }),
}

const options = z.object({ ...sizeOptions, activation: activationOption, initialisation: initialisationOption })

export const mlpDescriptor: Descriptor = {
  id: 'mlp', name: 'Multilayer perceptron', summary: 'Dense layers with one activation between them: the plain choice.',
  equation: 'h_{l+1}=\\sigma(h_l K_l+b_l),\\quad u=h_L K_L+b_L',
  reference: { text: 'Cybenko 1989', doi: '10.1007/BF02551274' }, options,
}

/** h₀ = x, h_{l+1} = σ(h_l K_l + b_l), u = h_L K_L + b_L. Layers `dense0` … `dense<depth>`. */
export const mlp: NetworkFamily<z.infer<typeof options>> = {
  build: ({ width, depth, activation, initialisation }, { inputs, outputs }) => {
    const { apply } = activationNamed(activation)
    const widths = [inputs, ...new Array<number>(depth).fill(width), outputs]
    return {
      inputs, outputs, fixed: [],
      initialise: random => initialStack(random, widths, initialisation),
      propagate: (parameters, x) => {
        let h = x
        for (let layer = 0; layer < depth; layer++) h = apply(denseLayer(parameters, `dense${layer}`, h))
        return denseLayer(parameters, `dense${depth}`, h)
      },
    }
  },
}
