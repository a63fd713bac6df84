import type { CatalogueProblem } from './problem'

export const lidDrivenCavity: CatalogueProblem = {
  descriptor: {
    id: 'lid-driven-cavity',
    name: 'Lid-driven cavity',
    summary: 'The lid of a box slides and drags the fluid below into one large vortex with small ones in the corners: the test every flow solver takes.',
    equation: '(\\mathbf{u}\\cdot\\nabla)\\mathbf{u} + \\nabla p = \\tfrac{1}{\\mathrm{Re}}\\Delta\\mathbf{u},\\quad \\nabla\\cdot\\mathbf{u} = 0',
    reference: { text: 'U. Ghia, K. N. Ghia, C. T. Shin, High-Re solutions for incompressible flow using the Navier–Stokes equations and a multigrid method, J. Comput. Phys. 48 (1982)', doi: '10.1016/0021-9991(82)90058-4' },
    supports: ['fluids', '2d', 'nonlinear', 'system', 'steady'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    unknowns: ['u', 'v', 'p'],
    // The lid starts and stops smoothly at its ends, so that the pressure stays finite in the corners.
    parameters: { Re: 100 },
    equations: ['u*dx(u) + v*dy(u) + dx(p) = lap(u)/Re', 'u*dx(v) + v*dy(v) + dy(p) = lap(v)/Re', 'dx(u) + dy(v) = 0'],
    boundary: [{ on: 'all', condition: 'u = 0' }, { on: 'top', condition: 'u = 4*x*(1 - x)' }, { on: 'all', condition: 'v = 0' }],
  },
  defaults: { method: 'finite-element', resolution: [65, 65] },
}
