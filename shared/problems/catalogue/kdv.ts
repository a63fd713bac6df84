import type { CatalogueProblem } from './problem'

export const kdv: CatalogueProblem = {
  descriptor: {
    id: 'kdv',
    name: 'Korteweg–de Vries',
    summary: 'A cosine on shallow water steepens, and instead of breaking falls apart into a train of solitons that pass through one another.',
    equation: 'u_t + u\\,u_x + \\delta^2 u_{xxx} = 0',
    reference: { text: 'N. J. Zabusky, M. D. Kruskal, Interaction of “solitons” in a collisionless plasma and the recurrence of initial states, Phys. Rev. Lett. 15 (1965)', doi: '10.1103/PhysRevLett.15.240' },
    supports: ['evolution', 'waves', '1d', 'periodic', 'nonlinear', 'dispersive'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { delta: 0.05 },
    equations: ['dt(u) + u*dx(u) + delta^2*dxxx(u) = 0'],
    initial: { u: 'cos(pi*x)' },
  },
  defaults: { method: 'spectral', resolution: [512], times: 101 },
}
