import type { CatalogueProblem } from './problem'

export const burgers2d: CatalogueProblem = {
  descriptor: {
    id: 'burgers-2d',
    name: 'Burgers 2-D',
    summary: 'Two velocities that carry each other: a steep slanted front slides across the square, with Fletcher’s exact solution.',
    equation: '\\mathbf{u}_t + (\\mathbf{u}\\cdot\\nabla)\\mathbf{u} = \\nu\\Delta\\mathbf{u}',
    reference: { text: 'C. A. J. Fletcher, Generating exact solutions of the two-dimensional Burgers’ equations, Int. J. Numer. Methods Fluids 3 (1983)', doi: '10.1002/fld.1650030302' },
    supports: ['evolution', 'parabolic', '2d', 'nonlinear', 'exact', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    time: [0, 2],
    unknowns: ['u', 'v'],
    parameters: { nu: 0.01 },
    definitions: { front: '1/(4 + 4*exp((4*y - 4*x - t)/(32*nu)))', ue: '3/4 - front', ve: '3/4 + front' },
    equations: ['dt(u) + u*dx(u) + v*dy(u) = nu*lap(u)', 'dt(v) + u*dx(v) + v*dy(v) = nu*lap(v)'],
    boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'all', condition: 'v = ve' }],
    initial: { u: '3/4 - 1/(4 + 4*exp((y - x)/(8*nu)))', v: '3/4 + 1/(4 + 4*exp((y - x)/(8*nu)))' },
    exact: { u: 'ue', v: 've' },
  },
  defaults: { method: 'finite-difference', resolution: [97, 97], times: 21 },
}
