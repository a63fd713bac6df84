import { error } from '../fault'
import { dimensionsOptions } from './dimensions-options'
import type { StepKind } from './step-kind'

/** The curse of dimensionality on grids: how many unknowns a difference scheme of order s needs for one error in d dimensions. Measured where a grid fits, extrapolated and marked beyond. */
export const dimensions: StepKind = {
  descriptor: {
    id: 'dimensions',
    name: 'Curse of dimensionality',
    summary: 'Counts the unknowns that a grid needs for one error as the dimension grows: measured where a grid fits, extrapolated beyond.',
    equation: 'N \\approx \\varepsilon^{-d/s}',
    reference: { text: 'R. Bellman, Dynamic Programming, Princeton University Press (1957)' },
    options: dimensionsOptions,
  },
  inputs: () => [],
  files: () => [],
  check: step => {
    const list = step.dimensions
    const repeated = Array.isArray(list) ? list.find((d, i) => list.indexOf(d) !== i) : undefined
    return repeated === undefined ? [] : [error('repeated-dimension', `The dimension ${String(repeated)} is listed twice.`, { where: { path: 'dimensions' }, tip: 'List every dimension once.' })]
  },
  load: async () => (await import('./dimensions-runner')).dimensionsRunner,
}
