import type { CatalogueProblem } from './problem'

export const biharmonic: CatalogueProblem = {
  descriptor: {
    id: 'biharmonic',
    name: 'Clamped plate',
    summary: 'A thin elastic plate held flat along its edge: fourth order in space, with two conditions on every side.',
    equation: '\\Delta^2 u = f,\\quad u = \\partial_n u = 0',
    reference: { text: 'P. Bjørstad, Fast numerical solution of the biharmonic Dirichlet problem on rectangles, SIAM J. Numer. Anal. 20 (1983)', doi: '10.1137/0720004' },
    supports: ['elliptic', '2d', 'exact', 'fourth-order'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    unknowns: ['u'],
    parameters: { k: 2 },
    definitions: { ue: '(sin(k*pi*x)*sin(k*pi*y))^2', f: 'lap(lap(ue))' },
    equations: ['lap(lap(u)) = f'],
    boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'all', condition: 'dn(u) = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [65, 65] },
}
