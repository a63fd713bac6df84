import { activationNamed } from './activations'
import { denseLayer, initialStack } from './dense'
import type { NetworkFamily } from './network'
import type { MlpOptions } from './mlp-descriptor'

/** h₀ = x, h_{l+1} = σ(h_l K_l + b_l), u = h_L K_L + b_L. Layers `dense0` … `dense<depth>`. */
export const mlp: NetworkFamily<MlpOptions> = {
  build: ({ width, depth, activation, initialisation }, { inputs, outputs, halfWaves }) => {
    const { apply } = activationNamed(activation)
    const widths = [inputs, ...new Array<number>(depth).fill(width), outputs]
    return {
      inputs, outputs, fixed: [],
      initialise: random => initialStack(random, widths, initialisation, { halfWaves }),
      propagate: (parameters, x) => {
        let h = x
        for (let layer = 0; layer < depth; layer++) h = apply(denseLayer(parameters, `dense${layer}`, h))
        return denseLayer(parameters, `dense${depth}`, h)
      },
    }
  },
}
