import type { CatalogueProblem } from './problem'

export const poissonNeumann: CatalogueProblem = {
  descriptor: {
    id: 'poisson-neumann',
    name: 'Poisson, pure Neumann',
    summary: 'No flux through the whole boundary: solvable only when the source has zero mean, and then up to a constant. Compatible sources are solved with zero mean, others refused with their defect.',
    equation: '-\\Delta u = f,\\quad \\partial_n u = 0,\\quad \\textstyle\\int f = 0',
    reference: { text: 'P. Bochev, R. B. Lehoucq, On the finite element solution of the pure Neumann problem, SIAM Review 47 (2005)', doi: '10.1137/S0036144503426074' },
    supports: ['elliptic', '2d', 'exact', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    unknowns: ['u'],
    parameters: { c: 0 },
    definitions: { ue: 'cos(pi*x)*cos(2*pi*y)', f: '5*pi^2*ue + c' },
    equations: ['-lap(u) = f'],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [129, 129] },
}
