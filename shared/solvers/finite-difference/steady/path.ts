import type { AnalysedProblem, EllipticEquation } from '../../../problems/analysed'
import type { SolveRequest } from '../../method'

export type SteadyPath =
  /** Order 2 in flux form on a whole box: multigrid, alone or as preconditioner, and the solvers beside it; elimination on a line. */
  | { readonly kind: 'multigrid'; readonly equation: EllipticEquation }
  /** Everything else: jets and Newton's method. */
  | { readonly kind: 'system' }
  | { readonly kind: 'refused'; readonly message: string; readonly tip: string }

/** Which solver takes a steady statement, by its class and what is asked for. */
export function choosePath({ problem, options }: SolveRequest): SteadyPath {
  const { equation } = problem
  const order = (options.order as 2 | 4 | undefined) ?? 2
  const solver = (options.solver as string | undefined) ?? 'auto'
  const elliptic = equation.kind === 'elliptic' && isBox(problem) ? equation : undefined
  if (elliptic && order === 2) return { kind: 'multigrid', equation: elliptic }
  if (['multigrid', 'fast-poisson', 'amg', 'sor'].includes(solver)) {
    return { kind: 'refused', message: `The solver "${solver}" is for one linear elliptic equation of second order on a whole box, with differences of order 2.`, tip: 'Use "auto", "direct" or "gmres".' }
  }
  return { kind: 'system' }
}

export const isBox = ({ geometry }: AnalysedProblem): boolean => !geometry || (geometry.outer.kind === 'box' && geometry.holes.length === 0 && !geometry.where)
