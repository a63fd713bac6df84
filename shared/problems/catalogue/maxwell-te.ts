import type { CatalogueProblem } from './problem'

export const maxwellTe: CatalogueProblem = {
  descriptor: {
    id: 'maxwell-te',
    name: 'Maxwell, TE cavity',
    summary: 'A resonance of light between perfect mirrors: energy swings between the electric field in the plane and the magnetic field across it.',
    equation: '\\partial_t E_x = \\partial_y H_z,\\; \\partial_t E_y = -\\partial_x H_z,\\; \\partial_t H_z = \\partial_y E_x - \\partial_x E_y',
    reference: { text: 'K. S. Yee, Numerical solution of initial boundary value problems involving Maxwell’s equations in isotropic media, IEEE Trans. Antennas Propag. 14 (1966)', doi: '10.1109/TAP.1966.1138693' },
    supports: ['evolution', 'waves', '2d', 'system', 'exact', 'neumann'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]] },
    time: [0, 1],
    unknowns: ['Ex', 'Ey', 'Hz'],
    parameters: { m: 3, k: 2, omega: 'pi*sqrt(m^2 + k^2)' },
    equations: ['dt(Ex) = dy(Hz)', 'dt(Ey) = -dx(Hz)', 'dt(Hz) = dy(Ex) - dx(Ey)'],
    // The tangential electric field vanishes on a perfect conductor; the normal derivatives follow from the equations.
    boundary: [
      { on: ['bottom', 'top'], condition: 'Ex = 0' },
      { on: ['left', 'right'], condition: 'dn(Ex) = 0' },
      { on: ['left', 'right'], condition: 'Ey = 0' },
      { on: ['bottom', 'top'], condition: 'dn(Ey) = 0' },
      { on: 'all', condition: 'dn(Hz) = 0' },
    ],
    initial: { Ex: '0', Ey: '0', Hz: 'cos(m*pi*x)*cos(k*pi*y)' },
    exact: {
      Ex: '-k*pi/omega*cos(m*pi*x)*sin(k*pi*y)*sin(omega*t)',
      Ey: 'm*pi/omega*sin(m*pi*x)*cos(k*pi*y)*sin(omega*t)',
      Hz: 'cos(m*pi*x)*cos(k*pi*y)*cos(omega*t)',
    },
  },
  defaults: { method: 'finite-difference', order: 4, resolution: [65, 65], times: 21 },
}
