import { evaluate } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import type { AnalysedProblem, EllipticEquation } from '../../../problems/analysed'
import { samplePoints } from '../../../problems/sampling'
import type { SolveRequest } from '../../method'

export type SteadyPath =
  /** Order 2 in flux form on a whole box: multigrid, alone or as preconditioner; elimination on a line. */
  | { readonly kind: 'multigrid'; readonly equation: EllipticEquation }
  /** Everything else: jets and Newton's method. */
  | { readonly kind: 'system' }
  | { readonly kind: 'refused'; readonly message: string; readonly tip: string }

/** Which solver takes a steady statement, by its class and what is asked for. */
export function choosePath({ problem, options, libm }: SolveRequest): SteadyPath {
  const { equation } = problem
  const order = (options.order as 2 | 4 | undefined) ?? 2
  const solver = (options.solver as string | undefined) ?? 'auto'
  const elliptic = equation.kind === 'elliptic' && isBox(problem) ? equation : undefined
  if (solver === 'multigrid' && (!elliptic || order !== 2)) {
    return { kind: 'refused', message: 'Multigrid alone is for one linear elliptic equation of second order on a whole box, with differences of order 2.', tip: 'Use "auto", "direct" or "gmres".' }
  }
  if (!elliptic || order === 4) return { kind: 'system' }
  if (solver === 'multigrid' || solver === 'gmres') return { kind: 'multigrid', equation: elliptic }
  // Below its lowest eigenvalue an operator may be indefinite: conjugate gradients have to find out, and multigrid does not converge.
  const indefinite = problem.properties.definiteness === 'indefinite' || (problem.properties.definiteness === undefined && reactionIsNegative(problem, elliptic, libm))
  if (indefinite && problem.axes.length > 1) return { kind: 'system' }
  if (solver === 'auto' || solver === 'cg' || (solver === 'direct' && problem.axes.length === 1)) return { kind: 'multigrid', equation: elliptic }
  return { kind: 'system' }
}

export const isBox = ({ geometry }: AnalysedProblem): boolean => !geometry || (geometry.outer.kind === 'box' && geometry.holes.length === 0 && !geometry.where)

function reactionIsNegative({ axes }: AnalysedProblem, { operator: { reaction } }: EllipticEquation, libm: Libm): boolean {
  for (const point of samplePoints(axes, axes.length === 3 ? 9 : 33)) if (evaluate(reaction, point, libm) < 0) return true
  return false
}
