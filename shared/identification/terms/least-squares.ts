/** min ‖A w − b‖ over some of A's columns, after one factorisation of all: A = Q R, so ‖A w − b‖² = ‖R w − Qᵀb‖² + what no column reaches. */
export interface LeastSquares {
  readonly columns: number
  /** Of the upper triangle: how far each column stands from the earlier ones. */
  readonly diagonal: Float64Array
  /** Weights of the earlier columns that come nearest to column `j`. */
  dependence(j: number): Float64Array
  /** The best weights of the columns of a support, in its order, and the norm of what remains. */
  solve(support: readonly number[]): { readonly weights: Float64Array; readonly residual: number }
}

/** By Householder reflections; columns are used up. Source: Golub & Van Loan, Matrix Computations, §5.2. */
export function factorLeastSquares(columns: readonly Float64Array[], b: Float64Array): LeastSquares {
  const count = columns.length
  const all = [...columns, b]
  const { diagonal, rest } = triangularise(all, count)
  const entry = (i: number, j: number): number => (i < j ? all[j][i] : i === j ? diagonal[j] : 0)
  return {
    columns: count, diagonal,
    dependence(j) {
      const weights = new Float64Array(j)
      for (let i = j - 1; i >= 0; i--) {
        let value = entry(i, j)
        for (let k = i + 1; k < j; k++) value -= entry(i, k) * weights[k]
        weights[i] = value / diagonal[i]
      }
      return weights
    },
    solve(support) {
      const size = support.length
      const own = support.map(j => Float64Array.from({ length: count }, (_, i) => entry(i, j)))
      const right = b.slice(0, count)
      const inner = triangularise([...own, right], size)
      const weights = new Float64Array(size)
      for (let i = size - 1; i >= 0; i--) {
        let value = right[i]
        for (let k = i + 1; k < size; k++) value -= own[k][i] * weights[k]
        weights[i] = value / inner.diagonal[i]
      }
      return { weights, residual: Math.sqrt(inner.rest * inner.rest + rest * rest) }
    },
  }
}

/** Reflects the first `count` arrays into a triangle (above the diagonal in place) and the last one with them; `rest` is the norm of its lower part. */
function triangularise(arrays: readonly Float64Array[], count: number): { diagonal: Float64Array; rest: number } {
  const rows = arrays[0].length
  const diagonal = new Float64Array(count)
  for (let k = 0; k < Math.min(count, rows); k++) {
    const pivot = arrays[k]
    let square = 0
    for (let i = k; i < rows; i++) square += pivot[i] * pivot[i]
    const norm = Math.sqrt(square)
    diagonal[k] = pivot[k] > 0 ? -norm : norm
    if (norm === 0) continue
    // v = a − α e: the sign of α avoids cancellation; vᵀv = 2 ‖a‖ (‖a‖ + |a_k|).
    const size = norm * (norm + Math.abs(pivot[k]))
    pivot[k] -= diagonal[k]
    for (let j = k + 1; j < arrays.length; j++) {
      const other = arrays[j]
      let dot = 0
      for (let i = k; i < rows; i++) dot += pivot[i] * other[i]
      const scale = dot / size
      for (let i = k; i < rows; i++) other[i] -= scale * pivot[i]
    }
  }
  const last = arrays[arrays.length - 1]
  let square = 0
  for (let i = count; i < rows; i++) square += last[i] * last[i]
  return { diagonal, rest: Math.sqrt(square) }
}
