import type { CatalogueProblem } from './problem'

export const fitzhughNagumo: CatalogueProblem = {
  descriptor: {
    id: 'fitzhugh-nagumo',
    name: 'FitzHugh–Nagumo spiral',
    summary: 'A broken wave of excitation in heart muscle curls around its loose end and turns into a spiral that drives itself.',
    equation: 'v_t = \\Delta v + v - \\tfrac{v^3}{3} - w,\\quad w_t = \\varepsilon(v + a - b\\,w)',
    reference: { text: 'R. FitzHugh, Impulses and physiological states in theoretical models of nerve membrane, Biophys. J. 1 (1961)', doi: '10.1016/S0006-3495(61)86902-6' },
    supports: ['evolution', 'patterns', '2d', 'nonlinear', 'system', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-40, 40], [-40, 40]] },
    time: [0, 140],
    unknowns: ['v', 'w'],
    parameters: { epsilon: 0.04, a: 0.7, b: 0.5 },
    equations: ['dt(v) = lap(v) + v - v^3/3 - w', 'dt(w) = epsilon*(v + a - b*w)'],
    boundary: [{ on: 'all', condition: 'dn(v) = 0' }, { on: 'all', condition: 'dn(w) = 0' }],
    initial: { v: '-1.2 + 1.5*(1 - tanh(x/2))', w: '-0.62 + 0.8*(1 - tanh(y/2))' },
  },
  defaults: { method: 'finite-difference', resolution: [129, 129], times: 41 },
}
