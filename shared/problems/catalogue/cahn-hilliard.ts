import type { CatalogueProblem } from './problem'

export const cahnHilliard: CatalogueProblem = {
  descriptor: {
    id: 'cahn-hilliard',
    name: 'Cahn–Hilliard',
    summary: 'A mixed alloy separates into two phases like oil and water: labyrinths first, then droplets that grow at each other’s expense. Mass is conserved.',
    equation: 'u_t = \\Delta(u^3 - u - \\varepsilon^2\\Delta u)',
    reference: { text: 'J. W. Cahn, J. E. Hilliard, Free energy of a nonuniform system I, J. Chem. Phys. 28 (1958)', doi: '10.1063/1.1744102' },
    supports: ['evolution', 'patterns', '2d', 'periodic', 'nonlinear', 'fourth-order'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, true] },
    time: [0, 0.01],
    unknowns: ['u'],
    parameters: { epsilon: 0.012, mean: -0.1, k: '2*pi' },
    equations: ['dt(u) = lap(u^3 - u - epsilon^2*lap(u))'],
    initial: {
      u: 'mean + 0.04*(0.8*cos(k*(7*x) + 0.2) + 0.7*cos(k*(x - 10*y) + 6.0) + 0.8*cos(k*(8*x - 3*y) + 4.2) + cos(k*(8*x + y) + 1.3) + cos(k*(5*x - y) + 4.4) + 0.6*cos(k*(7*x + 4*y) + 0.2) + 0.9*cos(k*(6*y) + 3.7) + 0.7*cos(k*(10*x + 2*y) + 5.0) + 0.8*cos(k*(3*x + 8*y) + 2.2) + cos(k*(x + 7*y) + 0.6) + cos(k*(-x + 5*y) + 1.7) + 0.6*cos(k*(-4*x + 9*y) + 3.1))',
    },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31, time: { tolerance: 1e-3 } },
}
