import type { CatalogueProblem } from './problem'

export const helmholtz: CatalogueProblem = {
  descriptor: {
    id: 'helmholtz',
    name: 'Helmholtz',
    summary: 'A standing wave driven at a fixed frequency. Above the first resonance the operator is indefinite: conjugate gradients fail, and direct or Krylov methods for indefinite systems are needed.',
    equation: '-\\Delta u - k^2 u = f',
    reference: { text: 'S. Wang, Y. Teng, P. Perdikaris, Understanding and mitigating gradient flow pathologies in physics-informed neural networks, SIAM J. Sci. Comput. 43 (2021)', doi: '10.1137/20M1318043' },
    supports: ['elliptic', '2d', 'exact', 'indefinite'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1], [-1, 1]] },
    unknowns: ['u'],
    parameters: { k: 4, a1: 1, a2: 4 },
    definitions: { ue: 'sin(a1*pi*x)*sin(a2*pi*y)', f: '((a1*pi)^2 + (a2*pi)^2 - k^2)*ue' },
    equations: ['-lap(u) - k^2*u = f'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [129, 129] },
}
