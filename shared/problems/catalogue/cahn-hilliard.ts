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
    time: [0, 0.05],
    unknowns: ['u'],
    parameters: { epsilon: 0.02, k: '2*pi' },
    equations: ['dt(u) = lap(u^3 - u - epsilon^2*lap(u))'],
    initial: {
      u: '0.05*(cos(k*(3*x + 2*y) + 0.3) + 0.9*cos(k*(5*x - 4*y) + 1.9) + cos(k*(-2*x + 7*y) + 4.1) + 0.8*cos(k*(8*x + 3*y) + 2.7) + 0.9*cos(k*(4*x - 9*y) + 5.2) + cos(k*(x + 5*y) + 3.3) + 0.8*cos(k*(7*x - 6*y) + 0.9) + 0.7*cos(k*(9*x + 8*y) + 1.4))',
    },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31 },
}
