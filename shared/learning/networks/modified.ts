import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationNamed, activationOption } from './activations'
import { denseLayer, initialDense, initialisationOption, initialStack } from './dense'
import { gated } from './gated'
import { sizeOptions } from './mlp'
import type { NetworkFamily } from './network'

const options = z.object({ ...sizeOptions, activation: activationOption, initialisation: initialisationOption })

export const modifiedDescriptor: Descriptor = {
  id: 'modified-mlp', name: 'Modified multilayer perceptron', summary: 'Two encoders of the coordinates gate every layer, which eases stiff equations.',
  equation: 'h_{l+1}=(1-z_l)\\odot U+z_l\\odot V,\\quad z_l=\\sigma(h_l K_l+b_l)', reference: { text: 'Wang, Teng & Perdikaris 2021', arxiv: '2001.04536' }, options,
}

/** U = σ(x K_U + b_U), V = σ(x K_V + b_V), z = σ(h K + b), h ← (1 − z) ⊙ U + z ⊙ V (eqs. 43–47). Layers `encoder.u`, `encoder.v`, `dense0` … `dense<depth>`. */
export const modified: NetworkFamily<z.infer<typeof options>> = {
  build: ({ width, depth, activation, initialisation }, { inputs, outputs }) => {
    const { apply } = activationNamed(activation)
    const widths = [inputs, ...new Array<number>(depth).fill(width), outputs]
    return {
      inputs, outputs, fixed: [],
      initialise: random => ({
        ...initialDense(random, 'encoder.u', inputs, width, initialisation), ...initialDense(random, 'encoder.v', inputs, width, initialisation), ...initialStack(random, widths, initialisation),
      }),
      propagate: (parameters, x) => {
        const [u, v] = ['encoder.u', 'encoder.v'].map(name => apply(denseLayer(parameters, name, x)))
        let h = apply(denseLayer(parameters, 'dense0', x))
        for (let layer = 1; layer < depth; layer++) h = gated(apply(denseLayer(parameters, `dense${layer}`, h)), v, u)
        return denseLayer(parameters, `dense${depth}`, depth === 1 ? gated(h, v, u) : h)
      },
    }
  },
}
