import type { CatalogueProblem } from './problem'

export const eigenvaluesLShape: CatalogueProblem = {
  descriptor: {
    id: 'eigenvalues-l-shape',
    name: 'Eigenvalues of the L-shape',
    summary: 'The first tone of the L-shaped drum, λ₁ = 9.6397238…, resisted computation until 1967 because of its inner corner; the third mode is an exact sine, 2π².',
    equation: '-\\Delta u = \\lambda u,\\quad \\lambda_1 = 9.6397238\\ldots',
    reference: { text: 'L. Fox, P. Henrici, C. Moler, Approximations and bounds for eigenvalues of elliptic operators, SIAM J. Numer. Anal. 4 (1967)', doi: '10.1137/0704008' },
    supports: ['eigenvalues', '2d', 'l-shape', 'singular'],
  },
  statement: {
    domain: { shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] },
    unknowns: ['u'],
    eigenvalue: 'lambda',
    equations: ['-lap(u) = lambda*u'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
  },
  defaults: { method: 'finite-element', resolution: [65, 65] },
}
