import { error } from '../fault'
import { energyBoundsOptions } from './energy-bounds-options'
import { schemaFaults } from './schema-faults'
import type { StepKind } from './step-kind'

/**
 * Finite element solutions of a linear second-order statement with known solution, held against the theory of Galerkin's method: Céa's constant, the energy identity and the two-sided bound of the energy's excess.
 */
export const energyBounds: StepKind = {
  descriptor: {
    id: 'energy-bounds',
    name: 'Energy and its bounds',
    summary: 'Holds finite element solutions against theory: the excess of the energy, its two bounds, and how near to the best approximation they come.',
    equation: 'C\\|u^*-u_N\\|^2 \\le \\Sigma(u_N)-\\Sigma(u^*) = \\tfrac12 a(e,e) + \\int_{\\Gamma_D} a\\,e\\,\\partial_n u^* \\le \\tfrac12 \\inf_{u\\in V_N} a(u^*-u,u^*-u)',
    reference: { text: 'J. Céa, Approximation variationnelle des problèmes aux limites, Annales de l’Institut Fourier 14 (1964)', doi: '10.5802/aif.181' },
    options: energyBoundsOptions,
    supports: ['problem'],
  },
  inputs: () => [],
  files: () => [],
  check(step, _document, problem) {
    const { id: _, kind: __, ...own } = step
    const faults = schemaFaults(energyBoundsOptions, own)
    if (faults.length > 0 || !problem) return faults
    if (!problem.exact) return [error('missing-exact', 'The bounds are measured against the exact solution, and the statement gives none.', { where: { path: 'id' }, tip: 'Give the statement "exact".' })]
    if (problem.time || problem.system.components.length !== 1 || !problem.properties.linear || problem.properties.orderInSpace !== 2) {
      return [error('no-energy-theory', 'The bounds hold for one steady linear equation of second order.', { where: { path: 'kind' }, tip: 'Use "converge" for other statements.' })]
    }
    const axes = problem.axes.length
    const wrong = Array.isArray(step.resolutions) ? step.resolutions.findIndex(r => Array.isArray(r) && r.length !== axes) : -1
    if (wrong >= 0) return [error('resolution-axes', `Resolution ${wrong + 1} does not fit the domain of ${axes} ${axes === 1 ? 'axis' : 'axes'}.`, { where: { path: `resolutions[${wrong}]` }, tip: 'Give one number of nodes per axis, or one number for all.' })]
    return []
  },
  load: async () => (await import('./energy-bounds-runner')).energyBoundsRunner,
}
