import { z } from 'zod'
import { activationList } from './activation-list'

export const sizeOptions = {
  width: z.int().min(1).max(4096).default(64).describe('Neurons of each hidden layer.').meta({ title: 'Width' }),
  depth: z.int().min(1).max(64).default(3).describe('Hidden layers.').meta({ title: 'Depth' }),
}

export const activationOption = z.enum(activationList.map(a => a.id) as [string, ...string[]]).default('tanh').describe('The function between layers.').meta({ title: 'Activation' })

/** How kernels and biases of dense layers start. */
export const initialisationOption = z.enum(['auto', 'glorot-uniform', 'glorot-normal', 'he-normal', 'orthogonal', 'torch', 'spread']).default('auto')
  .describe('How weights start; biases at 0, except with torch and spread. "spread" lays the first layer’s kinks over the domain, which Gauss–Newton needs; "auto" takes it there, and glorot-uniform elsewhere.').meta({ title: 'Initial weights' })
export type Initialisation = z.infer<typeof initialisationOption>
