import { constantTensor, normalTensor } from '../random'
import { addJets, scaleJet, subtractJets } from '../taylor'
import { activationNamed } from './activations'
import { denseLayer, initialDense, parameterNamed } from './dense'
import { fourierFeatures } from './embeddings'
import { gated } from './gated'
import type { NetworkFamily, Parameters } from './network'
import type { PirateOptions } from './pirate-descriptor'

/**
 * Φ = [cos xB, sin xB]; U, V = σ(Φ K + b); per block f = σ(x K₁ + b₁), z₁ = f ⊙ U + (1 − f) ⊙ V, g = σ(z₁ K₂ + b₂), z₂ = g ⊙ U + (1 − g) ⊙ V, h = σ(z₂ K₃ + b₃), x ← α h + (1 − α) x (eqs. 4.1–4.6).
 * Each α is trained and starts at 0, so that the network starts as a linear map of Φ. `frequencies` B is not trained.
 */
export const pirate: NetworkFamily<PirateOptions> = {
  build: ({ width, depth, scale, activation, initialisation }, { inputs, outputs }) => {
    const { apply } = activationNamed(activation)
    const blocks = Array.from({ length: depth }, (_, l) => `block${l}`)
    return {
      inputs, outputs, fixed: ['frequencies'],
      initialise: random => Object.assign(
        { frequencies: normalTensor(random.child('frequencies'), [inputs, width / 2], scale) },
        ...['encoder.u', 'encoder.v', ...blocks.flatMap(block => [1, 2, 3].map(k => `${block}.dense${k}`))].map(name => initialDense(random, name, width, width, initialisation)),
        ...blocks.map(block => ({ [`${block}.alpha`]: constantTensor([1], 0) })), initialDense(random, 'output', width, outputs, initialisation),
      ) as Parameters,
      propagate: (parameters, coordinates) => {
        const embedded = fourierFeatures(coordinates, parameterNamed(parameters, 'frequencies'))
        const layer = (name: string, h: typeof coordinates): typeof coordinates => apply(denseLayer(parameters, name, h))
        const [u, v] = ['encoder.u', 'encoder.v'].map(name => layer(name, embedded))
        const hidden = blocks.reduce((x, block) => {
          const first = gated(layer(`${block}.dense1`, x), u, v)
          const second = gated(layer(`${block}.dense2`, first), u, v)
          return addJets(x, scaleJet(subtractJets(layer(`${block}.dense3`, second), x), parameterNamed(parameters, `${block}.alpha`)))
        }, embedded)
        return denseLayer(parameters, 'output', hidden)
      },
    }
  },
}
