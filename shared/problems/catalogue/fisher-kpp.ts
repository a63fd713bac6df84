import type { CatalogueProblem } from './problem'

export const fisherKpp: CatalogueProblem = {
  descriptor: {
    id: 'fisher-kpp',
    name: 'Fisher–KPP invasion',
    summary: 'A population grows where it is and diffuses to where it is not: a front that invades at constant speed, known exactly for one special speed.',
    equation: 'u_t = D\\,u_{xx} + r\\,u(1 - u)',
    reference: { text: 'M. J. Ablowitz, A. Zeppetella, Explicit solutions of Fisher’s equation for a special wave speed, Bull. Math. Biol. 41 (1979)', doi: '10.1007/BF02462380' },
    supports: ['evolution', 'parabolic', '1d', 'nonlinear', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-20, 60]] },
    time: [0, 20],
    unknowns: ['u'],
    parameters: { D: 1, r: 1 },
    definitions: { ue: '(1 + exp(sqrt(r/(6*D))*x - 5/6*r*t))^(-2)' },
    equations: ['dt(u) = D*dxx(u) + r*u*(1 - u)'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    initial: { u: '(1 + exp(sqrt(r/(6*D))*x))^(-2)' },
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [401], times: 81 },
}
