import { activationNamed } from './activations'
import { denseLayer, initialDense, initialStack } from './dense'
import { gated } from './gated'
import type { NetworkFamily } from './network'
import type { ModifiedOptions } from './modified-descriptor'

/** U = σ(x K_U + b_U), V = σ(x K_V + b_V), z = σ(h K + b), h ← (1 − z) ⊙ U + z ⊙ V (eqs. 43–47). Layers `encoder.u`, `encoder.v`, `dense0` … `dense<depth>`. */
export const modified: NetworkFamily<ModifiedOptions> = {
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
