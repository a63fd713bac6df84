import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption } from '../networks/options'

const options = z.object({
  base: z.int().min(1).max(512).default(32).describe('Channels of the finest level; each coarser level has twice as many.').meta({ title: 'Channels' }),
  levels: z.int().min(1).max(8).default(4).describe('Levels; the grid halves from one to the next.').meta({ title: 'Levels' }),
  border: z.enum(['zero', 'periodic']).default('zero').describe('What lies beyond the border.').meta({ title: 'Border' }),
  activation: activationOption.default('relu'),
})

export const unetDescriptor: Descriptor = {
  id: 'unet', name: 'U-Net', summary: 'Convolutions on halved grids and back, with shortcuts between equal grids: local features at all scales, on a fixed grid.',
  reference: { text: 'Ronneberger, Fischer & Brox 2015', arxiv: '1505.04597' }, options,
}

export type UnetOptions = z.infer<typeof options>
