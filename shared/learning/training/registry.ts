import { z } from 'zod'
import type { Descriptor, RegistryLine } from '../../descriptor'
import { minimisers } from '../optimizers/minimisers'
import { graphOptimizers } from '../optimizers/registry'
import type { TrainingMethodFamily } from './method'

const rateOptions = {
  rate: z.number().positive().default(1e-3).describe('Largest learning rate.').meta({ title: 'Learning rate' }),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('cosine').describe('How the rate falls towards the end of the budget.').meta({ title: 'Schedule' }),
  warmUp: z.number().min(0).max(1).default(0).describe('Share of the steps in which the rate climbs to its largest value.').meta({ title: 'Warm-up' }),
}

const gaussNewtonDescriptor: Descriptor = {
  id: 'gauss-newton', name: 'Gauss–Newton',
  summary: 'Solves the linearised least-squares problem at every step, also called energy natural gradient: errors of 1e-7 and below in seconds with networks of a few hundred parameters.',
  equation: '\\theta\\leftarrow\\theta-2^{-k}J^{+}r', reference: { text: 'Müller & Zeinhofer 2023', arxiv: '2302.13163' },
  options: z.object({
    cutoff: z.union([z.number().positive().lt(1), z.literal('auto')]).default(1e-8).describe('Singular values below this share of the largest are left out. 1e-8 is near the square root of the rounding error of double precision; less goes further at times, and fails at others. "auto" chooses it at each step from the decay of the singular values.').meta({ title: 'Cut-off' }),
    solver: z.enum(['auto', 'svd', 'cholesky', 'woodbury']).default('auto')
      .describe('How a step is computed: singular values of the Jacobian (the most accurate), or damped steps from its products with itself, parameters × parameters (cholesky) or residuals × residuals (woodbury). "auto" takes singular values up to 512 residuals or parameters, whichever are fewer, and the smaller product beyond.').meta({ title: 'Solver' }),
  }),
}

const springDescriptor: Descriptor = {
  id: 'spring', name: 'SPRING',
  summary: 'Gauss–Newton steps on a few points drawn anew at every step, with a memory of the last step: for networks of thousands of parameters and many dimensions.',
  equation: 'd=\\mu\\varphi-J^{\\mathsf T}(JJ^{\\mathsf T}+\\lambda I)^{-1}(r+\\mu J\\varphi)', reference: { text: 'Goldshlager, Abrahamsen & Lin 2024', doi: '10.1016/j.jcp.2024.113351' },
  options: z.object({
    momentum: z.number().min(0).lt(1).optional().describe('How much of the last step is kept where the new points say nothing. Left out, the number of residuals over that of parameters, at most 0.9.').meta({ title: 'Momentum' }),
    damping: z.number().positive().max(1).optional().describe('Damping as a share of the sum of all squared singular values. Left out, it follows how well the linear model foretells the loss.').meta({ title: 'Damping' }),
  }),
}

const usualRates: Readonly<Record<string, number>> = { lion: 1e-4, sgd: 1e-2 }
const withRate = (descriptor: Descriptor): Descriptor => ({ ...descriptor, options: z.object({ ...descriptor.options!.shape, ...rateOptions, rate: rateOptions.rate.default(usualRates[descriptor.id] ?? 1e-3) }) })

/** Every way of finding a network's parameters: least squares, quasi-Newton, and the update rules that run inside the graph. */
export const trainingMethods: readonly RegistryLine<TrainingMethodFamily>[] = [
  { descriptor: gaussNewtonDescriptor, load: async () => (await import('./gauss-newton')).gaussNewton },
  { descriptor: springDescriptor, load: async () => (await import('./spring')).spring },
  ...minimisers.map(({ descriptor, load }) => ({ descriptor, load: async () => (await import('./quasi-newton')).quasiNewton(load) })),
  ...graphOptimizers.map(({ descriptor, load }) => ({ descriptor: withRate(descriptor), load: async () => (await import('./first-order')).firstOrder(load) })),
]
