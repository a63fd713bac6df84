import { FaultError } from '../../../fault'
import type { Team } from '../../../kernels/team'
import type { LinearMap, Preconditioner } from '../map'
import { mapOf } from '../map'
import { algebraicMultigrid } from '../preconditioner/algebraic'
import type { SparseMatrix } from '../sparse'
import { lanczos } from './lanczos'
import { lobpcg } from './lobpcg'
import type { EigenLimits, EigenPairs } from './pairs'

export type { EigenPairs } from './pairs'

export interface EigenProblem extends EigenLimits {
  /** Symmetric; a sparse matrix allows every method, a map only LOBPCG. */
  readonly matrix: SparseMatrix | LinearMap
  /** Symmetric positive definite; absent: the identity. */
  readonly mass?: SparseMatrix | LinearMap
  /** For LOBPCG; algebraic multigrid by default where A is a sparse matrix. */
  readonly preconditioner?: Preconditioner
  /** Starting vectors of LOBPCG; random ones by default. */
  readonly start?: readonly Float64Array[]
  /** auto: shift-invert Lanczos where the factors of A fit into the memory, LOBPCG elsewhere. */
  readonly method?: 'auto' | 'lanczos' | 'lobpcg'
  /** Of Lanczos' method: eigenvalues nearest to it; 0 by default. A negative one serves operators with the constants in their kernel. */
  readonly shift?: number
}

const isSparse = (a: SparseMatrix | LinearMap | undefined): a is SparseMatrix => a !== undefined && 'entries' in a

/**
 * A few eigenpairs A x = λ B x of a symmetric operator. Vectors stay in the arena, all else is given back.
 *
 *     const { values, vectors } = solveEigen(team, { matrix: A, mass: B, count: 8 })
 *
 * Throws FaultError `singular-matrix` (a shift that is an eigenvalue), `indefinite-operator`, `out-of-memory`, and `Cancelled`.
 */
export function solveEigen(team: Team, problem: EigenProblem): EigenPairs {
  const { matrix, mass, method = 'auto' } = problem
  if (method !== 'lobpcg' && isSparse(matrix) && (mass === undefined || isSparse(mass))) {
    try {
      return lanczos(team, { ...problem, matrix, mass })
    } catch (reason) {
      if (method === 'lanczos' || !(reason instanceof FaultError) || reason.faults[0].code !== 'out-of-memory') throw reason
    }
  }
  if (method === 'lanczos') throw new Error('Lanczos’ method needs sparse matrices')
  const preconditioner = problem.preconditioner ?? (isSparse(matrix) ? algebraicMultigrid(team, matrix) : undefined)
  return lobpcg(team, { ...problem, map: isSparse(matrix) ? mapOf(team, matrix) : matrix, mass: isSparse(mass) ? mapOf(team, mass) : mass, preconditioner })
}
