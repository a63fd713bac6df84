import type { CatalogueProblem } from './problem'

export const heat100d: CatalogueProblem = {
  descriptor: {
    id: 'heat-100d',
    name: 'Heat in 100 dimensions',
    summary: 'The mean square of a hundred coordinates under the heat equation. Beware of easy praise: a constant is already within 6 % of it.',
    equation: 'u_t = \\nu \\Delta u,\\quad u = \\tfrac1d\\|x\\|^2 + 2\\nu t,\\ d = 100',
    reference: { text: 'C. Beck, S. Becker, P. Grohs, N. Jaafari, A. Jentzen, Solving the Kolmogorov PDE by means of deep learning, J. Sci. Comput. 88 (2021)', doi: '10.1007/s10915-021-01590-0' },
    supports: ['evolution', 'parabolic', 'high-dimensional', 'exact'],
  },
  statement: {
    domain: { shape: 'box', dimension: 100, bounds: [[0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: 0.1, d: 100 },
    definitions: { u0: 'sum(i, xi^2)/d' },
    equations: ['dt(u) = nu*lap(u)'],
    boundary: [{ on: 'all', condition: 'u = u0 + 2*nu*t' }],
    initial: { u: 'u0' },
    exact: { u: 'u0 + 2*nu*t' },
  },
}
