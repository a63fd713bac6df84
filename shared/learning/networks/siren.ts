import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { sirenUniform, torchDefault } from '../random'
import { applyFunction, scaleJet, sinFunction } from '../taylor'
import { denseLayer } from './dense'
import { sizeOptions } from './mlp'
import type { NetworkFamily, Parameters } from './network'

const options = z.object({
  ...sizeOptions,
  omega: z.number().positive().max(1000).default(5).describe('Frequency of the sines: 30 for signals, 1 to 5 for smooth solutions.').meta({ title: 'Frequency ω' }),
})

export const sirenDescriptor: Descriptor = {
  id: 'siren', name: 'SIREN', summary: 'Sines of a set frequency, with initial weights that keep their distribution through the layers.',
  equation: 'h_{l+1}=\\sin(\\omega\\,(h_l K_l+b_l))', reference: { text: 'Sitzmann et al. 2020', arxiv: '2006.09661' }, options,
}

/** h_{l+1} = sin(ω (h_l K_l + b_l)), u = h_L K_L + b_L. Initial weights as in §3.2 of the paper. */
export const siren: NetworkFamily<z.infer<typeof options>> = {
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
