import type { CatalogueProblem } from './problem'

export const ginzburgLandau: CatalogueProblem = {
  descriptor: {
    id: 'ginzburg-landau',
    name: 'Ginzburg–Landau spirals',
    summary: 'Oscillators that all beat alike but not in step: the complex amplitude organises itself around defects from which spiral waves go out.',
    equation: 'A_t = A + (1 + \\mathrm{i}\\alpha)\\Delta A - (1 + \\mathrm{i}\\beta)|A|^2 A',
    reference: { text: 'I. S. Aranson, L. Kramer, The world of the complex Ginzburg–Landau equation, Rev. Mod. Phys. 74 (2002)', doi: '10.1103/RevModPhys.74.99' },
    supports: ['evolution', 'patterns', '2d', 'periodic', 'nonlinear', 'complex'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 100], [0, 100]], periodic: [true, true] },
    time: [0, 60],
    unknowns: [{ name: 'A', type: 'complex' }],
    parameters: { alpha: 0, beta: 0.7, k: '2*pi/100' },
    equations: ['dt(A) = A + (1 + i*alpha)*lap(A) - (1 + i*beta)*abs(A)^2*A'],
    initial: {
      A: '0.4*(cos(k*(2*x + y) + 0.3) + 0.9*cos(k*(x - 3*y) + 1.9) + cos(k*(-3*x + 2*y) + 4.1) + 0.8*cos(2*k*y + 2.7)) + 0.4*i*(cos(k*(x + 2*y) + 0.7) + 0.9*cos(k*(3*x - y) + 2.9) + cos(k*(-2*x + 3*y) + 5.1) + 0.8*cos(2*k*x + 1.7))',
    },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31, time: { tolerance: 1e-6 } },
}
