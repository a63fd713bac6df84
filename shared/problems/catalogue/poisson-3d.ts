import type { CatalogueProblem } from './problem'

export const poisson3d: CatalogueProblem = {
  descriptor: {
    id: 'poisson-3d',
    name: 'Poisson 3-D',
    summary: 'The sine product in a cube: the same check as in the plane, with a million unknowns where the plane had ten thousand.',
    equation: '-\\Delta u = 3(k\\pi)^2 \\sin(k\\pi x)\\sin(k\\pi y)\\sin(k\\pi z)',
    reference: { text: 'R. W. Hockney, A fast direct solution of Poisson’s equation using Fourier analysis, J. ACM 12 (1965)', doi: '10.1145/321250.321259' },
    supports: ['elliptic', '3d', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1], [0, 1]] },
    unknowns: ['u'],
    parameters: { k: 2 },
    definitions: { ue: 'sin(k*pi*x)*sin(k*pi*y)*sin(k*pi*z)', f: '3*(k*pi)^2*ue' },
    equations: ['-lap(u) = f'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [49, 49, 49] },
}
