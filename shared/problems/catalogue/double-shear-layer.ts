import type { CatalogueProblem } from './problem'

export const doubleShearLayer: CatalogueProblem = {
  descriptor: {
    id: 'double-shear-layer',
    name: 'Double shear layer',
    summary: 'Two thin jets rub against a slow stream; a slight wave on them grows, and the layers roll up into a pair of cat’s eyes.',
    equation: '\\omega_t + \\mathbf{u}\\cdot\\nabla\\omega = \\nu\\Delta\\omega,\\quad -\\Delta\\psi = \\omega',
    reference: { text: 'J. B. Bell, P. Colella, H. M. Glaz, A second-order projection method for the incompressible Navier–Stokes equations, J. Comput. Phys. 85 (1989)', doi: '10.1016/0021-9991(89)90151-4' },
    supports: ['evolution', 'fluids', '2d', 'periodic', 'nonlinear', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, true] },
    time: [0, 1.2],
    unknowns: ['w', 'psi'],
    parameters: { nu: 0.0002, rho: 30, delta: 0.05 },
    // Vorticity of u = ± tanh(ρ(y − y₀)) around the layers at y₀ = ¼ and ¾, v = δ sin 2πx. The layers' images above and below make it periodic, with mean zero.
    definitions: {
      lower: 'sech(rho*(y - 0.25))^2 + sech(rho*(y - 1.25))^2',
      upper: 'sech(rho*(y - 0.75))^2 + sech(rho*(y + 0.25))^2',
    },
    equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = nu*lap(w)', '-lap(psi) = w'],
    initial: { w: '2*pi*delta*cos(2*pi*x) + rho*(upper - lower)' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31, time: { tolerance: 1e-6 } },
}
