import { sirenUniform, torchDefault } from '../random'
import { applyFunction, scaleJet, sinFunction } from '../taylor'
import { denseLayer } from './dense'
import type { NetworkFamily, Parameters } from './network'
import type { SirenOptions } from './siren-descriptor'

/** h_{l+1} = sin(ω (h_l K_l + b_l)), u = h_L K_L + b_L. Initial weights as in §3.2 of the paper. */
export const siren: NetworkFamily<SirenOptions> = {
  build: ({ width, depth, omega }, { inputs, outputs }) => {
    const widths = [inputs, ...new Array<number>(depth).fill(width), outputs]
    return {
      inputs, outputs, fixed: [],
      initialise: random => Object.assign({}, ...widths.slice(1).map((out, l): Parameters => {
        const stream = random.child(`dense${l}`)
        return {
          [`dense${l}.kernel`]: sirenUniform(stream.child('kernel'), [widths[l], out], { first: l === 0, omega }),
          [`dense${l}.bias`]: torchDefault(stream.child('bias'), [out], { in: widths[l], out }),
        }
      })) as Parameters,
      propagate: (parameters, x) => {
        let h = x
        for (let layer = 0; layer < depth; layer++) h = applyFunction(sinFunction, scaleJet(denseLayer(parameters, `dense${layer}`, h), omega))
        return denseLayer(parameters, `dense${depth}`, h)
      },
    }
  },
}
