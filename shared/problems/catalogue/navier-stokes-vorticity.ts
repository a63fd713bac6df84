import type { CatalogueProblem } from './problem'

export const navierStokesVorticity: CatalogueProblem = {
  descriptor: {
    id: 'navier-stokes-vorticity',
    name: 'Stirred flow on a torus',
    summary: 'Two-dimensional turbulence kept going by a steady stirring force: vortices stretch, wind up and merge. The benchmark of neural operators.',
    equation: '\\omega_t + \\mathbf{u}\\cdot\\nabla\\omega = \\nu\\Delta\\omega + f,\\quad -\\Delta\\psi = \\omega,\\ \\mathbf{u} = (\\psi_y, -\\psi_x)',
    reference: { text: 'Z. Li et al., Fourier neural operator for parametric partial differential equations, ICLR 2021, § 5.3', arxiv: '2010.08895' },
    supports: ['evolution', 'fluids', '2d', 'periodic', 'nonlinear', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, true] },
    time: [0, 10],
    unknowns: ['w', 'psi'],
    parameters: { nu: 0.0002, force: 0.1, k: '2*pi' },
    definitions: { f: 'force*(sin(k*(x + y)) + cos(k*(x + y)))' },
    equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = nu*lap(w) + f', '-lap(psi) = w'],
    initial: { w: 'sin(k*(x + 2*y) + 0.5) + cos(k*(2*x - y) + 1.1) + 0.8*sin(k*(3*x + y) + 2) + 0.7*cos(k*(x - 3*y) + 0.2) + 0.5*sin(k*(4*x + 3*y))' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 41, time: { tolerance: 1e-6 } },
}
