import type { CatalogueProblem } from './problem'

export const poisson10d: CatalogueProblem = {
  descriptor: {
    id: 'poisson-10d',
    name: 'Laplace in 10 dimensions',
    summary: 'A harmonic polynomial in ten dimensions, the example of the Deep Ritz paper: no grid reaches it, sampling does.',
    equation: '\\Delta u = 0,\\quad u = \\sum_{k=1}^{5} x_{2k-1}x_{2k}',
    reference: { text: 'W. E, B. Yu, The Deep Ritz method, Commun. Math. Stat. 6 (2018)', doi: '10.1007/s40304-018-0127-z' },
    supports: ['elliptic', 'high-dimensional', 'exact'],
  },
  statement: {
    domain: { shape: 'box', dimension: 10, bounds: [[0, 1]] },
    unknowns: ['u'],
    definitions: { ue: 'x1*x2 + x3*x4 + x5*x6 + x7*x8 + x9*x10' },
    equations: ['-lap(u) = 0'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
}
