import type { CatalogueProblem } from './problem'

export const wave2dPulse: CatalogueProblem = {
  descriptor: {
    id: 'wave-2d-pulse',
    name: 'Drop in a basin',
    summary: 'A ring runs out from where the drop fell, reflects from the walls and crosses itself in ever finer patterns.',
    equation: 'u_{tt} = c^2 \\Delta u,\\quad \\partial_n u = 0',
    reference: { text: 'R. Courant, K. Friedrichs, H. Lewy, Über die partiellen Differenzengleichungen der mathematischen Physik, Math. Ann. 100 (1928)', doi: '10.1007/BF01448839' },
    supports: ['evolution', 'waves', '2d', 'second-order', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1.5], [0, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { c: 1, width: 0.05 },
    equations: ['dtt(u) = c^2*lap(u)'],
    boundary: [{ on: 'all', condition: 'dn(u) = 0' }],
    initial: { u: 'exp(-((x - 0.5)^2 + (y - 0.4)^2)/width^2)', 'dt(u)': '0' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [193, 129], times: 31 },
}
