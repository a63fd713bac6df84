import { z } from 'zod'
import type { Descriptor } from '../../descriptor'

const options = z.object({
  momentum: z.number().min(0).lt(1).default(0).describe('Fraction of the last step that goes on.').meta({ title: 'Momentum' }),
  nesterov: z.boolean().default(false).describe('Look ahead along the momentum.').meta({ title: 'Nesterov' }),
})

export const sgdDescriptor: Descriptor = {
  id: 'sgd', name: 'Gradient descent', summary: 'Steps along the negative gradient, with momentum if wanted.', equation: 'b\\leftarrow\\mu b+g,\\quad\\theta\\leftarrow\\theta-\\eta b',
  reference: { text: 'Sutskever et al. 2013, proceedings.mlr.press/v28/sutskever13' }, options,
}

export type SgdOptions = z.infer<typeof options>
