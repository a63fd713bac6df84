import type { CatalogueProblem } from './problem'

export const euler1d: CatalogueProblem = {
  descriptor: {
    id: 'euler-1d',
    name: 'Sod’s shock tube',
    summary: 'A membrane between thick and thin gas bursts: a shock, a contact and a rarefaction run apart. The test every shock-capturing scheme takes.',
    equation: '\\mathbf{q}_t + \\mathbf{f}(\\mathbf{q})_x = 0,\\quad \\mathbf{q} = (\\rho, m, E),\\; \\mathbf{f} = \\bigl(m, \\tfrac{m^2}{\\rho} + p, \\tfrac{m}{\\rho}(E + p)\\bigr)',
    reference: { text: 'G. A. Sod, A survey of several finite difference methods for systems of nonlinear hyperbolic conservation laws, J. Comput. Phys. 27 (1978)', doi: '10.1016/0021-9991(78)90023-2' },
    supports: ['evolution', 'hyperbolic', '1d', 'nonlinear', 'system', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]] },
    time: [0, 0.2],
    unknowns: ['rho', 'm', 'E'],
    parameters: { gamma: 1.4 },
    equations: [
      'dt(rho) + dx(m) = 0',
      'dt(m) + dx(m^2/rho + (gamma - 1)*(E - m^2/(2*rho))) = 0',
      'dt(E) + dx(m/rho*(E + (gamma - 1)*(E - m^2/(2*rho)))) = 0',
    ],
    boundary: [{ on: 'all', condition: 'dn(rho) = 0' }, { on: 'all', condition: 'dn(m) = 0' }, { on: 'all', condition: 'dn(E) = 0' }],
    initial: { rho: 'if(x < 0.5, 1, 0.125)', m: '0', E: 'if(x < 0.5, 1, 0.1)/(gamma - 1)' },
  },
  defaults: { method: 'finite-difference', resolution: [401], times: 41 },
}
