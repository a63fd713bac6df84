import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption } from '../networks/options'

const options = z.object({
  width: z.int().min(1).max(1024).default(48).describe('Channels inside.').meta({ title: 'Width' }),
  blocks: z.int().min(1).max(32).default(4).describe('Residual blocks.').meta({ title: 'Blocks' }),
  dilations: z.array(z.int().min(1).max(64)).min(1).max(16).default([1, 2, 4, 8, 4, 2, 1]).describe('Spacing of the taps of each convolution of a block; wide spacing sees far.').meta({ title: 'Dilations' }),
  border: z.enum(['zero', 'periodic']).default('zero').describe('What lies beyond the border.').meta({ title: 'Border' }),
  activation: activationOption.default('relu'),
})

export const cnnDescriptor: Descriptor = {
  id: 'cnn', name: 'Dilated residual convolutions', summary: 'Convolutions of growing and shrinking spacing with shortcuts: the plain convolutional baseline, on a fixed grid spacing.',
  reference: { text: 'Stachenfeld et al. 2022', arxiv: '2112.15275' }, options,
}

export type CnnOptions = z.infer<typeof options>
