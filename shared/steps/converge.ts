import { checkConverge, convergeOptions } from './converge-options'
import type { StepKind } from './step-kind'

export const converge: StepKind = {
  descriptor: {
    id: 'converge',
    name: 'Converge',
    summary: 'Solves on finer and finer grids and fits the order at which the error falls.',
    equation: '\\|u_h - u\\| \\approx C h^p',
    reference: { text: 'W. L. Oberkampf, C. J. Roy, Verification and Validation in Scientific Computing, Cambridge 2010, ch. 5', doi: '10.1017/CBO9780511760396' },
    options: convergeOptions,
    supports: ['problem'],
  },
  inputs: () => [],
  files: () => [],
  check: (step, _document, problem, libm) => checkConverge(step, problem, libm),
  load: async () => (await import('./converge-runner')).convergeRunner,
}
