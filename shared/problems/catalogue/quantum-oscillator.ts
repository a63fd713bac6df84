import type { CatalogueProblem } from './problem'

export const quantumOscillator: CatalogueProblem = {
  descriptor: {
    id: 'quantum-oscillator',
    name: 'Quantum oscillator',
    summary: 'The steps of energy of a particle on a spring, ½, 3⁄2, 5⁄2 …: an eigenvalue problem with a potential, whose spectrum is known exactly.',
    equation: '-\\tfrac12\\psi_{xx} + \\tfrac12 x^2\\psi = \\lambda\\psi',
    reference: { text: 'L. D. Landau, E. M. Lifshitz, Quantum Mechanics, Pergamon 1977, § 23', doi: '10.1016/C2013-0-02793-4' },
    supports: ['eigenvalues', '1d'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-8, 8]] },
    unknowns: ['psi'],
    eigenvalue: 'lambda',
    equations: ['-0.5*dxx(psi) + 0.5*x^2*psi = lambda*psi'],
    boundary: [{ on: 'all', condition: 'psi = 0' }],
  },
  defaults: { method: 'finite-difference', resolution: [513] },
}
