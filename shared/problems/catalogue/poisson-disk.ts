import type { CatalogueProblem } from './problem'

export const poissonDisk: CatalogueProblem = {
  descriptor: {
    id: 'poisson-disk',
    name: 'Membrane over a bent ring',
    summary: 'A soap film over a ring bent in three waves and lifted by pressure: Poisson’s equation on a disk, with a polynomial as its exact solution.',
    equation: '-\\Delta u = f,\\quad u = a\\cos 3\\theta \\text{ at } r = 1',
    reference: { text: 'G. H. Shortley, R. Weller, The numerical solution of Laplace’s equation, J. Appl. Phys. 9 (1938)', doi: '10.1063/1.1710426' },
    supports: ['elliptic', '2d', 'exact', 'disk'],
  },
  statement: {
    domain: { shape: 'disk', center: [0, 0], radius: 1 },
    unknowns: ['u'],
    parameters: { f: 1, a: 0.25 },
    definitions: { ue: 'f*(1 - x^2 - y^2)/4 + a*(x^3 - 3*x*y^2)' },
    equations: ['-lap(u) = f'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-element', resolution: [65, 65] },
}
