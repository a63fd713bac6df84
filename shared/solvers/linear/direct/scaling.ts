import type { Arena } from '../../../kernels/team'
import type { SparseMatrix } from '../sparse'
import type { Scaling } from './numeric'

/** Row and then column factors that bring every largest entry into [1, 2): powers of two, so that scaling rounds nothing. Empty and non-finite rows keep 1. */
export function equilibrate(matrix: SparseMatrix, scaling: Scaling, arena: Arena): void {
  const n = matrix.rows
  const [starts, columns, values] = [matrix.starts(), matrix.columnNumbers(), matrix.values.view()]
  const row = new Float64Array(arena.memory.buffer, scaling.row, n)
  const column = new Float64Array(arena.memory.buffer, scaling.column, n)
  column.fill(0)
  for (let i = 0; i < n; i++) {
    let largest = 0
    for (let e = starts[i]; e < starts[i + 1]; e++) largest = Math.max(largest, Math.abs(values[e]))
    row[i] = inversePowerOfTwo(largest)
    for (let e = starts[i]; e < starts[i + 1]; e++) column[columns[e]] = Math.max(column[columns[e]], row[i] * Math.abs(values[e]))
  }
  for (let j = 0; j < n; j++) column[j] = inversePowerOfTwo(column[j])
}

/** 2⁻ᵏ with 2ᵏ ≤ x < 2ᵏ⁺¹. */
function inversePowerOfTwo(x: number): number {
  if (!(x > 0) || !Number.isFinite(x)) return 1
  let factor = 1
  while (x * factor >= 2 ** 32) factor *= 2 ** -32
  while (x * factor < 2 ** -32) factor *= 2 ** 32
  while (x * factor >= 2) factor *= 0.5
  while (x * factor < 1) factor *= 2
  return factor
}
