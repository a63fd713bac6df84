import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption, initialisationOption, sizeOptions } from './options'

const options = z.object({ ...sizeOptions, activation: activationOption, initialisation: initialisationOption })

export const mlpDescriptor: Descriptor = {
  id: 'mlp', name: 'Multilayer perceptron', summary: 'Dense layers with one activation between them: the plain choice.',
  equation: 'h_{l+1}=\\sigma(h_l K_l+b_l),\\quad u=h_L K_L+b_L',
  reference: { text: 'Cybenko 1989', doi: '10.1007/BF02551274' }, options,
}

export type MlpOptions = z.infer<typeof options>
