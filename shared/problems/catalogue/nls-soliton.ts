import type { CatalogueProblem } from './problem'

export const nlsSoliton: CatalogueProblem = {
  descriptor: {
    id: 'nls-soliton',
    name: 'Schrödinger soliton',
    summary: 'A packet of light in a fibre whose spreading and self-focusing balance: it travels without changing its shape. Mass, momentum and energy stay constant.',
    equation: '\\mathrm{i}h_t + \\tfrac12 h_{xx} + |h|^2 h = 0',
    reference: { text: 'J. A. C. Weideman, B. M. Herbst, Split-step methods for the solution of the nonlinear Schrödinger equation, SIAM J. Numer. Anal. 23 (1986)', doi: '10.1137/0723033' },
    supports: ['evolution', 'waves', '1d', 'periodic', 'complex', 'nonlinear', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-20, 20]], periodic: [true] },
    time: [0, 20],
    unknowns: [{ name: 'h', type: 'complex' }],
    // A velocity with which exp(i v x) is periodic.
    parameters: { v: '3*2*pi/40' },
    equations: ['i*dt(h) + 0.5*dxx(h) + abs(h)^2*h = 0'],
    initial: { h: 'sech(x)*exp(i*v*x)' },
    exact: { h: 'sech(mod(x - v*t + 20, 40) - 20)*exp(i*(v*x + (1 - v^2)/2*t))' },
  },
  defaults: { method: 'spectral', resolution: [512], times: 101 },
}
