import type { CatalogueProblem } from './problem'

export const rayleighBenard: CatalogueProblem = {
  descriptor: {
    id: 'rayleigh-benard',
    name: 'Rayleigh–Bénard convection',
    summary: 'A layer heated from below: warm plumes rise, cold ones sink, and rolls form where a still layer would be unstable.',
    equation: '\\omega_t + \\mathbf{u}\\cdot\\nabla\\omega = \\mathrm{Pr}\\,\\Delta\\omega + \\mathrm{Ra}\\,\\mathrm{Pr}\\,T_x,\\quad T_t + \\mathbf{u}\\cdot\\nabla T = \\Delta T,\\quad -\\Delta\\psi = \\omega',
    reference: { text: 'B. Saltzman, Finite amplitude free convection as an initial value problem, J. Atmos. Sci. 19 (1962)', doi: '10.1175/1520-0469(1962)019<0329:FAFCAA>2.0.CO;2' },
    supports: ['evolution', 'fluids', '2d', 'nonlinear', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 2], [0, 1]], periodic: [true, false] },
    time: [0, 0.05],
    unknowns: ['T', 'w', 'psi'],
    parameters: { Ra: 50000, Pr: 1 },
    equations: [
      'dt(T) + dy(psi)*dx(T) - dx(psi)*dy(T) = lap(T)',
      'dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = Pr*lap(w) + Ra*Pr*dx(T)',
      '-lap(psi) = w',
    ],
    // Plates at fixed temperatures on which the fluid slips freely.
    boundary: [
      { on: 'bottom', condition: 'T = 1' },
      { on: 'top', condition: 'T = 0' },
      { on: 'all', condition: 'w = 0' },
      { on: 'all', condition: 'psi = 0' },
    ],
    initial: { T: '1 - y + 0.05*sin(pi*y)*(cos(pi*x) + 0.6*cos(2*pi*x + 1) + 0.4*cos(3*pi*x + 2))', w: '0' },
  },
  defaults: { method: 'finite-difference', resolution: [96, 49], times: 41 },
}
