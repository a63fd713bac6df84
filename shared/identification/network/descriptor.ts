import { z } from 'zod'
import type { Descriptor, RegistryLine } from '../../descriptor'
import { networks } from '../../learning/networks/registry'
import { sequences } from '../../learning/sampling/sequences'
import { trainingMethods } from '../../learning/training/registry'

interface Part { readonly kind: string; readonly [option: string]: unknown }

function oneOf(lines: readonly RegistryLine<unknown>[]): z.ZodType<Part> {
  const shapes = lines.map(({ descriptor }) => z.strictObject({ kind: z.literal(descriptor.id), ...descriptor.options?.shape }).meta({ title: descriptor.name }))
  return z.discriminatedUnion('kind', shapes as unknown as [typeof shapes[0], typeof shapes[0]]) as unknown as z.ZodType<Part>
}

const count = (title: string, help: string) => z.number().int().min(1).max(10_000_000).optional().describe(help).meta({ title, unit: 'points' })
const weight = (title: string, help: string, value: number) => z.number().positive().default(value).describe(help).meta({ title })

export const networkOptions = z.strictObject({
  network: oneOf(networks).prefault({ kind: 'mlp', width: 24, depth: 3 } as never).describe('The function that stands for the solution.').meta({ title: 'Network' }),
  optimizer: oneOf(trainingMethods).prefault({ kind: 'gauss-newton' } as never).describe('How the network and the unknowns are found, together.').meta({ title: 'Optimizer' }),
  precision: z.enum(['float32', 'float64']).default('float64').describe('What the network is trained in.').meta({ title: 'Precision' }),
  collocation: z.strictObject({
    interior: count('Interior', 'Points at which the equations are asked for.'), boundary: count('Boundary', 'Points at which the boundary conditions are asked for.'), initial: count('Initial', 'Points at which the initial values are asked for.'),
    sequence: z.enum(sequences).default('sobol').describe('How points are spread.').meta({ title: 'Sequence' }),
  }).prefault({}).describe('Where the statement is asked for, beside the points of the data.').meta({ title: 'Collocation' }),
  weights: z.strictObject({
    equation: weight('Equations', 'Factor of the equations in the loss.', 1), boundary: weight('Boundary', 'Factor of the boundary conditions in the loss.', 1), initial: weight('Initial', 'Factor of the initial values in the loss.', 1),
    data: weight('Data', 'Factor of the data in the loss, in standard deviations.', 1),
  }).prefault({}).describe('Factors of the terms of the loss, each a mean of squares.').meta({ title: 'Weights' }),
  budget: z.strictObject({
    steps: z.number().int().min(1).max(100_000_000).optional().describe('Training ends after so many steps.').meta({ title: 'Steps' }),
    seconds: z.number().positive().max(10_000_000).optional().describe('Training ends after so much time; another run may then take another number of steps.').meta({ title: 'Time', unit: 's' }),
  }).default({ steps: 150 }).describe('When training ends: at whichever comes first.').meta({ title: 'Budget' }),
  resolution: z.array(z.number().int().min(2).max(4097)).min(1).max(3).optional().describe('Nodes per axis of the solution that is stored.').meta({ title: 'Resolution', unit: 'nodes' }),
})

export type NetworkIdentificationOptions = z.infer<typeof networkOptions>

export const networkDescriptor: Descriptor = {
  id: 'network',
  name: 'Network',
  summary: 'Parameters trained together with a network that fulfils the equations and passes through the data. For statements that no classical solver covers, or whose boundary and initial values are not known.',
  equation: '\\min_{\\theta,\\lambda}\\frac1N\\sum_n\\lvert u_\\theta(x_n)-d_n\\rvert^2+\\frac1M\\sum_m\\lvert r(u_\\theta,\\lambda;x_m)\\rvert^2',
  reference: { text: 'M. Raissi, P. Perdikaris, G. E. Karniadakis, J. Comput. Phys. 378 (2019)', doi: '10.1016/j.jcp.2018.10.045' },
  options: networkOptions,
}
