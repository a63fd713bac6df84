import { z } from 'zod'
import { activationOption } from '../networks/options'

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

export const adversarialOptions = z.strictObject({
  kind: z.literal('adversarial'),
  width: z.number().int().min(1).max(1024).default(32).describe('Neurons of each hidden layer of the test function’s network.').meta({ title: 'Width' }),
  depth: z.number().int().min(1).max(16).default(3).describe('Hidden layers of the test function’s network.').meta({ title: 'Depth' }),
  activation: activationOption,
  steps: z.number().int().min(1).max(10).default(1).describe('Steps of the test function before each step of the solution.').meta({ title: 'Steps' }),
  rate: z.number().positive().max(1).default(1e-3).describe('Learning rate of the test function (Adam).').meta({ title: 'Learning rate' }),
}).meta({ title: 'Adversarial' })

export type AdversarialTest = z.infer<typeof adversarialOptions>

export const testOption = z.discriminatedUnion('kind', [elementOptions, patchOptions, adversarialOptions])
  .optional().describe('Test functions of the weak form: polynomials on elements of a box, bumps on patches anywhere, or a second network that looks for the worst one; left out, the one that suits the domain.').meta({ title: 'Test functions' })

export const weakOptions = z.object({ test: testOption })

export type WeakOptions = z.infer<typeof weakOptions>
