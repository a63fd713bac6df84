import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption, initialisationOption } from './options'

const options = z.object({
  width: z.int().min(2).max(4096).multipleOf(2).default(64).describe('Neurons of each layer, an even number: half as many frequencies.').meta({ title: 'Width' }),
  depth: z.int().min(1).max(64).default(3).describe('Blocks of three layers.').meta({ title: 'Blocks' }),
  scale: z.number().positive().max(1000).default(1).describe('Standard deviation of the random angular frequencies of the embedding.').meta({ title: 'Scale' }),
  activation: activationOption, initialisation: initialisationOption,
})

export const pirateDescriptor: Descriptor = {
  id: 'piratenet', name: 'PirateNet', summary: 'Gated residual blocks that start as the identity and switch themselves on: deep networks for hard equations.',
  equation: 'x_{l+1}=\\alpha_l\\,h_l+(1-\\alpha_l)\\,x_l,\\quad \\alpha_l=0\\ \\text{initially}', reference: { text: 'Wang, Li, Chen & Perdikaris 2024', arxiv: '2402.00326' }, options,
}

export type PirateOptions = z.infer<typeof options>
