import type { CatalogueProblem } from './problem'

export const heat2d: CatalogueProblem = {
  descriptor: {
    id: 'heat-2d',
    name: 'Heat 2-D',
    summary: 'Two warm spots spread over an insulated plate until the temperature is even.',
    equation: 'u_t = \\nu \\Delta u,\\quad \\partial_n u = 0',
    reference: { text: 'L. C. Evans, Partial Differential Equations, AMS 2010, §2.3' },
    supports: ['evolution', 'parabolic', '2d', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 2], [0, 1]] },
    time: [0, 0.2],
    unknowns: ['u'],
    parameters: { nu: 0.1 },
    equations: ['dt(u) = nu*lap(u)'],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }],
    initial: { u: 'exp(-60*((x - 0.5)^2 + (y - 0.4)^2)) + 0.6*exp(-40*((x - 1.4)^2 + (y - 0.65)^2))' },
  },
  defaults: { method: 'finite-difference', resolution: [97, 49], times: 41 },
}
