import { checkTrain, trainOptions } from './train-options'
import type { StepKind } from './step-kind'
import { checkReference } from './train-reference-check'
import { checkStart } from './train-start'

/** A network that is made to fulfil the statement at points: no grid, any dimension. */
export const train: StepKind = {
  descriptor: {
    id: 'train',
    name: 'Train a network',
    summary: 'Trains a neural network to fulfil the statement itself: equations, boundary and initial conditions at points.',
    equation: '\\min_\\theta\\sum_k\\lambda_k\\,\\frac1{N_k}\\sum_n\\lvert r_k(u_\\theta;x_n)\\rvert^2',
    reference: { text: 'M. Raissi, P. Perdikaris, G. E. Karniadakis, J. Comput. Phys. 378 (2019)', doi: '10.1016/j.jcp.2018.10.045' },
    options: trainOptions,
    supports: ['problem'],
  },
  inputs: ({ start, reference }) => [...new Set([start, reference].filter(id => typeof id === 'string'))],
  files: () => [],
  check: (step, document, problem) => [...checkTrain(step, problem), ...checkStart(step, document), ...checkReference(step, document)],
  load: async () => (await import('./train-runner')).trainRunner,
}
