import type { Arena, Block, Pointer, Team } from '../../../kernels/team'

/** A dense row-major matrix in the arena: element (i, j) is values[i · columns + j]. */
export interface DenseMatrix {
  readonly rows: number
  readonly columns: number
  readonly block: Block
  readonly pointer: Pointer
}

/** Rows per piece of a threaded pass, so that a piece is worth waking a thread for. */
const grain = 16

export function denseMatrix(arena: Arena, rows: number, columns: number, values?: ArrayLike<number>): DenseMatrix {
  const block = values ? arena.from(values) : arena.f64(rows * columns)
  return { rows, columns, block, pointer: block.pointer }
}

/** C ← α A B + β C, α ≠ 0. C is neither A nor B. */
export function multiplyDense(team: Team, a: DenseMatrix, b: DenseMatrix, c: DenseMatrix, alpha = 1, beta = 0): void {
  if (a.columns !== b.rows || c.rows !== a.rows || c.columns !== b.columns) throw new Error(`${a.rows} × ${a.columns} times ${b.rows} × ${b.columns} is not ${c.rows} × ${c.columns}`)
  team.parallel('dense.product', 0, a.rows, [b.columns, a.columns, alpha, a.pointer, a.columns, b.pointer, b.columns, beta, c.pointer, c.columns], { grain })
}

/** B ← Aᵀ. */
export function transposeDense(team: Team, a: DenseMatrix, b: DenseMatrix): void {
  team.parallel('dense.transpose', 0, a.columns, [a.rows, a.pointer, a.columns, b.pointer, b.columns], { grain: 64 })
}
