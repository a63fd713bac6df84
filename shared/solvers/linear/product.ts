import type { Arena } from '../../kernels/team'
import { sparseFromRows, transpose, type SparseMatrix } from './sparse'

/** A B, rows in Gustavson's order: terms are added as the entries of A's row come, so the bits are fixed. Source: Gustavson 1978, doi:10.1145/355791.355796. */
export function multiplySparse(arena: Arena, a: SparseMatrix, b: SparseMatrix): SparseMatrix {
  if (a.columns !== b.rows) throw new Error(`a matrix of ${a.columns} columns times one of ${b.rows} rows`)
  const [as, ac, av] = [a.starts(), a.columnNumbers(), a.values.view()]
  const [bs, bc, bv] = [b.starts(), b.columnNumbers(), b.values.view()]
  const seen = new Int32Array(b.columns).fill(-1)
  const starts = new Int32Array(a.rows + 1)
  for (let i = 0; i < a.rows; i++) {
    let count = 0
    for (let e = as[i]; e < as[i + 1]; e++) {
      const k = ac[e]
      for (let g = bs[k]; g < bs[k + 1]; g++) {
        if (seen[bc[g]] !== i) {
          seen[bc[g]] = i
          count++
        }
      }
    }
    starts[i + 1] = starts[i] + count
  }
  const columns = new Int32Array(starts[a.rows])
  const values = new Float64Array(starts[a.rows])
  const sums = new Float64Array(b.columns)
  seen.fill(-1)
  for (let i = 0; i < a.rows; i++) {
    let end = starts[i]
    for (let e = as[i]; e < as[i + 1]; e++) {
      const k = ac[e]
      const factor = av[e]
      for (let g = bs[k]; g < bs[k + 1]; g++) {
        const j = bc[g]
        if (seen[j] !== i) {
          seen[j] = i
          sums[j] = 0
          columns[end++] = j
        }
        sums[j] += factor * bv[g]
      }
    }
    const row = columns.subarray(starts[i], end).sort()
    for (let t = 0; t < row.length; t++) values[starts[i] + t] = sums[row[t]]
  }
  return sparseFromRows(arena, a.rows, b.columns, starts, columns, values)
}

/** Pᵀ A P, the Galerkin operator of a coarse space; the products in between are given back. */
export function galerkin(arena: Arena, a: SparseMatrix, p: SparseMatrix, restriction: SparseMatrix = transpose(arena, p)): SparseMatrix {
  const mark = arena.mark()
  const coarse = multiplySparse(arena, restriction, multiplySparse(arena, a, p))
  const [starts, columns, values] = [coarse.starts().slice(), coarse.columnNumbers().slice(), coarse.values.view().slice()]
  arena.release(mark)
  return sparseFromRows(arena, coarse.rows, coarse.columns, starts, columns, values)
}
