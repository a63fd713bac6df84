import { z } from 'zod'

export const dirichletOption = z.enum(['penalty', 'nitsche']).default('penalty')
  .describe('How an energy counts Dirichlet values that the network does not hold by itself. penalty: by the square of what is missing; values then end a little off. nitsche: with the flux beside it, exact in the limit, but not bounded from below.').meta({ title: 'Soft values' })

export const variationalOptions = z.object({ dirichlet: dirichletOption })

export type VariationalOptions = z.infer<typeof variationalOptions>
