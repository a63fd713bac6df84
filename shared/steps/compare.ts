import { z } from 'zod'
import type { StepEnvelope } from '../experiment/document'
import { error, nearestName } from '../fault'
import { schemaFaults } from './schema-faults'
import type { StepKind } from './step-kind'

export const fileSource = z.strictObject({
  file: z.string().min(1).describe('A data file beside the document.').meta({ title: 'File' }),
  array: z.union([z.string(), z.array(z.string()).min(1).max(16)]).optional().describe('The array inside the file, or one for each component.').meta({ title: 'Array' }),
  axes: z.partialRecord(z.enum(['x', 'y', 'z', 't']), z.string()).optional().describe('Which arrays of the file hold the coordinates.').meta({ title: 'Axes' }),
})

export const compareOptions = z.strictObject({
  a: z.string().describe('The step whose field is judged.').meta({ title: 'Field', registry: 'step' }),
  field: z.union([z.string(), z.array(z.string()).min(1).max(16)]).optional()
    .describe('Which unknown is compared; several are compared together. Also re(h), im(h), abs(h). Without it the first.').meta({ title: 'Unknown' }),
  b: z.union([z.string(), fileSource]).describe('The reference: a step, or an array of a file. Errors are taken on its points.').meta({ title: 'Reference', registry: 'step' }),
  store: z.enum(['float64', 'float32']).optional().describe('Precision of the stored fields; the norms are measured in float64.').meta({ title: 'Stored as' }),
})
export type CompareOptions = z.infer<typeof compareOptions>

const optionsOf = (step: StepEnvelope): Partial<CompareOptions> => step as Partial<CompareOptions>

export const compare: StepKind = {
  descriptor: {
    id: 'compare',
    name: 'Compare',
    summary: 'Two fields, their difference and its norms, on the points of the reference.',
    equation: '\\|u_a - u_b\\|_2 / \\|u_b\\|_2',
    options: compareOptions,
  },
  inputs: step => {
    const { a, b } = optionsOf(step)
    return [a, b].filter((s): s is string => typeof s === 'string')
  },
  files: step => {
    const { b } = optionsOf(step)
    return typeof b === 'object' && b !== null && typeof b.file === 'string' ? [b.file] : []
  },
  check: (step, document) => {
    const { id: _id, kind: _kind, ...own } = step
    const faults = schemaFaults(compareOptions, own)
    const ids = document.steps.map(s => s.id).filter(id => id !== step.id)
    for (const key of ['a', 'b'] as const) {
      const named = step[key]
      if (typeof named !== 'string' || ids.includes(named)) continue
      const near = nearestName(named, ids)
      faults.push(error('unknown-step', `There is no other step "${named}".`, { where: { path: key }, tip: near ? `Did you mean "${near}"?` : `The steps are ${ids.join(', ')}.` }))
    }
    return faults
  },
  load: async () => (await import('./compare-runner')).compareRunner,
}
