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
    domain: { shape: 'box', bounds: [[0, '30*pi'], [0, '30*pi']], periodic: [true, true] },
    time: [0, 40],
    unknowns: ['u'],
    parameters: { r: 0.3, k: '1/15' },
    equations: ['dt(u) = r*u - u - 2*lap(u) - lap(lap(u)) - u^3'],
    initial: { u: '0.04*(0.7*cos(k*(16*x - 2*y) + 4.7) + 0.9*cos(k*(15*x + 7*y) + 5.8) + 0.9*cos(k*(6*x - 2*y) + 5.6) + 0.7*cos(k*(x - 17*y) + 1.0) + 0.6*cos(k*(14*x - 5*y) + 5.5) + 0.8*cos(k*(x - 16*y) + 1.5) + 0.8*cos(k*(5*x - 14*y) + 4.0) + cos(k*(15*x - 4*y) + 0.7) + 0.9*cos(k*(9*x + 11*y) + 0.9) + 0.6*cos(k*(10*x - y) + 5.0) + 0.9*cos(k*(4*x + 8*y) + 4.8) + 0.9*cos(k*(6*x - 9*y) + 1.6))' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31, time: { tolerance: 1e-6 } },
}
