import type { CatalogueProblem } from './problem'

export const heat1d: CatalogueProblem = {
  descriptor: {
    id: 'heat-1d',
    name: 'Heat 1-D',
    summary: 'A sine that decays under diffusion between two cold ends, with its exact solution.',
    equation: 'u_t = \\nu u_{xx}',
    reference: { text: 'L. C. Evans, Partial Differential Equations, AMS 2010, §2.3' },
    supports: ['evolution', 'parabolic', '1d', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: 0.25 },
    equations: ['dt(u) = nu*dxx(u)'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    initial: { u: 'sin(pi*x)' },
    exact: { u: 'exp(-nu*pi^2*t)*sin(pi*x)' },
  },
  defaults: { method: 'finite-difference', resolution: [129], times: 41 },
}
