import type { CatalogueProblem } from './problem'

export const euler2d: CatalogueProblem = {
  descriptor: {
    id: 'euler-2d',
    name: 'Isentropic vortex',
    summary: 'A vortex in a compressible gas drifts across a periodic box unchanged, for ever: what a scheme loses of it is its error.',
    equation: '\\rho_t + \\nabla\\cdot(\\rho\\mathbf{u}) = 0,\\quad \\mathbf{u}_t + (\\mathbf{u}\\cdot\\nabla)\\mathbf{u} + \\tfrac1\\rho\\nabla p = 0,\\quad p_t + \\mathbf{u}\\cdot\\nabla p + \\gamma p\\,\\nabla\\cdot\\mathbf{u} = 0',
    reference: { text: 'C.-W. Shu, Essentially non-oscillatory and weighted essentially non-oscillatory schemes for hyperbolic conservation laws, Springer 1998', doi: '10.1007/BFb0096355' },
    supports: ['evolution', 'hyperbolic', '2d', 'periodic', 'nonlinear', 'system', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-7, 7], [-7, 7]], periodic: [true, true] },
    time: [0, 7],
    unknowns: ['rho', 'u', 'v', 'p'],
    parameters: { gamma: 1.4, beta: 5 },
    // Coordinates that move with the wind (1, 1), wrapped around the box.
    definitions: {
      xi: 'mod(x - t + 7, 14) - 7',
      eta: 'mod(y - t + 7, 14) - 7',
      swirl: 'beta/(2*pi)*exp((1 - xi^2 - eta^2)/2)',
      warm: '1 - (gamma - 1)/(2*gamma)*swirl^2',
      swirl0: 'beta/(2*pi)*exp((1 - x^2 - y^2)/2)',
      warm0: '1 - (gamma - 1)/(2*gamma)*swirl0^2',
    },
    equations: [
      'dt(rho) + u*dx(rho) + v*dy(rho) + rho*(dx(u) + dy(v)) = 0',
      'dt(u) + u*dx(u) + v*dy(u) + dx(p)/rho = 0',
      'dt(v) + u*dx(v) + v*dy(v) + dy(p)/rho = 0',
      'dt(p) + u*dx(p) + v*dy(p) + gamma*p*(dx(u) + dy(v)) = 0',
    ],
    initial: { rho: 'warm0^(1/(gamma - 1))', u: '1 - y*swirl0', v: '1 + x*swirl0', p: 'warm0^(gamma/(gamma - 1))' },
    exact: { rho: 'warm^(1/(gamma - 1))', u: '1 - eta*swirl', v: '1 + xi*swirl', p: 'warm^(gamma/(gamma - 1))' },
  },
  defaults: { method: 'spectral', resolution: [96, 96], times: 15, time: { tolerance: 1e-6 } },
}
