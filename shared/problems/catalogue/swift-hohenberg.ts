import type { CatalogueProblem } from './problem'

export const swiftHohenberg: CatalogueProblem = {
  descriptor: {
    id: 'swift-hohenberg',
    name: 'Swift–Hohenberg stripes',
    summary: 'Stripes of one wavelength grow out of small disorder, meet at defects and straighten, as convection rolls and zebra skins do.',
    equation: 'u_t = r\\,u - (1 + \\Delta)^2 u - u^3',
    reference: { text: 'J. Swift, P. C. Hohenberg, Hydrodynamic fluctuations at the convective instability, Phys. Rev. A 15 (1977)', doi: '10.1103/PhysRevA.15.319' },
    supports: ['evolution', 'patterns', '2d', 'periodic', 'nonlinear', 'fourth-order'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, '20*pi'], [0, '20*pi']], periodic: [true, true] },
    time: [0, 60],
    unknowns: ['u'],
    parameters: { r: 0.3, k: 0.1 },
    equations: ['dt(u) = r*u - u - 2*lap(u) - lap(lap(u)) - u^3'],
    initial: { u: '0.1*(cos(k*(3*x + 2*y) + 0.3) + 0.9*cos(k*(5*x - y) + 1.9) + cos(k*(-2*x + 8*y) + 4.1) + 0.8*cos(k*(9*x + 3*y) + 2.7) + 0.9*cos(k*(7*x - 6*y) + 5.2) + cos(k*(x + 11*y) + 3.3))' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31 },
}
