import type { CatalogueProblem } from './problem'

export const taylorGreen3d: CatalogueProblem = {
  descriptor: {
    id: 'taylor-green-3d',
    name: 'Taylor–Green vortex 3-D',
    summary: 'Large eddies in space stretch one another into ever smaller ones until viscosity ends them: how turbulence begins.',
    equation: '\\mathbf{u}_t + (\\mathbf{u}\\cdot\\nabla)\\mathbf{u} + \\nabla p = \\tfrac{1}{\\mathrm{Re}}\\Delta\\mathbf{u},\\quad \\nabla\\cdot\\mathbf{u} = 0',
    reference: { text: 'M. E. Brachet et al., Small-scale structure of the Taylor–Green vortex, J. Fluid Mech. 130 (1983)', doi: '10.1017/S0022112083001159' },
    supports: ['evolution', 'fluids', '3d', 'periodic', 'nonlinear', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, '2*pi'], [0, '2*pi'], [0, '2*pi']], periodic: [true, true, true] },
    time: [0, 6],
    unknowns: ['u', 'v', 'w', 'p'],
    parameters: { Re: 100 },
    // The divergence of the momentum equation in place of ∇·u = 0: a solenoidal start stays solenoidal.
    equations: [
      'dt(u) + u*dx(u) + v*dy(u) + w*dz(u) + dx(p) = lap(u)/Re',
      'dt(v) + u*dx(v) + v*dy(v) + w*dz(v) + dy(p) = lap(v)/Re',
      'dt(w) + u*dx(w) + v*dy(w) + w*dz(w) + dz(p) = lap(w)/Re',
      '-lap(p) = dx(u)^2 + dy(v)^2 + dz(w)^2 + 2*(dy(u)*dx(v) + dz(u)*dx(w) + dz(v)*dy(w))',
    ],
    initial: { u: 'sin(x)*cos(y)*cos(z)', v: '-cos(x)*sin(y)*cos(z)', w: '0' },
  },
  defaults: { method: 'spectral', resolution: [32, 32, 32], times: 7, time: { tolerance: 1e-6 } },
}
