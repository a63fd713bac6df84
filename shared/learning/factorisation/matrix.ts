import type { Arena } from '../../kernels/team'
import { denseMatrix, type DenseMatrix } from '../../solvers/linear/dense/matrix'

/** A row-major matrix outside the arena: entry (i, j) is values[i · columns + j]. A Jacobian has one row per residual and one column per parameter. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

export const matrixOf = (a: DenseMatrix): Matrix => ({ rows: a.rows, columns: a.columns, values: a.block.view().slice() })

/** In the arena, as it is or transposed. */
export function inArena(arena: Arena, { rows, columns, values }: Matrix, transposed = false): DenseMatrix {
  if (values.length !== rows * columns) throw new Error(`${values.length} values of a ${rows} × ${columns} matrix`)
  if (!transposed) return denseMatrix(arena, rows, columns, values)
  const turned = denseMatrix(arena, columns, rows)
  const view = turned.block.view()
  // In tiles that stay in the cache.
  for (let i0 = 0; i0 < rows; i0 += 16) for (let j = 0; j < columns; j++) for (let i = i0; i < Math.min(rows, i0 + 16); i++) view[j * rows + i] = values[i * columns + j]
  return turned
}

/** Runs work on the arena and gives back what it took. */
export function released<T>(arena: Arena, work: () => T): T {
  const mark = arena.mark()
  try {
    return work()
  } finally {
    arena.release(mark)
  }
}
