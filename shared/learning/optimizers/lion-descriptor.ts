import { z } from 'zod'
import type { Descriptor } from '../../descriptor'

const options = z.object({
  beta1: z.number().min(0).lt(1).default(0.9).describe('Weight of the mean of gradients in a step.').meta({ title: 'β₁' }),
  beta2: z.number().min(0).lt(1).default(0.99).describe('Memory of the mean of gradients.').meta({ title: 'β₂' }),
  decay: z.number().min(0).default(0).describe('Fraction of the parameters that each step takes away, times the learning rate.').meta({ title: 'Weight decay' }),
})

export const lionDescriptor: Descriptor = {
  id: 'lion', name: 'Lion', summary: 'Steps of the learning rate in the direction of signs: one moment only. Use a third to a tenth of Adam\'s rate.',
  equation: '\\theta\\leftarrow\\theta-\\eta\\bigl(\\operatorname{sign}(\\beta_1m+(1-\\beta_1)g)+\\lambda\\theta\\bigr)', reference: { text: 'Chen et al. 2023', arxiv: '2302.06675' }, options,
}

export type LionOptions = z.infer<typeof options>
