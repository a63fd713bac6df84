import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationOption } from '../networks/options'

const options = z.object({
  modes: z.array(z.int().min(1).max(512)).min(1).max(3).default([12, 12]).describe('Modes kept along x, then y, then z: 0 … m−1 along x, ±m along the others.').meta({ title: 'Modes' }),
  width: z.int().min(1).max(1024).default(32).describe('Channels inside.').meta({ title: 'Width' }),
  layers: z.int().min(1).max(32).default(4).describe('Spectral layers.').meta({ title: 'Layers' }),
  projection: z.int().min(1).max(4096).default(128).describe('Channels of the layer before the last.').meta({ title: 'Projection' }),
  activation: activationOption.default('gelu'),
})

export const fnoDescriptor: Descriptor = {
  id: 'fno', name: 'Fourier neural operator', summary: 'Global convolutions by few Fourier modes, for periodic or padded fields in 1 to 3 dimensions; the grid may change after training.',
  equation: 'v_{l+1}=\\sigma\\bigl(\\mathcal F^{-1}(R_l\\cdot\\mathcal F v_l)+v_lW_l+b_l\\bigr)', reference: { text: 'Li et al. 2021', arxiv: '2010.08895' }, options,
}

export type FnoOptions = z.infer<typeof options>
