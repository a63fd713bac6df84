import type { CatalogueProblem } from './problem'

export const darcy: CatalogueProblem = {
  descriptor: {
    id: 'darcy',
    name: 'Darcy flow through two rocks',
    summary: 'Pressure of a fluid pushed through a rock of two materials, one four times as permeable as the other: the pressure bends where the materials meet.',
    equation: '-\\nabla\\cdot(a\\nabla u) = 1,\\quad a \\in \\{3, 12\\}',
    reference: { text: 'Z. Li et al., Fourier neural operator for parametric partial differential equations, ICLR 2021, § 5.2', arxiv: '2010.08895' },
    supports: ['elliptic', '2d', 'discontinuous'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    unknowns: ['u'],
    parameters: { high: 12, low: 3 },
    // One sample of the Gaussian field N(0, (−Δ + 9)⁻²) with Neumann boundary, its fourteen strongest modes kept.
    definitions: {
      m1: 'cos(pi*x)*cos(pi*y) - 0.9*cos(pi*x) + 0.7*cos(4*pi*x)*cos(2*pi*y) - 0.69*cos(pi*y) + 0.68*cos(2*pi*x)*cos(pi*y) - 0.64*cos(2*pi*y) - 0.53*cos(pi*x)*cos(2*pi*y)',
      m2: '0.4*cos(4*pi*x)*cos(3*pi*y) - 0.43*cos(2*pi*x) + 0.39*cos(3*pi*x)*cos(pi*y) - 0.3*cos(4*pi*x)*cos(pi*y) + 0.3*cos(4*pi*y) - 0.29*cos(4*pi*x) + 0.19*cos(2*pi*x)*cos(3*pi*y)',
      a: 'if(m1 + m2 > 0, high, low)',
    },
    equations: ['-div(a*grad(u)) = 1'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
  },
  defaults: { method: 'finite-difference', resolution: [257, 257] },
}
