import type { DiagnosticLine } from './diagnostic'

/** Everything that can be asked about a training. One more is one file and one line. */
export const diagnostics: readonly DiagnosticLine[] = [
  {
    descriptor: {
      id: 'gradients', name: 'Gradients of the terms', summary: 'The norm of the loss’s gradient and of each term’s, as curves. Terms whose gradients differ a hundredfold are not learned together. Costs one gradient for each term, some thirty times in a thousand steps.',
      equation: '\\lVert\\nabla_\\theta\\lambda_kL_k\\rVert', reference: { text: 'S. Wang, Y. Teng, P. Perdikaris, SIAM J. Sci. Comput. 43 (2021)', doi: '10.1137/20M1318043' },
    },
    usual: true, load: async () => (await import('./gradients')).gradients,
  },
  {
    descriptor: {
      id: 'spectrum', name: 'Singular values', summary: 'The singular values of the Jacobian at the last step, what the residual has in their directions, and the cut-off. Costs nothing under Gauss–Newton, else one linearisation at some two hundred points.',
      equation: 'J=U\\Sigma V^\\top,\\quad c=U^\\top r', reference: { text: 'P. C. Hansen, Rank-Deficient and Discrete Ill-Posed Problems, SIAM (1998)', doi: '10.1137/1.9780898719697' },
    },
    usual: true, load: async () => (await import('./spectrum')).spectrum,
  },
  {
    descriptor: {
      id: 'ntk', name: 'Tangent kernel', summary: 'Eigenvalues of the neural tangent kernel at the start and at the end, of the whole loss and of each term: the rates at which gradient descent learns. Costs two linearisations at some two hundred points.',
      equation: 'K=JJ^\\top,\\quad \\dot r=-2Kr', reference: { text: 'S. Wang, X. Yu, P. Perdikaris, J. Comput. Phys. 449 (2022)', doi: '10.1016/j.jcp.2021.110768' },
    },
    usual: true, load: async () => (await import('./ntk-spectrum')).ntkSpectrum,
  },
  {
    descriptor: {
      id: 'energy', name: 'Energy identity', summary: 'Of linear statements with an energy and an exact solution: how far the energy lies above the least, its parts and its lower bound, as curves. Costs one evaluation at some thousand points each time.',
      equation: '\\Sigma(u_\\theta)-\\Sigma(u^*)=\\tfrac12a(e,e)+\\int_{\\Gamma_D}a\\,e\\,\\partial_nu^*', reference: { text: 'W. E, B. Yu, Commun. Math. Stat. 6 (2018)', doi: '10.1007/s40304-018-0127-z' },
    },
    usual: true, load: async () => (await import('./energy')).energyIdentity,
  },
  {
    descriptor: { id: 'residual', name: 'Residual field', summary: 'What the equations leave at the nodes of the picture, whatever was minimised. Costs as much as storing the picture, a few times over for the derivatives.', equation: 'r(x)=\\mathcal N[u_\\theta](x)-f(x)' },
    usual: true, load: async () => (await import('./residual')).residual,
  },
  {
    descriptor: { id: 'error', name: 'Error field', summary: 'The network minus the exact or the reference solution at the nodes of the picture. Costs as much as storing the picture.', equation: 'u_\\theta-u^*' },
    usual: true, load: async () => (await import('./error')).error,
  },
  {
    descriptor: { id: 'weights', name: 'Histogram of the parameters', summary: 'Shares of the trained parameters by their value, at the start and at the end. Costs nothing.', equation: 'p(\\theta_i)' },
    usual: true, load: async () => (await import('./weights')).weights,
  },
  {
    descriptor: {
      id: 'stall', name: 'Why it stands still', summary: 'Where the loss stands still, the probable reason with its evidence: spectral bias, unbalanced terms, directions that are missing or cut off. Costs one linearisation at some two hundred points, and only then.',
      reference: { text: 'N. Rahaman et al., ICML (2019)', arxiv: '1806.08734' },
    },
    usual: true, load: async () => (await import('./stall')).stall,
  },
]
