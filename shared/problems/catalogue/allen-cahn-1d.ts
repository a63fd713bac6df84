import type { CatalogueProblem } from './problem'

export const allenCahn1d: CatalogueProblem = {
  descriptor: {
    id: 'allen-cahn-1d',
    name: 'Allen–Cahn 1-D',
    summary: 'Two phases separate into plateaus at ±1 joined by thin layers.',
    equation: 'u_t = \\varepsilon\\,u_{xx} + 5(u - u^3)',
    reference: { text: 'S. M. Allen, J. W. Cahn, A microscopic theory for antiphase boundary motion, Acta Metallurgica 27 (1979)', doi: '10.1016/0001-6160(79)90196-2' },
    supports: ['evolution', 'patterns', '1d', 'periodic', 'nonlinear'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { epsilon: 0.0001 },
    equations: ['dt(u) - epsilon*dxx(u) + 5*u^3 - 5*u = 0'],
    initial: { u: 'x^2*cos(pi*x)' },
  },
  defaults: { method: 'spectral', resolution: [512], times: 101 },
}
