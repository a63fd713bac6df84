import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { addJets } from '../taylor'
import { activationNamed, activationOption } from './activations'
import { denseLayer, initialDense, initialisationOption } from './dense'
import { sizeOptions } from './mlp'
import type { NetworkFamily, Parameters } from './network'

const options = z.object({
  width: sizeOptions.width, depth: z.int().min(1).max(64).default(3).describe('Residual blocks of two layers.').meta({ title: 'Blocks' }),
  activation: activationOption, initialisation: initialisationOption,
})

export const residualDescriptor: Descriptor = {
  id: 'residual', name: 'Residual network', summary: 'Blocks of two layers with a shortcut: deeper networks stay trainable. The network of the Deep Ritz method.',
  equation: 'h_{l+1}=h_l+\\sigma\\bigl(\\sigma(h_l A_l+a_l)B_l+b_l\\bigr)', reference: { text: 'E & Yu 2018', doi: '10.1007/s40304-018-0127-z' }, options,
}

/** h₀ = x K + b, h_{l+1} = h_l + σ(σ(h_l A_l + a_l) B_l + b_l), u = h_L K′ + b′. Layers `input`, `block<l>.first`, `block<l>.second`, `output`. */
export const residual: NetworkFamily<z.infer<typeof options>> = {
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
