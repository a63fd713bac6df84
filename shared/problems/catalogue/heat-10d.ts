import type { CatalogueProblem } from './problem'

export const heat10d: CatalogueProblem = {
  descriptor: {
    id: 'heat-10d',
    name: 'Heat in 10 dimensions',
    summary: 'Pairs of coordinates that are multiplied stay as they are, the square of the distance grows at a steady rate: values on the boundary follow the time.',
    equation: 'u_t = \\nu \\Delta u,\\quad u = \\sum_{k=1}^{5} x_{2k-1}x_{2k} + \\tfrac1d\\|x\\|^2 + 2\\nu t',
    reference: { text: 'L. C. Evans, Partial Differential Equations, AMS 2010, §2.3' },
    supports: ['evolution', 'parabolic', 'high-dimensional', 'exact'],
  },
  statement: {
    domain: { shape: 'box', dimension: 10, bounds: [[0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: 0.5, d: 10 },
    definitions: { u0: 'x1*x2 + x3*x4 + x5*x6 + x7*x8 + x9*x10 + sum(i, xi^2)/d' },
    equations: ['dt(u) = nu*lap(u)'],
    boundary: [{ on: 'all', condition: 'u = u0 + 2*nu*t' }],
    initial: { u: 'u0' },
    exact: { u: 'u0 + 2*nu*t' },
  },
}
