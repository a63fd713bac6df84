import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption, initialisationOption, sizeOptions } from './options'

const options = z.object({
  width: sizeOptions.width, depth: z.int().min(1).max(64).default(3).describe('Residual blocks of two layers.').meta({ title: 'Blocks' }),
  activation: activationOption, initialisation: initialisationOption,
})

export const residualDescriptor: Descriptor = {
  id: 'residual', name: 'Residual network', summary: 'Blocks of two layers with a shortcut: deeper networks stay trainable. The network of the Deep Ritz method.',
  equation: 'h_{l+1}=h_l+\\sigma\\bigl(\\sigma(h_l A_l+a_l)B_l+b_l\\bigr)', reference: { text: 'E & Yu 2018', doi: '10.1007/s40304-018-0127-z' }, options,
}

export type ResidualOptions = z.infer<typeof options>
