import type { CatalogueProblem } from './problem'

export const poisson1d: CatalogueProblem = {
  descriptor: {
    id: 'poisson-1d',
    name: 'Poisson 1-D',
    summary: 'Poisson’s equation on an interval with a sine of adjustable frequency as its solution.',
    equation: '-u_{xx} = f',
    reference: { text: 'R. J. LeVeque, Finite Difference Methods for Ordinary and Partial Differential Equations, SIAM 2007, ch. 2', doi: '10.1137/1.9780898717839' },
    supports: ['elliptic', '1d', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]] },
    unknowns: ['u'],
    parameters: { k: 3 },
    definitions: { ue: 'sin(k*pi*x)', f: '(k*pi)^2*ue' },
    equations: ['-dxx(u) = f'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [129] },
}
