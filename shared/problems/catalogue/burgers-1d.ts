import type { CatalogueProblem } from './problem'

export const burgers1d: CatalogueProblem = {
  descriptor: {
    id: 'burgers-1d',
    name: 'Burgers shock',
    summary: 'A sine steepens into a thin standing shock: advection against a little viscosity. The classic test of neural solvers.',
    equation: 'u_t + u\\,u_x = \\nu\\,u_{xx}',
    reference: { text: 'C. Basdevant et al., Spectral and finite difference solutions of the Burgers equation, Computers & Fluids 14 (1986)', doi: '10.1016/0045-7930(86)90036-8' },
    supports: ['evolution', 'parabolic', '1d', 'periodic', 'nonlinear'],
  },
  statement: {
    // The odd initial value keeps u(±1, t) = 0 for all times, so the periodic statement and the one with u = 0 at both ends are the same problem.
    domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: '0.01/pi' },
    equations: ['dt(u) + u*dx(u) = nu*dxx(u)'],
    initial: { u: '-sin(pi*x)' },
  },
  defaults: { method: 'spectral', resolution: [1024], times: 101 },
}
