import type { CatalogueProblem } from './problem'

export const wave1d: CatalogueProblem = {
  descriptor: {
    id: 'wave-1d',
    name: 'Plucked string',
    summary: 'A bump on a string splits in two, runs to the fixed ends, comes back upside down, and is whole again after two crossings.',
    equation: 'u_{tt} = c^2 u_{xx}',
    reference: { text: 'L. C. Evans, Partial Differential Equations, AMS 2010, §2.4' },
    supports: ['evolution', 'waves', '1d', 'second-order', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]] },
    time: [0, 2],
    unknowns: ['u'],
    parameters: { c: 1, x0: 0.3, width: 0.06 },
    // d'Alembert's solution with the odd, periodic continuation of the initial value.
    definitions: {
      right: 'mod(x - c*t + 1, 2) - 1',
      left: 'mod(x + c*t + 1, 2) - 1',
      ue: '(exp(-((right - x0)/width)^2) - exp(-((right + x0)/width)^2) + exp(-((left - x0)/width)^2) - exp(-((left + x0)/width)^2))/2',
    },
    equations: ['dtt(u) = c^2*dxx(u)'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    initial: { u: 'exp(-((x - x0)/width)^2)', 'dt(u)': '0' },
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [401], times: 101 },
}
