import { z } from 'zod'
import type { Descriptor, RegistryLine } from '../../descriptor'
import { adamDescriptor } from '../optimizers/adam'
import { lionDescriptor } from '../optimizers/lion'
import { firstOrder } from './first-order'
import type { TrainingMethodFamily } from './method'

const rateOptions = {
  rate: z.number().positive().default(1e-3).describe('Largest learning rate.').meta({ title: 'Learning rate' }),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('cosine').describe('How the rate falls towards the end of the budget.').meta({ title: 'Schedule' }),
  warmUp: z.number().min(0).max(1).default(0).describe('Share of the steps in which the rate climbs to its largest value.').meta({ title: 'Warm-up' }),
}

const gaussNewtonDescriptor: Descriptor = {
  id: 'gauss-newton', name: 'Gauss–Newton (energy natural gradient)',
  summary: 'Solves the linearised least-squares problem at every step: errors of 1e-7 and below in seconds with networks of a few hundred parameters.',
  equation: '\\theta\\leftarrow\\theta-2^{-k}J^{+}r', reference: { text: 'Müller & Zeinhofer 2023', arxiv: '2302.13163' },
  options: z.object({
    cutoff: z.number().positive().lt(1).default(1e-10).describe('Singular values below this share of the largest are left out. 1e-10 suits double precision; larger ones are safer with noisy data and end sooner.').meta({ title: 'Cut-off' }),
  }),
}

const withRate = (descriptor: Descriptor, rate: number): Descriptor => ({ ...descriptor, options: z.object({ ...descriptor.options!.shape, ...rateOptions, rate: rateOptions.rate.default(rate) }) })

/** One more optimizer is one file and one line. */
export const trainingMethods: readonly RegistryLine<TrainingMethodFamily>[] = [
  { descriptor: gaussNewtonDescriptor, load: async () => (await import('./gauss-newton')).gaussNewton },
  { descriptor: withRate(adamDescriptor, 1e-3), load: async () => firstOrder(async () => (await import('../optimizers/adam')).adam) },
  { descriptor: withRate(lionDescriptor, 1e-4), load: async () => firstOrder(async () => (await import('../optimizers/lion')).lion) },
]
