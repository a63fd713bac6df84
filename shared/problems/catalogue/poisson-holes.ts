import type { CatalogueProblem } from './problem'

export const poissonHoles: CatalogueProblem = {
  descriptor: {
    id: 'poisson-holes',
    name: 'Square with four holes',
    summary: 'Four cold pipes in a warm block: Laplace’s equation on a square minus four disks, a standard test of mesh-free methods.',
    equation: '\\Delta u = 0,\\quad u = 1 \\text{ outside},\\ u = 0 \\text{ on the disks}',
    reference: { text: 'Z. Hao et al., PINNacle: a comprehensive benchmark of physics-informed neural networks for solving PDEs, NeurIPS 2024', arxiv: '2306.08827' },
    supports: ['elliptic', '2d', 'holes'],
  },
  statement: {
    domain: {
      shape: 'box',
      bounds: [[-0.5, 0.5], [-0.5, 0.5]],
      holes: [
        { disk: { center: [0.3, 0.3], radius: 0.1 } },
        { disk: { center: [-0.3, 0.3], radius: 0.1 } },
        { disk: { center: [0.3, -0.3], radius: 0.1 } },
        { disk: { center: [-0.3, -0.3], radius: 0.1 } },
      ],
    },
    unknowns: ['u'],
    equations: ['-lap(u) = 0'],
    boundary: [{ on: 'all', condition: 'u = 1' }, { on: 'holes', condition: 'u = 0' }],
  },
  defaults: { method: 'finite-element', resolution: [97, 97] },
}
