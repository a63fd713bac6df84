import { error, FaultError } from '../../../fault'
import type { Block, Team } from '../../../kernels/team'
import type { Preconditioner } from '../map'
import { diagonalOf, type SparseMatrix } from '../sparse'
import { createVectors } from '../vectors'

/** 1/diagonal as a block. Throws FaultError `zero-diagonal` naming the row. */
export function inverseDiagonal(team: Team, matrix: SparseMatrix): Block {
  const diagonal = diagonalOf(matrix)
  const row = diagonal.findIndex(value => value === 0 || !Number.isFinite(value))
  if (row >= 0) {
    throw new FaultError(error('zero-diagonal', `Row ${row} of the matrix has ${diagonal[row] === 0 ? 'no diagonal entry' : 'a diagonal entry that is not finite'}: Jacobi, SOR and incomplete factors divide by it.`, { tip: 'Use the direct solver.' }))
  }
  return team.arena.from(diagonal.map(value => 1 / value))
}

/** z = D⁻¹ r. */
export function jacobi(team: Team, matrix: SparseMatrix): Preconditioner {
  const inverse = inverseDiagonal(team, matrix)
  const vectors = createVectors(team, matrix.rows)
  return { apply: (r, z) => vectors.multiply(inverse.pointer, r, z) }
}

/**
 * Symmetric successive over-relaxation: a forward and a backward sweep from 0. Symmetric positive definite when A is; 0 < ω < 2. Sequential in the rows.
 * Source: Young, Iterative Solution of Large Linear Systems, 1971.
 */
export function ssor(team: Team, matrix: SparseMatrix, omega = 1): Preconditioner {
  const inverse = inverseDiagonal(team, matrix)
  const vectors = createVectors(team, matrix.rows)
  const sweep = (r: number, z: number, step: number) =>
    team.call('sparse.relax', [matrix.rows, matrix.startsPointer, matrix.columnsPointer, matrix.values.pointer, inverse.pointer, r, z, omega, step])
  return {
    apply(r, z) {
      vectors.fill(0, z)
      sweep(r, z, 1)
      sweep(r, z, -1)
    },
  }
}
