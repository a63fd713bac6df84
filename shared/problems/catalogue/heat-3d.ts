import type { CatalogueProblem } from './problem'

export const heat3d: CatalogueProblem = {
  descriptor: {
    id: 'heat-3d',
    name: 'Heat 3-D',
    summary: 'A cube with hot and cold corners, insulated all around, evens out; its modes decay each at its own exact rate.',
    equation: 'u_t = \\nu \\Delta u,\\quad \\partial_n u = 0',
    reference: { text: 'L. C. Evans, Partial Differential Equations, AMS 2010, §2.3' },
    supports: ['evolution', 'parabolic', '3d', 'exact', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1], [0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: 0.05 },
    equations: ['dt(u) = nu*lap(u)'],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }],
    initial: { u: 'cos(pi*x)*cos(pi*y)*cos(pi*z) + 0.5*cos(2*pi*x)*cos(pi*z)' },
    exact: { u: 'exp(-3*nu*pi^2*t)*cos(pi*x)*cos(pi*y)*cos(pi*z) + 0.5*exp(-5*nu*pi^2*t)*cos(2*pi*x)*cos(pi*z)' },
  },
  defaults: { method: 'finite-difference', resolution: [33, 33, 33], times: 11 },
}
