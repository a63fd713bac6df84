import { addJets } from '../taylor'
import { activationNamed } from './activations'
import { denseLayer, initialDense } from './dense'
import type { NetworkFamily, Parameters } from './network'
import type { ResidualOptions } from './residual-descriptor'

/** h₀ = x K + b, h_{l+1} = h_l + σ(σ(h_l A_l + a_l) B_l + b_l), u = h_L K′ + b′. Layers `input`, `block<l>.first`, `block<l>.second`, `output`. */
export const residual: NetworkFamily<ResidualOptions> = {
  build: ({ width, depth, activation, initialisation }, { inputs, outputs }) => {
    const { apply } = activationNamed(activation)
    const blocks = Array.from({ length: depth }, (_, l) => `block${l}`)
    return {
      inputs, outputs, fixed: [],
      initialise: random => Object.assign(
        {}, initialDense(random, 'input', inputs, width, initialisation),
        ...blocks.flatMap(block => ['first', 'second'].map(part => initialDense(random, `${block}.${part}`, width, width, initialisation))),
        initialDense(random, 'output', width, outputs, initialisation),
      ) as Parameters,
      propagate: (parameters, x) => {
        const layer = (name: string, h: typeof x): typeof x => denseLayer(parameters, name, h)
        const hidden = blocks.reduce((h, block) => addJets(h, apply(layer(`${block}.second`, apply(layer(`${block}.first`, h))))), layer('input', x))
        return layer('output', hidden)
      },
    }
  },
}
