import { error } from '../fault'
import { mostSpectralUnknowns } from '../solvers/linear/formulations'
import { formulationsOptions } from './formulations-options'
import { schemaFaults } from './schema-faults'
import type { StepKind } from './step-kind'

/** A linear statement as minimal energy, Galerkin's equations and least squares: one solution, condition numbers κ, κ and κ². */
export const formulations: StepKind = {
  descriptor: {
    id: 'formulations',
    name: 'Three formulations',
    summary: 'Solves one system as minimal energy, as Galerkin’s equations and as least squares, and counts what the squared condition number costs.',
    equation: '\\min_x \\tfrac12 x^{\\mathsf T}Ax - b^{\\mathsf T}x,\\quad Ax = b,\\quad \\min_x \\|Ax - b\\|^2',
    reference: { text: 'Y. Saad, Iterative Methods for Sparse Linear Systems, SIAM 2003, ch. 5 and 8', doi: '10.1137/1.9780898718003' },
    options: formulationsOptions,
    supports: ['problem'],
  },
  inputs: () => [],
  files: () => [],
  check(step, _document, problem) {
    const { id: _, kind: __, ...own } = step
    const faults = schemaFaults(formulationsOptions, own)
    if (faults.length > 0 || !problem) return faults
    if (problem.cube || problem.time || problem.eigenvalue || problem.system.components.length !== 1 || !problem.properties.linear || problem.properties.orderInSpace !== 2) {
      return [error('no-formulations', 'The formulations are those of one steady linear equation of second order.', { where: { path: 'kind' }, tip: 'Use "solve" for other statements.' })]
    }
    const axes = problem.axes.length
    const wrong = Array.isArray(step.resolutions) ? step.resolutions.findIndex(r => Array.isArray(r) && r.length !== axes) : -1
    if (wrong >= 0) return [error('resolution-axes', `Resolution ${wrong + 1} does not fit the domain of ${axes} ${axes === 1 ? 'axis' : 'axes'}.`, { where: { path: `resolutions[${wrong}]` }, tip: 'Give one number of nodes per axis, or one number for all.' })]
    const large = problem.geometry || !Array.isArray(step.resolutions) ? -1 : (step.resolutions as (number | number[])[]).findIndex(r => problem.axes.reduce((n, _axis, a) => n * Math.max(1, (Array.isArray(r) ? r[a] : r) - 2), 1) > mostSpectralUnknowns)
    if (large >= 0) return [error('too-large', `The whole spectrum is computed of at most ${mostSpectralUnknowns} unknowns, and resolution ${large + 1} has more.`, { where: { path: `resolutions[${large}]` }, tip: 'Use fewer nodes.' })]
    return []
  },
  load: async () => (await import('./formulations-runner')).formulationsRunner,
}
