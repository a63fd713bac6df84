import { checkIdentify, identifiedFile, identifyOptions } from './identify-options'
import type { StepKind } from './step-kind'

/** The inverse of a solve step: the solution is given, and what made it is sought. */
export const identify: StepKind = {
  descriptor: {
    id: 'identify',
    name: 'Identify',
    summary: 'Finds parameters, a coefficient field or the terms of an equation from data.',
    equation: '\\min_\\lambda\\sum_n\\lvert u(x_n,t_n;\\lambda)-d_n\\rvert^2',
    options: identifyOptions,
  },
  inputs: ({ data }) => (typeof data === 'string' ? [data] : []),
  files: step => [identifiedFile(step)].filter(file => file !== undefined),
  check: checkIdentify,
  load: async () => (await import('./identify-runner')).identifyRunner,
}
