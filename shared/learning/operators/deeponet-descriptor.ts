import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption, initialisationOption } from '../networks/options'

const options = z.object({
  width: z.int().min(1).max(4096).default(128).describe('Neurons of each layer, and number of products summed.').meta({ title: 'Width' }),
  depth: z.int().min(1).max(32).default(3).describe('Layers of branch and trunk.').meta({ title: 'Depth' }),
  activation: activationOption.default('relu'), initialisation: initialisationOption.default('torch'),
})

export const deeponetDescriptor: Descriptor = {
  id: 'deeponet', name: 'DeepONet', summary: 'A branch reads the input function at sensors, a trunk the place: their products give the output at any place.',
  equation: 'u(f)(y)=\\sum_k b_k(f(x_1),\\dots,f(x_m))\\,t_k(y)+b_0', reference: { text: 'Lu et al. 2021', doi: '10.1038/s42256-021-00302-5' }, options,
}

export type DeeponetOptions = z.infer<typeof options>
