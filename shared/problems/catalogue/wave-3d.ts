import type { CatalogueProblem } from './problem'

export const wave3d: CatalogueProblem = {
  descriptor: {
    id: 'wave-3d',
    name: 'Sound in a room',
    summary: 'Two standing tones of a hard-walled room with different pitch, in and out of step: the exact solution tests any wave solver in space.',
    equation: 'p_{tt} = c^2 \\Delta p,\\quad \\partial_n p = 0',
    reference: { text: 'P. M. Morse, K. U. Ingard, Theoretical Acoustics, Princeton University Press 1986, ch. 9' },
    supports: ['evolution', 'waves', '3d', 'second-order', 'exact', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1], [0, 1]] },
    time: [0, 1],
    unknowns: ['p'],
    parameters: { c: 1, omega1: 'pi*c*sqrt(6)', omega2: 'pi*c*sqrt(5)' },
    equations: ['dtt(p) = c^2*lap(p)'],
    boundary: [{ on: 'all', condition: 'dn(p) = 0' }],
    initial: { p: 'cos(2*pi*x)*cos(pi*y)*cos(pi*z) + cos(pi*x)*cos(2*pi*z)', 'dt(p)': '0' },
    exact: { p: 'cos(omega1*t)*cos(2*pi*x)*cos(pi*y)*cos(pi*z) + cos(omega2*t)*cos(pi*x)*cos(2*pi*z)' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [33, 33, 33], times: 11 },
}
