import { z } from 'zod'
import type { Descriptor } from '../../descriptor'

const moments = {
  beta1: z.number().min(0).lt(1).default(0.9).describe('Memory of the mean of gradients.').meta({ title: 'β₁' }),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Memory of the mean of squared gradients.').meta({ title: 'β₂' }),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of the second moment.').meta({ title: 'ε' }),
}
const adamOptions = z.object(moments)
const adamwOptions = z.object({ ...moments, decay: z.number().min(0).default(0.01).describe('Fraction of the parameters that each step takes away, times the learning rate.').meta({ title: 'Weight decay' }) })

export const adamDescriptor: Descriptor = {
  id: 'adam', name: 'Adam', summary: 'Steps of about the learning rate along each parameter, whatever the size of the gradient: the usual start.',
  equation: '\\theta\\leftarrow\\theta-\\eta\\,\\frac{m/(1-\\beta_1^t)}{\\sqrt{v/(1-\\beta_2^t)}+\\varepsilon}', reference: { text: 'Kingma & Ba 2015', arxiv: '1412.6980' }, options: adamOptions,
}

export const adamwDescriptor: Descriptor = {
  id: 'adamw', name: 'AdamW', summary: 'Adam with parameters that shrink a little each step, apart from the gradient.',
  equation: '\\theta\\leftarrow(1-\\eta\\lambda)\\theta-\\eta\\,\\frac{\\hat m}{\\sqrt{\\hat v}+\\varepsilon}', reference: { text: 'Loshchilov & Hutter 2019', arxiv: '1711.05101' }, options: adamwOptions,
}

export type AdamOptions = z.infer<typeof adamOptions>
export type AdamwOptions = z.infer<typeof adamwOptions>
