import { z } from 'zod'
import type { Descriptor } from '../../descriptor'

export const adjointOptions = z.strictObject({
  resolution: z.array(z.number().int().min(2).max(4097)).min(1).max(3).optional().describe('Nodes per axis of the solutions; of a coefficient field also its own.').meta({ title: 'Resolution', unit: 'nodes' }),
  solver: z.looseObject({ method: z.string().optional() }).optional().describe('Options of a solve step for the classical solver: method, order, time, … For parameters only.').meta({ title: 'Solver' }),
  iterations: z.number().int().min(1).max(1000).default(40).describe('Gauss–Newton steps after which the identification gives up; the result is then marked as not converged.').meta({ title: 'Iterations at most' }),
  tolerance: z.number().positive().max(0.1).default(1e-6).describe('The iteration ends when no unknown changes by more than this, relative to itself.').meta({ title: 'Tolerance' }),
  regularisation: z.strictObject({
    weight: z.number().positive().optional().describe('Weight of the squared gradient of a coefficient field beside the misfit. Without it the weight is found by the discrepancy principle.').meta({ title: 'Weight' }),
    noise: z.number().positive().max(10).optional().describe('Noise that the data already carry, as a fraction of their standard deviation, for the discrepancy principle; beside the noise that the step adds.').meta({ title: 'Noise of the data' }),
  }).prefault({}).describe('What makes a coefficient field smooth where the data do not determine it.').meta({ title: 'Regularisation' }),
})

export type AdjointOptions = z.infer<typeof adjointOptions>

export const adjointDescriptor: Descriptor = {
  id: 'adjoint',
  name: 'Least squares through the solver',
  summary: 'Parameters or a coefficient field for which the classical solution comes nearest to the data; with standard errors. First choice where a solver covers the statement.',
  equation: '\\min_\\lambda\\tfrac12\\sum_n\\lvert u_h(x_n;\\lambda)-d_n\\rvert^2+\\tfrac\\omega2\\int\\lvert\\nabla m\\rvert^2',
  reference: { text: 'C. R. Vogel, Computational Methods for Inverse Problems, SIAM (2002)', doi: '10.1137/1.9780898717570' },
  options: adjointOptions,
}
