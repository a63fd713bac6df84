import type { CatalogueProblem } from './problem'

export const poisson2d: CatalogueProblem = {
  descriptor: {
    id: 'poisson-2d',
    name: 'Poisson 2-D',
    summary: 'Poisson’s equation on the unit square with a product of sines as its solution: the first check of every elliptic solver.',
    equation: '-\\Delta u = 2(k\\pi)^2 \\sin(k\\pi x)\\sin(k\\pi y)',
    reference: { text: 'W. L. Briggs, V. E. Henson, S. F. McCormick, A Multigrid Tutorial, SIAM 2000', doi: '10.1137/1.9780898719505' },
    supports: ['elliptic', '2d', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [false, false] },
    unknowns: ['u'],
    parameters: { k: 1 },
    definitions: { ue: 'sin(k*pi*x)*sin(k*pi*y)', f: '2*(k*pi)^2*ue' },
    equations: ['-lap(u) = f'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [129, 129] },
}
