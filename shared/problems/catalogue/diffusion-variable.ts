import type { CatalogueProblem } from './problem'

export const diffusionVariable: CatalogueProblem = {
  descriptor: {
    id: 'diffusion-variable',
    name: 'Variable diffusion, mixed boundary',
    summary: 'A diffusion coefficient that varies over the domain, with Dirichlet, Neumann and Robin sides at once and a manufactured solution.',
    equation: '-\\nabla\\cdot\\bigl((5 + x^2 y)\\nabla u\\bigr) + 3u = f',
    reference: { text: 'P. J. Roache, Code verification by the method of manufactured solutions, J. Fluids Eng. 124 (2002)', doi: '10.1115/1.1436090' },
    supports: ['elliptic', '2d', 'exact', 'robin', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 2], [-1, 1]] },
    unknowns: ['u'],
    parameters: { c: 3 },
    definitions: {
      ue: 'exp(x)*cos(2*y)',
      a: '5 + x^2*y',
      f: '3*a*ue - 2*x*y*ue + 2*x^2*exp(x)*sin(2*y) + c*ue',
    },
    equations: ['-div(a*grad(u)) + c*u = f'],
    boundary: [
      { on: ['bottom', 'right'], condition: 'u = ue' },
      { on: 'left', condition: 'dn(u) = -cos(2*y)' },
      { on: 'top', condition: 'dn(u) + 2*u = 2*exp(x)*(cos(2) - sin(2))' },
    ],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [129, 129] },
}
