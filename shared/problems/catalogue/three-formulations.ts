import type { CatalogueProblem } from './problem'

export const threeFormulations: CatalogueProblem = {
  descriptor: {
    id: 'three-formulations',
    name: 'One equation, three formulations',
    summary: 'A teaching problem. Least squares on the residual, minimal energy and Galerkin’s weak form have the same solution, but the condition number of the first is the square of the others’.',
    equation: '-\\varepsilon u_{xx} + u = 1 \\;\\longrightarrow\\; Ax = b',
    reference: { text: 'D. Braess, Finite Elements, Cambridge University Press 2007, ch. II and IV', doi: '10.1017/CBO9780511618635' },
    supports: ['elliptic', '1d', 'exact', 'teaching'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1]] },
    unknowns: ['u'],
    parameters: { epsilon: 0.01 },
    definitions: { ue: '1 - cosh((x - 0.5)/sqrt(epsilon))/cosh(0.5/sqrt(epsilon))' },
    equations: ['-epsilon*dxx(u) + u = 1'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
    exact: { u: 'ue' },
  },
  defaults: { method: 'finite-difference', resolution: [129] },
}
