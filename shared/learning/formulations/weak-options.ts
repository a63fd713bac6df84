import { z } from 'zod'

const whole = (title: string, help: string, most: number, least = 1) => z.number().int().min(least).max(most).optional().describe(help).meta({ title })
const norm = z.enum(['dual', 'plain']).default('dual').describe('How moments are weighed: "dual" as the norm of the residual on the space of test functions, "plain" each by the length of its test function.').meta({ title: 'Norm' })
const quadrature = whole('Quadrature', 'Gauss points along each axis of an element, or along the radius of a patch.', 400, 2)

export const elementOptions = z.strictObject({
  kind: z.literal('elements'),
  elements: z.union([z.number().int().min(1).max(1000), z.array(z.number().int().min(1).max(1000)).min(1).max(4)]).default(1).describe('Elements along each axis, or one number for every coordinate, the time last.').meta({ title: 'Elements' }),
  functions: whole('Functions', 'Test functions in each element along each axis.', 200),
  quadrature, norm,
}).meta({ title: 'Elements' })

export const patchOptions = z.strictObject({
  kind: z.literal('patches'),
  patches: whole('Patches', 'Balls inside the domain that carry test functions.', 100_000),
  degree: z.number().int().min(0).max(8).default(2).describe('Largest degree of the polynomials in each ball.').meta({ title: 'Degree' }),
  quadrature, norm,
}).meta({ title: 'Patches' })

export const testOption = z.discriminatedUnion('kind', [elementOptions, patchOptions])
  .optional().describe('Test functions of the weak form: polynomials on elements of a box, or bumps on patches anywhere; left out, the one that suits the domain.').meta({ title: 'Test functions' })

export const weakOptions = z.object({ test: testOption })

export type WeakOptions = z.infer<typeof weakOptions>
