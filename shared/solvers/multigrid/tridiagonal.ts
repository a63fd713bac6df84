/** A factored tridiagonal (or cyclic tridiagonal) matrix. */
export interface TridiagonalFactors {
  /** x ← A⁻¹ x, in place. */
  solve(x: Float64Array): void
  /** False when a pivot vanished against the matrix' size: the matrix is singular to working precision. */
  readonly regular: boolean
}

/**
 * Factors row i: lower[i] x[i−1] + diagonal[i] x[i] + upper[i] x[i+1] by Gaussian elimination with partial pivoting, indices modulo n when
 * `cyclic` (lower[0] and upper[n−1] are the corners). O(n) work and memory. Source: Golub & Van Loan, Matrix Computations, §4.3; the corners are a
 * bordered system with the last unknown.
 */
export function factorTridiagonal(lower: Float64Array, diagonal: Float64Array, upper: Float64Array, cyclic: boolean): TridiagonalFactors {
  return cyclic ? factorCyclic(lower, diagonal, upper) : factorOpen(lower, diagonal, upper, diagonal.length)
}

function factorOpen(lower: Float64Array, diagonal: Float64Array, upper: Float64Array, n: number): TridiagonalFactors {
  const d = diagonal.slice(0, n)
  const u1 = upper.slice(0, n)
  const u2 = new Float64Array(n)
  const factor = new Float64Array(n)
  const swapped = new Uint8Array(n)
  let scale = 0
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(d[i]))
  let regular = true
  for (let i = 0; i + 1 < n; i++) {
    const below = lower[i + 1]
    if (Math.abs(below) > Math.abs(d[i])) {
      swapped[i] = 1
      const pivot = d[i]
      const right = u1[i]
      d[i] = below
      u1[i] = d[i + 1]
      u2[i] = i + 2 < n ? u1[i + 1] : 0
      factor[i] = pivot / below
      d[i + 1] = right - factor[i] * u1[i]
      u1[i + 1] = -factor[i] * u2[i]
    } else {
      if (d[i] === 0) d[i] = scale * 2.220446049250313e-16 || 1
      factor[i] = below / d[i]
      d[i + 1] -= factor[i] * u1[i]
    }
  }
  for (let i = 0; i < n; i++) if (Math.abs(d[i]) <= scale * 1e-15) regular = false
  if (d[n - 1] === 0) d[n - 1] = scale * 2.220446049250313e-16 || 1
  return {
    regular,
    solve(x) {
      for (let i = 0; i + 1 < n; i++) {
        if (swapped[i]) {
          const value = x[i]
          x[i] = x[i + 1]
          x[i + 1] = value - factor[i] * x[i]
        } else x[i + 1] -= factor[i] * x[i]
      }
      for (let i = n - 1; i >= 0; i--) {
        let value = x[i]
        if (i + 1 < n) value -= u1[i] * x[i + 1]
        if (i + 2 < n) value -= u2[i] * x[i + 2]
        x[i] = value / d[i]
      }
    },
  }
}

/** [T c; rᵀ d][y; z] = [b; β]: T without the last node, c and r the last column and row. */
function factorCyclic(lower: Float64Array, diagonal: Float64Array, upper: Float64Array): TridiagonalFactors {
  const n = diagonal.length
  const m = n - 1
  const inner = factorOpen(lower, diagonal, upper, m)
  const w = new Float64Array(m)
  w[0] += lower[0]
  w[m - 1] += upper[m - 1]
  inner.solve(w)
  const schur = diagonal[m] - upper[m] * w[0] - lower[m] * w[m - 1]
  const regular = inner.regular && Math.abs(schur) > Math.abs(diagonal[m]) * 1e-15
  const pivot = schur || 1
  return {
    regular,
    solve(x) {
      const head = x.subarray(0, m)
      inner.solve(head)
      const z = (x[m] - upper[m] * head[0] - lower[m] * head[m - 1]) / pivot
      for (let i = 0; i < m; i++) head[i] -= w[i] * z
      x[m] = z
    },
  }
}
