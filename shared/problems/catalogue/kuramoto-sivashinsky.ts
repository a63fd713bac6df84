import type { CatalogueProblem } from './problem'

export const kuramotoSivashinsky: CatalogueProblem = {
  descriptor: {
    id: 'kuramoto-sivashinsky',
    name: 'Kuramoto–Sivashinsky',
    summary: 'The ragged edge of a flame: long waves are fed, short ones damped, and between them lives chaos in space and time.',
    equation: 'u_t = -u_{xxxx} - u_{xx} - u\\,u_x',
    reference: { text: 'A.-K. Kassam, L. N. Trefethen, Fourth-order time-stepping for stiff PDEs, SIAM J. Sci. Comput. 26 (2005)', doi: '10.1137/S1064827502410633' },
    supports: ['evolution', 'patterns', '1d', 'periodic', 'nonlinear', 'fourth-order', 'chaotic'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, '32*pi']], periodic: [true] },
    time: [0, 150],
    unknowns: ['u'],
    equations: ['dt(u) = -dxxxx(u) - dxx(u) - u*dx(u)'],
    initial: { u: 'cos(x/16)*(1 + sin(x/16))' },
  },
  defaults: { method: 'spectral', resolution: [256], times: 151 },
}
