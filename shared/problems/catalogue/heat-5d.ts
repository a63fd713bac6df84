import type { CatalogueProblem } from './problem'

export const heat5d: CatalogueProblem = {
  descriptor: {
    id: 'heat-5d',
    name: 'Heat in 5 dimensions',
    summary: 'A sum of cosine modes in the five-dimensional cube fades away at one rate: space and time are six coordinates of the network, and there are no time steps.',
    equation: 'u_t = \\nu \\Delta u,\\quad u = e^{-\\nu\\pi^2 t}\\sum_{i=1}^{5}\\cos \\pi x_i',
    reference: { text: 'L. C. Evans, Partial Differential Equations, AMS 2010, §2.3' },
    supports: ['evolution', 'parabolic', 'high-dimensional', 'exact', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', dimension: 5, bounds: [[0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: 0.1 },
    definitions: { ue: 'exp(-nu*pi^2*t)*sum(i, cos(pi*xi))' },
    equations: ['dt(u) = nu*lap(u)'],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }],
    initial: { u: 'sum(i, cos(pi*xi))' },
    exact: { u: 'ue' },
  },
}
