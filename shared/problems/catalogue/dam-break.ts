import type { CatalogueProblem } from './problem'

export const damBreak: CatalogueProblem = {
  descriptor: {
    id: 'dam-break',
    name: 'Dam break',
    summary: 'A wall of water is let go: a bore runs down the valley and a rarefaction eats into the lake. Shock-capturing fluxes keep the bore sharp.',
    equation: 'h_t + q_x = 0,\\quad q_t + \\bigl(\\tfrac{q^2}{h} + \\tfrac12 g h^2\\bigr)_x = 0',
    reference: { text: 'R. J. LeVeque, Finite Volume Methods for Hyperbolic Problems, Cambridge University Press 2002, ch. 13', doi: '10.1017/CBO9780511791253' },
    supports: ['evolution', 'hyperbolic', '1d', 'nonlinear', 'system', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-5, 5]] },
    time: [0, 3],
    unknowns: ['h', 'q'],
    parameters: { g: 1, lake: 2, valley: 0.5 },
    equations: ['dt(h) + dx(q) = 0', 'dt(q) + dx(q^2/h + g*h^2/2) = 0'],
    boundary: [{ on: 'all', condition: 'dn(h) = 0' }, { on: 'all', condition: 'dn(q) = 0' }],
    initial: { h: 'if(x < 0, lake, valley)', q: '0' },
  },
  defaults: { method: 'finite-difference', resolution: [401], times: 61 },
}
