import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { timeOptions } from '../time/options'

export const finiteElementDescriptor: Descriptor = {
  id: 'finite-element',
  name: 'Finite elements',
  summary: 'Continuous piecewise linear or quadratic functions on segments, triangles or tetrahedra; for curved and cornered domains, holes, jumping coefficients and adaptive meshes.',
  equation: '\\int_\\Omega a\\nabla u_h\\cdot\\nabla v_h + c\\,u_h v_h = \\int_\\Omega f v_h + \\int_{\\Gamma} a g v_h \\quad \\forall v_h \\in V_h',
  reference: { text: 'A. Ern, J.-L. Guermond, Theory and Practice of Finite Elements, Springer (2004)', doi: '10.1007/978-1-4757-4355-5' },
  options: z.strictObject({
    order: z.union([z.literal(1), z.literal(2)]).default(2).describe('Degree of the polynomials. Errors of values are of order degree + 1 in the width of the cells, of derivatives one less. Flow with a pressure needs 2.').meta({ title: 'Degree' }),
    solver: z.enum(['auto', 'direct', 'cg', 'gmres']).default('auto').describe('For linear systems. auto: a sparse factorisation while it fits, otherwise conjugate gradients or GMRES with incomplete factors.').meta({ title: 'Linear solver' }),
    tolerance: z.number().positive().max(0.1).default(1e-10).describe('Residual, relative to that of the start, at which iterations end.').meta({ title: 'Tolerance' }),
    maximumIterations: z.number().int().min(1).max(100_000).default(2000).describe('Iterations of a linear solver at most.').meta({ title: 'Iterations at most' }),
    newtonSteps: z.number().int().min(1).max(1000).default(40).describe('Steps of Newton\'s method for nonlinear statements at most.').meta({ title: 'Newton steps at most' }),
    eigenvalues: z.number().int().min(1).max(60).default(6).describe('Of an eigenproblem: how many of the smallest eigenvalues, with their eigenfunctions.').meta({ title: 'Eigenvalues' }),
    time: timeOptions(['bdf', 'crank-nicolson']),
    adaptive: z.strictObject({
      maximumUnknowns: z.number().int().min(10).max(2_000_000).default(20_000).describe('Refinement ends with the first mesh that has this many unknowns.').meta({ title: 'Unknowns at most' }),
      fraction: z.number().min(0.05).max(1).default(0.5).describe('Part θ of the squared error estimate that the refined cells carry together (Dörfler); 1 refines everywhere.').meta({ title: 'Fraction' }),
      tolerance: z.number().positive().optional().describe('Refinement ends when the estimate is this small beside the size of the solution.').meta({ title: 'Tolerance of the estimate' }),
    }).optional().describe('Refine where the residual estimator finds the error; one- and two-dimensional steady problems.').meta({ title: 'Adaptive' }),
  }),
  supports: ['elliptic', 'evolution', 'eigenproblem', 'nonlinear', 'system', 'dirichlet', 'neumann', 'robin', 'periodic', 'coupled conditions', 'traction', 'variable coefficients', 'polygon', 'disk', 'holes', 'adaptive', '1d', '2d', '3d'],
}

/** The validated options; what a direct caller left out gets its default. */
export interface FiniteElementOptions {
  readonly order: 1 | 2
  readonly solver: 'auto' | 'direct' | 'cg' | 'gmres'
  readonly tolerance: number
  readonly maximumIterations: number
  readonly newtonSteps: number
  readonly eigenvalues: number
  readonly adaptive?: { readonly maximumUnknowns: number; readonly fraction: number; readonly tolerance?: number }
}

export function readOptions(options: Readonly<Record<string, unknown>>): FiniteElementOptions {
  const { adaptive, ...rest } = options as Partial<FiniteElementOptions>
  return {
    order: 2, solver: 'auto', tolerance: 1e-10, maximumIterations: 2000, newtonSteps: 40, eigenvalues: 6, ...rest,
    ...(adaptive && { adaptive: { ...{ maximumUnknowns: 20_000, fraction: 0.5 }, ...adaptive } }),
  }
}
