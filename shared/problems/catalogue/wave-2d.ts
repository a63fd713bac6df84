import type { CatalogueProblem } from './problem'

export const wave2d: CatalogueProblem = {
  descriptor: {
    id: 'wave-2d',
    name: 'Drum mode',
    summary: 'A square drum struck in two modes of one frequency: a standing wave whose still lines are curved, known exactly at all times.',
    equation: 'u_{tt} = c^2 \\Delta u',
    reference: { text: 'R. Courant, K. Friedrichs, H. Lewy, Über die partiellen Differenzengleichungen der mathematischen Physik, Math. Ann. 100 (1928)', doi: '10.1007/BF01448839' },
    supports: ['evolution', 'waves', '2d', 'second-order', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { c: 1, m: 4, k: 1, mix: 0.6, omega: 'pi*c*sqrt(m^2 + k^2)' },
    definitions: { mode: 'sin(m*pi*x)*sin(k*pi*y) + mix*sin(k*pi*x)*sin(m*pi*y)' },
    equations: ['dtt(u) = c^2*lap(u)'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    initial: { u: 'mode', 'dt(u)': '0' },
    exact: { u: 'cos(omega*t)*mode' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [81, 81], times: 21 },
}
