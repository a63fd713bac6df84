import type { CatalogueProblem } from './problem'

export const eigenvaluesDisk: CatalogueProblem = {
  descriptor: {
    id: 'eigenvalues-disk',
    name: 'Eigenvalues of the disk',
    summary: 'The tones of a round drum are the squared zeros of Bessel functions: 5.783, 14.682 twice, 26.375 twice, 30.471 …',
    equation: '-\\Delta u = \\lambda u,\\quad J_m(\\sqrt{\\lambda}) = 0',
    reference: { text: 'M. Kac, Can one hear the shape of a drum?, Amer. Math. Monthly 73 (1966)', doi: '10.2307/2313748' },
    supports: ['eigenvalues', '2d', 'disk'],
  },
  statement: {
    domain: { shape: 'disk', center: [0, 0], radius: 1 },
    unknowns: ['u'],
    eigenvalue: 'lambda',
    equations: ['-lap(u) = lambda*u'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
  },
  defaults: { method: 'finite-element', resolution: [65, 65] },
}
