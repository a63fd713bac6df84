import type { CatalogueProblem } from './problem'

export const rotatingHill: CatalogueProblem = {
  descriptor: {
    id: 'rotating-hill',
    name: 'Rotating hill',
    summary: 'A hill of dye carried once around by a solid rotation while it slowly spreads. Schemes with too much diffusion flatten it, schemes with dispersion leave a wake.',
    equation: 'u_t - 2\\pi y\\,u_x + 2\\pi x\\,u_y = \\nu \\Delta u',
    reference: { text: 'R. J. LeVeque, High-resolution conservative algorithms for advection in incompressible flow, SIAM J. Numer. Anal. 33 (1996)', doi: '10.1137/0733033' },
    supports: ['evolution', 'parabolic', '2d', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1], [-1, 1]] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { nu: 0.002, width: 0.2 },
    definitions: {
      spread: 'width^2 + 4*nu*t',
      ue: 'width^2/spread*exp(-((x - 0.5*cos(2*pi*t))^2 + (y - 0.5*sin(2*pi*t))^2)/spread)',
    },
    equations: ['dt(u) - 2*pi*y*dx(u) + 2*pi*x*dy(u) = nu*lap(u)'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    initial: { u: 'exp(-((x - 0.5)^2 + y^2)/width^2)' },
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [97, 97], times: 25 },
}
