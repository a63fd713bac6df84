import type { CatalogueProblem } from './problem'

export const allenCahn2d: CatalogueProblem = {
  descriptor: {
    id: 'allen-cahn-2d',
    name: 'Allen–Cahn star',
    summary: 'A six-pointed island of one phase in the other: its boundary moves by its curvature, so the points melt first, then the round island shrinks away.',
    equation: 'u_t = \\Delta u + \\varepsilon^{-2}(u - u^3)',
    reference: { text: 'S. M. Allen, J. W. Cahn, A microscopic theory for antiphase boundary motion, Acta Metallurgica 27 (1979)', doi: '10.1016/0001-6160(79)90196-2' },
    supports: ['evolution', 'patterns', '2d', 'periodic', 'nonlinear'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1], [-1, 1]], periodic: [true, true] },
    time: [0, 0.1],
    unknowns: ['u'],
    parameters: { epsilon: 0.03 },
    equations: ['dt(u) = lap(u) + (u - u^3)/epsilon^2'],
    initial: { u: 'tanh((0.5 + 0.2*cos(6*atan2(y, x)) - hypot(x, y))/(sqrt(2)*epsilon))' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 41, time: { tolerance: 1e-6 } },
}
