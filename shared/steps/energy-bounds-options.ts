import { z } from 'zod'

export const energyBoundsOptions = z.strictObject({
  resolutions: z.array(z.union([z.number().int().min(3), z.array(z.number().int().min(3)).min(1).max(3)])).min(2).max(12).default([9, 17, 33, 65])
    .describe('Two or more resolutions, coarse to fine: bounds/(n − 1) is the width of the cells.').meta({ title: 'Resolutions', unit: 'nodes' }),
  order: z.union([z.literal(1), z.literal(2)]).default(1).describe('Degree of the finite elements.').meta({ title: 'Degree' }),
})
