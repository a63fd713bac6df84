import type { CatalogueProblem } from './problem'

export const sineGordon: CatalogueProblem = {
  descriptor: {
    id: 'sine-gordon',
    name: 'Sine–Gordon breather',
    summary: 'A kink and an antikink bound to each other swing forever without radiating: a nonlinear wave with an exact solution.',
    equation: 'u_{tt} = u_{xx} - \\sin u',
    reference: { text: 'M. J. Ablowitz, D. J. Kaup, A. C. Newell, H. Segur, Method for solving the sine-Gordon equation, Phys. Rev. Lett. 30 (1973)', doi: '10.1103/PhysRevLett.30.1262' },
    supports: ['evolution', 'waves', '1d', 'second-order', 'nonlinear', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-25, 25]] },
    time: [0, 20],
    unknowns: ['u'],
    parameters: { omega: 0.6, kappa: 'sqrt(1 - omega^2)' },
    definitions: { ue: '4*atan(kappa*sin(omega*t)/(omega*cosh(kappa*x)))' },
    equations: ['dtt(u) = dxx(u) - sin(u)'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    initial: { u: '0', 'dt(u)': '4*kappa/cosh(kappa*x)' },
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [401], times: 101 },
}
