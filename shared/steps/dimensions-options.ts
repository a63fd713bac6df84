import { z } from 'zod'

export const dimensionsOptions = z.strictObject({
  error: z.number().min(1e-8).max(0.3).default(1e-3).describe('The relative error that every dimension has to reach.').meta({ title: 'Error to reach' }),
  orders: z.array(z.union([z.literal(2), z.literal(4)])).min(1).max(2).default([2, 4]).describe('Orders of the difference schemes.').meta({ title: 'Orders' }),
  dimensions: z.array(z.number().int().min(1).max(1000)).min(2).max(32).default([1, 2, 3, 4, 5, 6, 8, 10]).describe('Dimensions of the cube.').meta({ title: 'Dimensions' }),
  solution: z.enum(['product', 'sum']).default('product').describe('Which solution is asked for. product: all sine waves at once, nothing that a network of few neurons could be. sum: Σ cos πxᵢ, for which a grid needs as many nodes and a network does not.').meta({ title: 'Solution' }),
  networkSteps: z.number().int().min(0).max(10_000).default(0).describe('Training steps for each network that is tried beside the grids, in 1, 2, 3, 5 and 10 dimensions where they are listed; 0 tries none. For the sum only: of the product next to nothing is met by points of a cube.').meta({ title: 'Network steps', unit: 'steps' }),
  largest: z.number().int().min(1000).max(30_000_000).default(2_000_000).describe('Unknowns of the largest grid that is solved; what needs more is extrapolated and marked.').meta({ title: 'Largest grid', unit: 'unknowns' }),
})
