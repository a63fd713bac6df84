import type { CatalogueProblem } from './problem'

export const channelCylinder: CatalogueProblem = {
  descriptor: {
    id: 'channel-cylinder',
    name: 'Flow past a cylinder',
    summary: 'A channel with a cylinder not quite in its middle, at Reynolds number 20: a steady wake with two small eddies. Drag and lift are known to many digits.',
    equation: '(\\mathbf{u}\\cdot\\nabla)\\mathbf{u} + \\nabla p = \\nu\\Delta\\mathbf{u},\\quad \\nabla\\cdot\\mathbf{u} = 0',
    reference: { text: 'M. Schäfer, S. Turek, Benchmark computations of laminar flow around a cylinder, Vieweg 1996, test case 2D-1', doi: '10.1007/978-3-322-89849-4_39' },
    supports: ['fluids', '2d', 'nonlinear', 'system', 'steady', 'holes'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 2.2], [0, 0.41]], holes: [{ disk: { center: [0.2, 0.2], radius: 0.05 } }] },
    unknowns: ['u', 'v', 'p'],
    parameters: { nu: 0.001, inflow: 0.3 },
    equations: ['u*dx(u) + v*dy(u) + dx(p) = nu*lap(u)', 'u*dx(v) + v*dy(v) + dy(p) = nu*lap(v)', 'dx(u) + dy(v) = 0'],
    // No slip on the walls and the cylinder; at the outflow the fluid leaves without force.
    boundary: [
      { on: 'all', condition: 'u = 0' },
      { on: 'all', condition: 'v = 0' },
      { on: 'left', condition: 'u = 4*inflow*y*(0.41 - y)/0.41^2' },
      { on: 'right', condition: 'dn(u) = 0' },
      { on: 'right', condition: 'dn(v) = 0' },
      { on: 'right', condition: 'p = 0' },
    ],
  },
  defaults: { method: 'finite-element', resolution: [177, 33] },
}
