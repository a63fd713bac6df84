import type { CatalogueProblem } from './problem'

export const taylorGreen2d: CatalogueProblem = {
  descriptor: {
    id: 'taylor-green-2d',
    name: 'Taylor–Green vortices 2-D',
    summary: 'A chessboard of vortices that turn against each other and slowly die: one of the few exact solutions of the Navier–Stokes equations.',
    equation: '\\omega_t + \\mathbf{u}\\cdot\\nabla\\omega = \\nu\\Delta\\omega,\\quad -\\Delta\\psi = \\omega',
    reference: { text: 'G. I. Taylor, A. E. Green, Mechanism of the production of small eddies from large ones, Proc. R. Soc. Lond. A 158 (1937)', doi: '10.1098/rspa.1937.0036' },
    supports: ['evolution', 'fluids', '2d', 'periodic', 'nonlinear', 'system', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, '2*pi'], [0, '2*pi']], periodic: [true, true] },
    time: [0, 5],
    unknowns: ['w', 'psi'],
    parameters: { nu: 0.05, k: 2 },
    equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = nu*lap(w)', '-lap(psi) = w'],
    initial: { w: '2*k*cos(k*x)*cos(k*y)' },
    exact: { w: '2*k*exp(-2*nu*k^2*t)*cos(k*x)*cos(k*y)', psi: 'exp(-2*nu*k^2*t)*cos(k*x)*cos(k*y)/k' },
  },
  defaults: { method: 'spectral', resolution: [64, 64], times: 21 },
}
