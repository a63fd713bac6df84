import type { CatalogueProblem } from './problem'

export const nlsBreather: CatalogueProblem = {
  descriptor: {
    id: 'nls-breather',
    name: 'Schrödinger breather',
    summary: 'Twice a soliton focuses to a peak of four times its height and opens again: the benchmark from the paper that named physics-informed networks.',
    equation: '\\mathrm{i}h_t + \\tfrac12 h_{xx} + |h|^2 h = 0',
    reference: { text: 'M. Raissi, P. Perdikaris, G. E. Karniadakis, Physics-informed neural networks, J. Comput. Phys. 378 (2019), § 3.1.1', doi: '10.1016/j.jcp.2018.10.045' },
    supports: ['evolution', 'waves', '1d', 'periodic', 'complex', 'nonlinear'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-5, 5]], periodic: [true] },
    time: [0, 'pi/2'],
    unknowns: [{ name: 'h', type: 'complex' }],
    equations: ['i*dt(h) + 0.5*dxx(h) + abs(h)^2*h = 0'],
    initial: { h: '2*sech(x)' },
  },
  defaults: { method: 'spectral', resolution: [256], times: 101 },
}
