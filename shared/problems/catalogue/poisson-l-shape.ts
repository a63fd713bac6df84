import type { CatalogueProblem } from './problem'

export const poissonLShape: CatalogueProblem = {
  descriptor: {
    id: 'poisson-l-shape',
    name: 'L-shape with a corner singularity',
    summary: 'A harmonic function whose gradient is infinite at the inner corner. Uniform refinement loses a third of its order there; adaptive refinement wins it back.',
    equation: '\\Delta u = 0,\\quad u = r^{2/3}\\sin\\tfrac{2}{3}\\theta',
    reference: { text: 'P. Grisvard, Elliptic Problems in Nonsmooth Domains, SIAM 2011', doi: '10.1137/1.9781611972030' },
    supports: ['elliptic', '2d', 'exact', 'singular', 'l-shape'],
  },
  statement: {
    domain: { shape: 'l-shape', bounds: [[-1, 1], [-1, 1]] },
    unknowns: ['u'],
    // θ runs from the edge y = 0, x > 0 to the edge x = 0, y < 0. It is measured from the bisector, so that no branch cut lies in the domain.
    definitions: { ue: 'cbrt(x^2 + y^2)*cos(2/3*atan2(-x - y, y - x))' },
    equations: ['-lap(u) = 0'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-element', resolution: [65, 65] },
}
