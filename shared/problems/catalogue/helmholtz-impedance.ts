import type { CatalogueProblem } from './problem'

export const helmholtzImpedance: CatalogueProblem = {
  descriptor: {
    id: 'helmholtz-impedance',
    name: 'Two loudspeakers',
    summary: 'Two sources hum in phase and their waves interfere; the impedance boundary lets them leave the room. Complex-valued: real part the pressure now, modulus its loudness.',
    equation: '-\\Delta u - k^2 u = f,\\quad \\partial_n u - \\mathrm{i}k u = 0',
    reference: { text: 'I. M. Babuška, S. A. Sauter, Is the pollution effect of the FEM avoidable for the Helmholtz equation considering high wave numbers?, SIAM J. Numer. Anal. 34 (1997)', doi: '10.1137/S0036142994269186' },
    supports: ['elliptic', '2d', 'complex', 'robin', 'indefinite'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    unknowns: [{ name: 'u', type: 'complex' }],
    parameters: { k: 40, width: 0.03 },
    definitions: { f: '1000*(exp(-((x - 0.35)^2 + (y - 0.5)^2)/width^2) + exp(-((x - 0.65)^2 + (y - 0.5)^2)/width^2))' },
    equations: ['-lap(u) - k^2*u = f'],
    boundary: [{ on: 'all', condition: 'dn(u) - i*k*u = 0' }],
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [129, 129] },
}
