import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { timeOptions } from '../time/options'

export const spectralDescriptor: Descriptor = {
  id: 'spectral',
  name: 'Spectral',
  summary: 'Waves on periodic axes, Chebyshev polynomials on bounded ones: errors fall faster than any power of the mesh size on smooth solutions.',
  equation: '\\hat u_k(t)\\,e^{ikx},\\quad \\partial_x \\to ik',
  reference: { text: 'A.-K. Kassam, L. N. Trefethen, Fourth-order time-stepping for stiff PDEs, SIAM J. Sci. Comput. 26 (2005)', doi: '10.1137/S1064827502410633' },
  options: z.strictObject({
    dealias: z.boolean().optional().describe('Leave out the upper third of the modes, so that products of two fields do not alias. On by default for polynomial nonlinearities.').meta({ title: '2/3 dealiasing' }),
    filter: z.boolean().optional().describe('Damp the shortest waves smoothly, exp(−36 (k/k_max)^36), instead of leaving the upper third out.').meta({ title: 'Exponential filter' }),
    time: timeOptions(['etdrk4', 'rk4', 'tsit5', 'dop853', 'imex', 'strang', 'yoshida']),
  }),
  supports: ['elliptic', 'nonlinear', 'system', 'evolution', 'dirichlet', 'neumann', 'robin', 'periodic', 'coupled conditions', 'variable coefficients', '1d', '2d', '3d'],
}
