import type { CatalogueProblem } from './problem'

export const euler1d: CatalogueProblem = {
  descriptor: {
    id: 'euler-1d',
    name: 'Sod’s shock tube',
    summary: 'A membrane between thick and thin gas bursts: a shock, a contact and a rarefaction run apart. The small viscosity is there so that central schemes resolve the shock.',
    equation: '\\mathbf{q}_t + \\mathbf{f}(\\mathbf{q})_x = \\varepsilon\\,\\mathbf{q}_{xx},\\quad \\mathbf{q} = (\\rho, m, E)',
    reference: { text: 'G. A. Sod, A survey of several finite difference methods for systems of nonlinear hyperbolic conservation laws, J. Comput. Phys. 27 (1978)', doi: '10.1016/0021-9991(78)90023-2' },
    supports: ['evolution', 'hyperbolic', '1d', 'nonlinear', 'system', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]] },
    time: [0, 0.2],
    unknowns: ['rho', 'm', 'E'],
    parameters: { gamma: 1.4, epsilon: 0.0005, edge: 0.004 },
    definitions: { left: '(1 - tanh((x - 0.5)/edge))/2', pressure0: '0.1 + 0.9*left' },
    equations: [
      'dt(rho) + dx(m) = epsilon*dxx(rho)',
      'dt(m) + dx(m^2/rho + (gamma - 1)*(E - m^2/(2*rho))) = epsilon*dxx(m)',
      'dt(E) + dx(m/rho*(E + (gamma - 1)*(E - m^2/(2*rho)))) = epsilon*dxx(E)',
    ],
    boundary: [{ on: 'all', condition: 'dn(rho) = 0' }, { on: 'all', condition: 'dn(m) = 0' }, { on: 'all', condition: 'dn(E) = 0' }],
    initial: { rho: '0.125 + 0.875*left', m: '0', E: 'pressure0/(gamma - 1)' },
  },
  defaults: { method: 'finite-difference', resolution: [1025], times: 41 },
}
