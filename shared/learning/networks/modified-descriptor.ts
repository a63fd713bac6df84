import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption, initialisationOption, sizeOptions } from './options'

const options = z.object({ ...sizeOptions, activation: activationOption, initialisation: initialisationOption })

export const modifiedDescriptor: Descriptor = {
  id: 'modified-mlp', name: 'Modified multilayer perceptron', summary: 'Two encoders of the coordinates gate every layer, which eases stiff equations.',
  equation: 'h_{l+1}=(1-z_l)\\odot U+z_l\\odot V,\\quad z_l=\\sigma(h_l K_l+b_l)', reference: { text: 'Wang, Teng & Perdikaris 2021', arxiv: '2001.04536' }, options,
}

export type ModifiedOptions = z.infer<typeof options>
