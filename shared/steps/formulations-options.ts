import { z } from 'zod'
import { energyBoundsOptions } from './energy-bounds-options'
import { solveOptions } from './solve-options'

export const formulationsOptions = z.strictObject({
  resolutions: energyBoundsOptions.shape.resolutions,
  tolerance: z.number().min(1e-10).max(0.1).default(1e-6).describe('Iterations are counted until the relative error of the coefficients is this small.').meta({ title: 'Tolerance' }),
  maximumIterations: z.number().int().min(1).max(100_000_000).default(1_000_000).describe('A formulation that needs more has no count.').meta({ title: 'Iterations at most' }),
  store: solveOptions.shape.store,
})
