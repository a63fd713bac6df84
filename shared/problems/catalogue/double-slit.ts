import type { CatalogueProblem } from './problem'

export const doubleSlit: CatalogueProblem = {
  descriptor: {
    id: 'double-slit',
    name: 'Double slit',
    summary: 'One quantum particle, two slits: the packet meets a wall of potential, part of it passes through both openings and interferes with itself.',
    equation: '\\mathrm{i}\\psi_t = -\\tfrac12\\Delta\\psi + V\\psi',
    reference: { text: 'C. Jönsson, Elektroneninterferenzen an mehreren künstlich hergestellten Feinspalten, Z. Phys. 161 (1961)', doi: '10.1007/BF01342460' },
    supports: ['evolution', 'waves', '2d', 'periodic', 'complex'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-10, 10], [-10, 10]], periodic: [true, true] },
    time: [0, 1.2],
    unknowns: [{ name: 'psi', type: 'complex' }],
    parameters: { k: 8, height: 100, thickness: 0.3, gap: 1.5, slit: 0.5 },
    definitions: {
      opening: 'exp(-((y - gap)/slit)^4) + exp(-((y + gap)/slit)^4)',
      V: 'height*exp(-(x/thickness)^2)*(1 - min(1, opening))',
    },
    equations: ['i*dt(psi) = -0.5*lap(psi) + V*psi'],
    initial: { psi: 'exp(-((x + 5)/1.4)^2 - (y/3)^2)*exp(i*k*x)' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 31, time: { tolerance: 1e-5 } },
}
