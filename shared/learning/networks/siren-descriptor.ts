import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { sizeOptions } from './options'

const options = z.object({
  ...sizeOptions,
  omega: z.number().positive().max(1000).default(5).describe('Frequency of the sines: 30 for signals, 1 to 5 for smooth solutions.').meta({ title: 'Frequency ω' }),
})

export const sirenDescriptor: Descriptor = {
  id: 'siren', name: 'SIREN', summary: 'Sines of a set frequency, with initial weights that keep their distribution through the layers.',
  equation: 'h_{l+1}=\\sin(\\omega\\,(h_l K_l+b_l))', reference: { text: 'Sitzmann et al. 2020', arxiv: '2006.09661' }, options,
}

export type SirenOptions = z.infer<typeof options>
