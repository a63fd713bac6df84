import type { CatalogueProblem } from './problem'

export const kovasznay: CatalogueProblem = {
  descriptor: {
    id: 'kovasznay',
    name: 'Kovasznay flow',
    summary: 'The wake behind a grid of bars, an exact steady solution of the Navier–Stokes equations: what a flow solver can be measured by.',
    equation: '(\\mathbf{u}\\cdot\\nabla)\\mathbf{u} + \\nabla p = \\tfrac{1}{\\mathrm{Re}}\\Delta\\mathbf{u},\\quad \\nabla\\cdot\\mathbf{u} = 0',
    reference: { text: 'L. I. G. Kovasznay, Laminar flow behind a two-dimensional grid, Math. Proc. Camb. Philos. Soc. 44 (1948)', doi: '10.1017/S0305004100023999' },
    supports: ['fluids', '2d', 'nonlinear', 'system', 'steady', 'exact'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-0.5, 1], [-0.5, 1.5]] },
    unknowns: ['u', 'v', 'p'],
    // The pressure is given up to a constant; `level` makes its mean zero.
    parameters: { Re: 40, a: 'Re/2 - sqrt(Re^2/4 + 4*pi^2)', level: '(exp(2*a) - exp(-a))/(6*a)' },
    definitions: { ue: '1 - exp(a*x)*cos(2*pi*y)', ve: 'a/(2*pi)*exp(a*x)*sin(2*pi*y)', pe: 'level - exp(2*a*x)/2' },
    equations: ['u*dx(u) + v*dy(u) + dx(p) = lap(u)/Re', 'u*dx(v) + v*dy(v) + dy(p) = lap(v)/Re', 'dx(u) + dy(v) = 0'],
    boundary: [{ on: 'all', condition: 'u = ue' }, { on: 'all', condition: 'v = ve' }],
    exact: { u: 'ue', v: 've', p: 'pe' },
  },
  defaults: { method: 'finite-element', resolution: [49, 65] },
}
