import { z } from 'zod'
import { schemaFaults } from './schema-faults'
import type { StepKind } from './step-kind'

export const importOptions = z.strictObject({
  file: z.string().min(1).describe('The data file: beside the document, or read into the experiment when it was dropped on the window.').meta({ title: 'File' }),
  array: z.union([z.string(), z.array(z.string()).min(1).max(16)]).optional().describe('The array inside the file, or several that are the components of one field.').meta({ title: 'Array' }),
  axes: z.partialRecord(z.enum(['x', 'y', 'z', 't']), z.string()).optional().describe('Which arrays of the file hold the coordinates.').meta({ title: 'Axes' }),
})

export const importData: StepKind = {
  descriptor: {
    id: 'import',
    name: 'Import',
    summary: 'Data that somebody else computed or measured, as a field to look at and compare with.',
    options: importOptions,
  },
  inputs: () => [],
  files: step => (typeof step.file === 'string' ? [step.file] : []),
  check: step => {
    const { id: _id, kind: _kind, ...own } = step
    return schemaFaults(importOptions, own)
  },
  load: async () => ({
    async run({ step, foreign }) {
      const { file, array, axes } = step as unknown as z.infer<typeof importOptions>
      const field = await foreign(file, array, axes)
      return { fields: [{ ...field, name: 'u' }], arrays: [], metrics: {}, converged: true, faults: [] }
    },
  }),
}
