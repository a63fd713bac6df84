import type { CatalogueProblem } from './problem'

export const damBreak: CatalogueProblem = {
  descriptor: {
    id: 'dam-break',
    name: 'Dam break',
    summary: 'A wall of water is let go: a bore runs down the valley, a rarefaction eats into the lake. A little viscosity gives the bore a width a grid can resolve.',
    equation: 'h_t + q_x = \\nu h_{xx},\\quad q_t + \\bigl(\\tfrac{q^2}{h} + \\tfrac12 g h^2\\bigr)_x = \\nu q_{xx}',
    reference: { text: 'R. J. LeVeque, Finite Volume Methods for Hyperbolic Problems, Cambridge University Press 2002, ch. 13', doi: '10.1017/CBO9780511791253' },
    supports: ['evolution', 'hyperbolic', '1d', 'nonlinear', 'system', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-5, 5]] },
    time: [0, 3],
    unknowns: ['h', 'q'],
    parameters: { g: 1, lake: 2, valley: 0.5, nu: 0.005, edge: 0.05 },
    equations: ['dt(h) + dx(q) = nu*dxx(h)', 'dt(q) + dx(q^2/h + g*h^2/2) = nu*dxx(q)'],
    boundary: [{ on: 'all', condition: 'dn(h) = 0' }, { on: 'all', condition: 'dn(q) = 0' }],
    initial: { h: '(lake + valley)/2 - (lake - valley)/2*tanh(x/edge)', q: '0' },
  },
  defaults: { method: 'finite-difference', resolution: [1025], times: 61 },
}
