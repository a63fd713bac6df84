/** LU factors of a dense matrix with partial pivoting, rows in `order`. */
export interface DenseFactors {
  readonly size: number
  /** x ← A⁻¹ b, in place. */
  solve(b: Float64Array): void
}

/** Factors a row-major n×n matrix (overwritten). A pivot of zero is replaced by the smallest meaningful one, so that a singular coarse problem stays finite. */
export function factorDense(matrix: Float64Array, n: number): DenseFactors {
  const order = Int32Array.from({ length: n }, (_, i) => i)
  let largest = 0
  for (const value of matrix) largest = Math.max(largest, Math.abs(value))
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[pivot * n + k])) pivot = i
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        const swap = matrix[k * n + j]
        matrix[k * n + j] = matrix[pivot * n + j]
        matrix[pivot * n + j] = swap
      }
      const swap = order[k]
      order[k] = order[pivot]
      order[pivot] = swap
    }
    if (matrix[k * n + k] === 0) matrix[k * n + k] = (largest || 1) * 2.220446049250313e-16
    for (let i = k + 1; i < n; i++) {
      const factor = (matrix[i * n + k] /= matrix[k * n + k])
      if (factor === 0) continue
      for (let j = k + 1; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j]
    }
  }
  const work = new Float64Array(n)
  return {
    size: n,
    solve(b) {
      for (let i = 0; i < n; i++) {
        let value = b[order[i]]
        for (let j = 0; j < i; j++) value -= matrix[i * n + j] * work[j]
        work[i] = value
      }
      for (let i = n - 1; i >= 0; i--) {
        let value = work[i]
        for (let j = i + 1; j < n; j++) value -= matrix[i * n + j] * work[j]
        work[i] = value / matrix[i * n + i]
      }
      b.set(work)
    },
  }
}
