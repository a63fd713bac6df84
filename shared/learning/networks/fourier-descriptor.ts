import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption, initialisationOption, sizeOptions } from './options'

const options = z.object({
  ...sizeOptions,
  features: z.int().min(1).max(4096).default(32).describe('Random frequencies; each gives a cosine and a sine.').meta({ title: 'Frequencies' }),
  scale: z.number().positive().max(1000).default(1).describe('Standard deviation of the frequencies, in periods per unit length: as large as the finest detail needs, no larger.').meta({ title: 'Scale' }),
  activation: activationOption, initialisation: initialisationOption,
})

export const fourierDescriptor: Descriptor = {
  id: 'fourier-features', name: 'Random Fourier features', summary: 'Cosines and sines of random frequencies before a perceptron: fine detail is learned as fast as coarse.',
  equation: 'u(x)=\\mathrm{MLP}\\bigl(\\cos 2\\pi xB,\\ \\sin 2\\pi xB\\bigr),\\quad B_{ij}\\sim N(0,s^2)', reference: { text: 'Tancik et al. 2020', arxiv: '2006.10739' }, options,
}

export type FourierOptions = z.infer<typeof options>
