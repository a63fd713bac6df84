import type { CatalogueProblem } from './problem'

export const elasticity: CatalogueProblem = {
  descriptor: {
    id: 'elasticity',
    name: 'Linear elasticity',
    summary: 'How far each point of an elastic block moves under a force: a vector unknown whose components are coupled, with a manufactured solution.',
    equation: '-\\mu\\Delta\\mathbf{u} - (\\lambda + \\mu)\\nabla(\\nabla\\cdot\\mathbf{u}) = \\mathbf{f}',
    reference: { text: 'D. Braess, Finite Elements, Cambridge University Press 2007, ch. VI', doi: '10.1017/CBO9780511618635' },
    supports: ['elliptic', '2d', 'exact', 'vector', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 2], [0, 1]] },
    unknowns: [{ name: 'u', type: 'vector' }],
    // Lamé's constants of plane strain from Young's modulus E and Poisson's ratio nu.
    parameters: { E: 1, nu: 0.3, lambda: 'E*nu/((1 + nu)*(1 - 2*nu))', mu: 'E/(2*(1 + nu))' },
    definitions: { bend: 'sin(pi*x/2)*sin(pi*y)', ue: 'vec(0.1*cos(pi*y)*bend, -0.2*bend)' },
    equations: ['-mu*lap(u) - (lambda + mu)*grad(div(u)) = -mu*lap(ue) - (lambda + mu)*grad(div(ue))'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-element', resolution: [97, 49] },
}
