import type { CatalogueProblem } from './problem'

export const poisson5d: CatalogueProblem = {
  descriptor: {
    id: 'poisson-5d',
    name: 'Poisson in 5 dimensions',
    summary: 'A sum of cosines in the five-dimensional cube. A grid with a hundred nodes per axis would have ten billion unknowns: here networks begin to pay.',
    equation: '-\\Delta u = \\pi^2 \\sum_{i=1}^{5} \\cos \\pi x_i',
    reference: { text: 'J. Müller, M. Zeinhofer, Achieving high accuracy with PINNs via energy natural gradient descent, ICML 2023', arxiv: '2302.13163' },
    supports: ['elliptic', 'high-dimensional', 'exact'],
  },
  statement: {
    domain: { shape: 'box', dimension: 5, bounds: [[0, 1]] },
    unknowns: ['u'],
    definitions: { ue: 'sum(i, cos(pi*xi))', f: 'pi^2*ue' },
    equations: ['-lap(u) = f'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
}
