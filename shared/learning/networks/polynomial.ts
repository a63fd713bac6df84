import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { addJets, affine, multiplyJets, scaleJet } from '../taylor'
import { denseLayer, initialDense, initialisationOption, parameterNamed } from './dense'
import { sizeOptions } from './mlp'
import type { NetworkFamily, Parameters } from './network'

const options = z.object({
  width: sizeOptions.width, depth: z.int().min(1).max(12).default(3).describe('Quadratic layers; the result is a polynomial of degree 2 to this power.').meta({ title: 'Quadratic layers' }),
  initialisation: initialisationOption,
})

export const polynomialDescriptor: Descriptor = {
  id: 'polynomial', name: 'Composed polynomials', summary: 'Quadratic layers one after another: a polynomial of high degree with few parameters. For coordinates scaled to [−1, 1].',
  equation: 'h_{l+1}=h_lA_l+a_l+\\tfrac12(h_lB_l+b_l)\\odot(h_lC_l)', reference: { text: 'Chrysos et al. 2020', arxiv: '2003.03828' }, options,
}

/** h_{l+1} = h_l A_l + a_l + ½ (h_l B_l + b_l) ⊙ (h_l C_l), u = h K + b: degree 2^depth. Layers `quadratic<l>.linear`, `.left`, kernel `.right`; `output`. */
export const polynomial: NetworkFamily<z.infer<typeof options>> = {
  build: ({ width, depth, initialisation }, { inputs, outputs }) => {
    const layers = Array.from({ length: depth }, (_, l) => `quadratic${l}`)
    return {
      inputs, outputs, fixed: [],
      initialise: random => Object.assign({}, ...layers.flatMap((layer, l) => {
        const before = l === 0 ? inputs : width
        const right = initialDense(random, `${layer}.right`, before, width, initialisation)
        return [
          initialDense(random, `${layer}.linear`, before, width, initialisation), initialDense(random, `${layer}.left`, before, width, initialisation),
          { [`${layer}.right.kernel`]: right[`${layer}.right.kernel`] },
        ]
      }), initialDense(random, 'output', width, outputs, initialisation)) as Parameters,
      propagate: (parameters, x) => {
        const hidden = layers.reduce((h, layer) => {
          const product = multiplyJets(denseLayer(parameters, `${layer}.left`, h), affine(h, parameterNamed(parameters, `${layer}.right.kernel`)))
          return addJets(denseLayer(parameters, `${layer}.linear`, h), scaleJet(product, 0.5))
        }, x)
        return denseLayer(parameters, 'output', hidden)
      },
    }
  },
}
