import type { CatalogueProblem } from './problem'

export const eigenvaluesSquare: CatalogueProblem = {
  descriptor: {
    id: 'eigenvalues-square',
    name: 'Eigenvalues of the square',
    summary: 'The tones of a square drum: λ = π²(j² + k²), many of them double. Compare them with what the solver finds.',
    equation: '-\\Delta u = \\lambda u,\\quad \\lambda_{jk} = \\pi^2(j^2 + k^2)',
    reference: { text: 'R. Courant, D. Hilbert, Methods of Mathematical Physics I, Wiley 1989, ch. V', doi: '10.1002/9783527617210' },
    supports: ['eigenvalues', '2d'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    unknowns: ['u'],
    eigenvalue: 'lambda',
    equations: ['-lap(u) = lambda*u'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
  },
  defaults: { method: 'finite-difference', resolution: [65, 65] },
}
