import type { CatalogueProblem } from './problem'

export const advectionDiffusion1d: CatalogueProblem = {
  descriptor: {
    id: 'advection-diffusion-1d',
    name: 'Advection–diffusion 1-D',
    summary: 'A wave carried around a periodic interval while diffusion damps it, with its exact solution.',
    equation: 'u_t + c\\,u_x = \\nu\\,u_{xx}',
    reference: { text: 'W. Hundsdorfer, J. Verwer, Numerical Solution of Time-Dependent Advection–Diffusion–Reaction Equations, Springer 2003', doi: '10.1007/978-3-662-09017-6' },
    supports: ['evolution', 'parabolic', '1d', 'periodic', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]], periodic: [true] },
    time: [0, 1],
    unknowns: ['u'],
    parameters: { c: 1, nu: 0.01 },
    equations: ['dt(u) + c*dx(u) = nu*dxx(u)'],
    initial: { u: 'sin(2*pi*x)' },
    exact: { u: 'exp(-nu*(2*pi)^2*t)*sin(2*pi*(x - c*t))' },
  },
  defaults: { method: 'spectral', resolution: [128], times: 41 },
}
