import { checkSolve, solveOptions } from './solve-options'
import type { StepKind } from './step-kind'

export const solve: StepKind = {
  descriptor: {
    id: 'solve',
    name: 'Solve',
    summary: 'Solves the statement with a classical method.',
    options: solveOptions,
    supports: ['problem'],
  },
  inputs: () => [],
  files: () => [],
  check: (step, _document, problem, libm) => checkSolve(step, problem, libm),
  load: async () => (await import('./solve-runner')).solveRunner,
}
