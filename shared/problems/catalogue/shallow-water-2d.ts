import type { CatalogueProblem } from './problem'

export const shallowWater2d: CatalogueProblem = {
  descriptor: {
    id: 'shallow-water-2d',
    name: 'Shallow water, a drop',
    summary: 'A mound of water collapses in a walled basin. Unlike sound, high water runs faster than low, so crests steepen as they go.',
    equation: 'h_t + \\nabla\\cdot(h\\mathbf{u}) = 0,\\quad \\mathbf{u}_t + (\\mathbf{u}\\cdot\\nabla)\\mathbf{u} + g\\nabla h = \\nu\\Delta\\mathbf{u}',
    reference: { text: 'C. B. Vreugdenhil, Numerical Methods for Shallow-Water Flow, Kluwer 1994', doi: '10.1007/978-94-015-8354-1' },
    supports: ['evolution', 'hyperbolic', '2d', 'nonlinear', 'system', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    time: [0, 1],
    unknowns: ['h', 'u', 'v'],
    parameters: { g: 1, depth: 1, drop: 0.3, width: 0.1, nu: 0.002 },
    equations: [
      'dt(h) + dx(h*u) + dy(h*v) = 0',
      'dt(u) + u*dx(u) + v*dy(u) + g*dx(h) = nu*lap(u)',
      'dt(v) + u*dx(v) + v*dy(v) + g*dy(h) = nu*lap(v)',
    ],
    // Walls let no water through and do not hold it back along them.
    boundary: [
      { on: 'all', condition: 'dn(h) = 0' },
      { on: ['left', 'right'], condition: 'u = 0' },
      { on: ['bottom', 'top'], condition: 'dn(u) = 0' },
      { on: ['bottom', 'top'], condition: 'v = 0' },
      { on: ['left', 'right'], condition: 'dn(v) = 0' },
    ],
    initial: { h: 'depth + drop*exp(-((x - 0.4)^2 + (y - 0.6)^2)/width^2)', u: '0', v: '0' },
  },
  defaults: { method: 'finite-difference', resolution: [129, 129], times: 31 },
}
