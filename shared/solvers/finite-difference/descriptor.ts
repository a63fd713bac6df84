import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { timeOptions } from '../time/options'

export const finiteDifferenceDescriptor: Descriptor = {
  id: 'finite-difference',
  name: 'Finite differences',
  summary: 'Second-order differences on a box with any boundary conditions; steady problems by multigrid.',
  equation: '-\\frac{a_{i+1/2}(u_{i+1}-u_i)-a_{i-1/2}(u_i-u_{i-1})}{h^2}',
  reference: { text: 'U. Trottenberg, C. W. Oosterlee, A. Schüller, Multigrid, Academic Press (2001)' },
  options: z.strictObject({
    order: z.literal(2).default(2).describe('Order of accuracy in the mesh size.').meta({ title: 'Order' }),
    solver: z.enum(['auto', 'multigrid', 'cg', 'gmres', 'direct']).default('auto')
      .describe('For steady problems. auto: elimination on a line; multigrid for constant coefficients; conjugate gradients with multigrid for symmetric positive definite operators; GMRES with multigrid for all others.').meta({ title: 'Linear solver' }),
    tolerance: z.number().positive().max(0.1).default(1e-10).describe('The iteration ends when the residual is this small beside that of the zero solution.').meta({ title: 'Tolerance' }),
    maximumIterations: z.number().int().min(1).max(100_000).default(200).describe('Cycles or Krylov iterations after which the iteration gives up; the result is then marked as not converged.').meta({ title: 'Iterations at most' }),
    time: timeOptions(['rk4', 'crank-nicolson', 'imex']),
  }),
  supports: ['elliptic', 'evolution', 'dirichlet', 'neumann', 'robin', 'periodic', 'variable coefficients', '1d', '2d', '3d'],
}
