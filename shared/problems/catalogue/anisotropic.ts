import type { CatalogueProblem } from './problem'

export const anisotropic: CatalogueProblem = {
  descriptor: {
    id: 'anisotropic',
    name: 'Anisotropic diffusion',
    summary: 'Heat that runs a hundred times better along slanted fibres than across them. The tensor has a mixed derivative; the streak of the exact solution follows the fibres.',
    equation: '-\\nabla\\cdot(K\\nabla u) = f,\\quad K = R_\\theta\\begin{pmatrix}1&0\\\\0&\\varepsilon\\end{pmatrix}R_\\theta^{\\mathsf T}',
    reference: { text: 'S. Günter et al., Modelling of heat transport in magnetised plasmas using non-aligned coordinates, J. Comput. Phys. 209 (2005)', doi: '10.1016/j.jcp.2005.03.021' },
    supports: ['elliptic', '2d', 'exact', 'mixed-derivative'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1], [-1, 1]] },
    unknowns: ['u'],
    parameters: { epsilon: 0.01, theta: 'pi/6', length: 0.5, width: 0.1, kxx: 'cos(theta)^2 + epsilon*sin(theta)^2', kxy: '(1 - epsilon)*sin(theta)*cos(theta)', kyy: 'sin(theta)^2 + epsilon*cos(theta)^2' },
    definitions: {
      along: '(cos(theta)*x + sin(theta)*y)/length',
      across: '(cos(theta)*y - sin(theta)*x)/width',
      ue: 'exp(-along^2 - across^2)',
      f: '((2 - 4*along^2)/length^2 + epsilon*(2 - 4*across^2)/width^2)*ue',
    },
    equations: ['-(kxx*dxx(u) + 2*kxy*dxy(u) + kyy*dyy(u)) = f'],
    boundary: [{ on: 'all', condition: 'u = ue' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-element', resolution: [49, 49] },
}
