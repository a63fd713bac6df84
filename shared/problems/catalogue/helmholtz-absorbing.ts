import type { CatalogueProblem } from './problem'

export const helmholtzAbsorbing: CatalogueProblem = {
  descriptor: {
    id: 'helmholtz-absorbing',
    name: 'Two loudspeakers',
    summary: 'Two sources hum in phase and their waves interfere; walls whose impedance is that of air swallow what reaches them straight on. Complex-valued: the real part is the pressure now, the modulus its loudness.',
    equation: '-\\Delta u - k^2u = f,\\quad \\partial_n u = \\mathrm{i}ku',
    reference: { text: 'I. M. Babuška, S. A. Sauter, Is the pollution effect of the FEM avoidable for the Helmholtz equation considering high wave numbers?, SIAM J. Numer. Anal. 34 (1997)', doi: '10.1137/S0036142994269186' },
    supports: ['elliptic', '2d', 'complex', 'indefinite', 'robin'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1.5], [0, 1]] },
    unknowns: [{ name: 'u', type: 'complex' }],
    parameters: { k: 40, width: 0.06 },
    definitions: { f: '1000*(exp(-((x - 0.6)^2 + (y - 0.5)^2)/width^2) + exp(-((x - 0.9)^2 + (y - 0.5)^2)/width^2))' },
    equations: ['-lap(u) - k^2*u = f'],
    // exp(ikx) leaves through x = const without an echo; slanted waves leave a little behind.
    boundary: [{ on: 'all', condition: 'dn(u) = i*k*u' }],
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [193, 129] },
}
