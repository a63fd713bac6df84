import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { timeOptions } from '../time/options'

export const finiteDifferenceDescriptor: Descriptor = {
  id: 'finite-difference',
  name: 'Finite differences',
  summary: 'Differences of order 2 or 4 on a box with any boundary conditions, or on a part of one with given values on curved boundaries; steady problems by multigrid, elimination or Newton–Krylov.',
  equation: '-\\frac{a_{i+1/2}(u_{i+1}-u_i)-a_{i-1/2}(u_i-u_{i-1})}{h^2}',
  reference: { text: 'U. Trottenberg, C. W. Oosterlee, A. Schüller, Multigrid, Academic Press (2001)' },
  options: z.strictObject({
    order: z.union([z.literal(2), z.literal(4)]).default(2).describe('Order of accuracy in the mesh size; 4 needs smooth solutions and pays on all but coarse grids.').meta({ title: 'Order' }),
    solver: z.enum(['auto', 'multigrid', 'fast-poisson', 'cg', 'minres', 'gmres', 'bicgstab', 'amg', 'direct', 'sor']).default('auto')
      .describe('For steady problems. auto: multigrid, alone or as preconditioner, for elliptic equations on boxes; elimination with a fill-reducing order for all others while it fits in memory, then Krylov methods by symmetry. fast-poisson: sine, cosine and Fourier transforms, for constant coefficients.').meta({ title: 'Linear solver' }),
    smoother: z.enum(['red-black', 'line', 'chebyshev']).optional().describe('Smoother of multigrid; red–black Gauss–Seidel when absent.').meta({ title: 'Smoother' }),
    cycle: z.enum(['v', 'f', 'w']).optional().describe('How multigrid visits the coarse grids; V-cycles when absent.').meta({ title: 'Cycle' }),
    relaxation: z.union([z.number().gt(0).lt(2), z.enum(['optimal', 'bandit'])]).optional().describe('Factor of the solver "sor": a number between 0 and 2, the optimal one when absent, or one that a bandit learns.').meta({ title: 'Relaxation' }),
    tolerance: z.number().positive().max(0.1).default(1e-10).describe('The iteration ends when the residual is this small beside that of the zero solution.').meta({ title: 'Tolerance' }),
    maximumIterations: z.number().int().min(1).max(100_000).default(200).describe('Cycles or Krylov iterations after which the iteration gives up; the result is then marked as not converged.').meta({ title: 'Iterations at most' }),
    newtonSteps: z.number().int().min(1).max(1000).default(50).describe('Steps of Newton\'s method for nonlinear statements at most.').meta({ title: 'Newton steps at most' }),
    eigenvalues: z.number().int().min(1).max(60).default(6).describe('Of an eigenproblem: how many of the smallest eigenvalues, with their eigenfunctions.').meta({ title: 'Eigenvalues' }),
    flux: z.enum(['auto', 'central', 'weno5']).default('auto')
      .describe('Of evolutions. weno5: shock-capturing fluxes of order five for equations in divergence form; auto takes them for nonlinear hyperbolic systems of first order.').meta({ title: 'Fluxes' }),
    time: timeOptions(['rk4', 'tsit5', 'dop853', 'bdf', 'crank-nicolson', 'imex', 'strang', 'yoshida']),
  }),
  supports: ['elliptic', 'eigenproblem', 'nonlinear', 'system', 'evolution', 'dirichlet', 'neumann', 'robin', 'periodic', 'coupled conditions', 'variable coefficients', 'polygon', 'disk', 'holes', 'mask', '1d', '2d', '3d'],
}
