import type { CatalogueProblem } from './problem'

export const kdvSolitons: CatalogueProblem = {
  descriptor: {
    id: 'kdv-solitons',
    name: 'Two KdV solitons',
    summary: 'A tall soliton overtakes a small one; both come out unharmed, only shifted. Hirota’s exact solution tells how far.',
    equation: 'u_t + 6u\\,u_x + u_{xxx} = 0',
    reference: { text: 'R. Hirota, Exact solution of the Korteweg–de Vries equation for multiple collisions of solitons, Phys. Rev. Lett. 27 (1971)', doi: '10.1103/PhysRevLett.27.1192' },
    supports: ['evolution', 'waves', '1d', 'periodic', 'nonlinear', 'dispersive', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-25, 25]], periodic: [true] },
    time: [0, 4.5],
    unknowns: ['u'],
    parameters: { k1: 1.5, k2: 2.25, x1: -6, x2: -12, A: '((k1 - k2)/(k1 + k2))^2' },
    // u = 2 ∂²/∂x² log F with F = 1 + e^η₁ + e^η₂ + A e^(η₁ + η₂), ηᵢ = kᵢ(x − xᵢ) − kᵢ³t; `…0` is its value at t = 0.
    definitions: {
      a: 'exp(k1*(x - x1) - k1^3*t)',
      b: 'exp(k2*(x - x2) - k2^3*t)',
      F: '1 + a + b + A*a*b',
      Fx: 'k1*a + k2*b + (k1 + k2)*A*a*b',
      Fxx: 'k1^2*a + k2^2*b + (k1 + k2)^2*A*a*b',
      a0: 'exp(k1*(x - x1))',
      b0: 'exp(k2*(x - x2))',
      F0: '1 + a0 + b0 + A*a0*b0',
      Fx0: 'k1*a0 + k2*b0 + (k1 + k2)*A*a0*b0',
      Fxx0: 'k1^2*a0 + k2^2*b0 + (k1 + k2)^2*A*a0*b0',
    },
    equations: ['dt(u) + 6*u*dx(u) + dxxx(u) = 0'],
    initial: { u: '2*(F0*Fxx0 - Fx0^2)/F0^2' },
    exact: { u: '2*(F*Fxx - Fx^2)/F^2' },
  },
  defaults: { method: 'spectral', resolution: [256], times: 91 },
}
