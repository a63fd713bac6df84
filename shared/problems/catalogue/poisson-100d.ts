import type { CatalogueProblem } from './problem'

export const poisson100d: CatalogueProblem = {
  descriptor: {
    id: 'poisson-100d',
    name: 'Poisson in 100 dimensions',
    summary: 'The squared distance from a corner of the hundred-dimensional cube. Beware of easy praise: a constant is already within 9 % of it.',
    equation: '-\\Delta u = -2d,\\quad u = \\|x\\|^2,\\ d = 100',
    reference: { text: 'W. E, B. Yu, The Deep Ritz method, Commun. Math. Stat. 6 (2018)', doi: '10.1007/s40304-018-0127-z' },
    supports: ['elliptic', 'high-dimensional', 'exact'],
  },
  statement: {
    domain: { shape: 'box', dimension: 100, bounds: [[0, 1]] },
    unknowns: ['u'],
    parameters: { d: 100 },
    definitions: { ue: 'sum(i, xi^2)' },
    equations: ['-lap(u) = -2*d'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
}
