import type { CatalogueProblem } from './problem'

export const poissonBoltzmann: CatalogueProblem = {
  descriptor: {
    id: 'poisson-boltzmann',
    name: 'Poisson–Boltzmann',
    summary: 'The electric potential of two opposite charges in salt water, where the ions screen them: a nonlinear elliptic equation, solved by Newton’s method.',
    equation: '-\\Delta u + \\kappa^2 \\sinh u = f',
    reference: { text: 'M. J. Holst, F. Saied, Numerical solution of the nonlinear Poisson–Boltzmann equation, J. Comput. Chem. 16 (1995)', doi: '10.1002/jcc.540160308' },
    supports: ['elliptic', '2d', 'exact', 'nonlinear'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1], [-1, 1]] },
    unknowns: ['u'],
    parameters: { kappa: 4, charge: 3, width: 0.25 },
    definitions: {
      ue: 'charge*(exp(-((x + 0.35)^2 + (y + 0.15)^2)/width^2) - exp(-((x - 0.35)^2 + (y - 0.15)^2)/width^2))',
      f: '-lap(ue) + kappa^2*sinh(ue)',
    },
    equations: ['-lap(u) + kappa^2*sinh(u) = f'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [129, 129] },
}
