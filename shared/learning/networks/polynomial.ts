import { addJets, affine, multiplyJets, scaleJet } from '../taylor'
import { denseLayer, initialDense, parameterNamed } from './dense'
import type { NetworkFamily, Parameters } from './network'
import type { PolynomialOptions } from './polynomial-descriptor'

/** h_{l+1} = h_l A_l + a_l + ½ (h_l B_l + b_l) ⊙ (h_l C_l), u = h K + b: degree 2^depth. Layers `quadratic<l>.linear`, `.left`, kernel `.right`; `output`. */
export const polynomial: NetworkFamily<PolynomialOptions> = {
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
