import type { CatalogueProblem } from './problem'

export const helmholtzAbsorbing: CatalogueProblem = {
  descriptor: {
    id: 'helmholtz-absorbing',
    name: 'Two loudspeakers',
    summary: 'Two sources hum in phase and their waves interfere; absorbing walls swallow what reaches them. Complex-valued: the real part is the pressure now, the modulus its loudness.',
    equation: '-\\Delta u - k^2(1 + \\mathrm{i}\\sigma)u = f',
    reference: { text: 'I. M. Babuška, S. A. Sauter, Is the pollution effect of the FEM avoidable for the Helmholtz equation considering high wave numbers?, SIAM J. Numer. Anal. 34 (1997)', doi: '10.1137/S0036142994269186' },
    supports: ['elliptic', '2d', 'complex', 'indefinite'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1.5], [0, 1]] },
    unknowns: [{ name: 'u', type: 'complex' }],
    parameters: { k: 45, width: 0.03, wall: 0.15, strength: 150 },
    // σ rises from the inner edge of the wall to the boundary.
    definitions: {
      depth: 'max(0, max(wall - min(x, 1.5 - x), wall - min(y, 1 - y)))',
      sigma: 'strength*depth^2',
      f: '1000*(exp(-((x - 0.6)^2 + (y - 0.5)^2)/width^2) + exp(-((x - 0.9)^2 + (y - 0.5)^2)/width^2))',
    },
    equations: ['-lap(u) - k^2*(1 + i*sigma)*u = f'],
    boundary: [{ on: 'all', condition: 'u = 0' }],
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [193, 129] },
}
