import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { initialisationOption, sizeOptions } from './options'

const options = z.object({
  width: sizeOptions.width, depth: z.int().min(1).max(12).default(3).describe('Quadratic layers; the result is a polynomial of degree 2 to this power.').meta({ title: 'Quadratic layers' }),
  initialisation: initialisationOption,
})

export const polynomialDescriptor: Descriptor = {
  id: 'polynomial', name: 'Composed polynomials', summary: 'Quadratic layers one after another: a polynomial of high degree with few parameters. For coordinates scaled to [−1, 1].',
  equation: 'h_{l+1}=h_lA_l+a_l+\\tfrac12(h_lB_l+b_l)\\odot(h_lC_l)', reference: { text: 'Chrysos et al. 2020', arxiv: '2003.03828' }, options,
}

export type PolynomialOptions = z.infer<typeof options>
