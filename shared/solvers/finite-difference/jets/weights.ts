/** One number that a difference formula may use: the value of the function at a place, or its first derivative there. Positions in mesh widths, relative to the point of evaluation. */
export interface StencilItem {
  readonly position: number
  readonly slope: boolean
}

/**
 * Weights w with Σ wⱼ itemⱼ = u⁽ᵐ⁾(0), exact for polynomials of degree below the number of items (Fornberg's formulae where all items are values, Hermite–Birkhoff ones with slopes).
 * In units of the mesh width: divide by hᵐ; a slope enters as h u′.
 * B. Fornberg, Math. Comp. 51 (1988), doi:10.1090/S0025-5718-1988-0935077-0.
 */
export function differenceWeights(m: number, items: readonly StencilItem[]): Float64Array {
  const n = items.length
  const scale = items.reduce((most, item) => Math.max(most, Math.abs(item.position)), 0) || 1
  // Row k: the moment of degree k, with positions scaled to [−1, 1].
  const matrix = new Float64Array(n * n)
  items.forEach(({ position, slope }, j) => {
    const s = position / scale
    let power = 1
    for (let k = 0; k < n; k++) {
      // d/ds of s^k is k s^(k−1): `power` is s^(k−1) then.
      matrix[k * n + j] = slope ? (k * power) / scale : power
      if (!slope || k > 0) power *= s
    }
  })
  const right = new Float64Array(n)
  let factorial = 1
  for (let k = 2; k <= m; k++) factorial *= k
  let scaling = 1
  for (let k = 0; k < m; k++) scaling *= scale
  right[m] = factorial / scaling
  return solveSmall(matrix, right)
}

/** Gaussian elimination with row pivoting and one step of iterative refinement; n is about ten. */
function solveSmall(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length
  const lu = matrix.slice()
  const order = Array.from({ length: n }, (_, i) => i)
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[order[i] * n + k]) > Math.abs(lu[order[pivot] * n + k])) pivot = i
    ;[order[k], order[pivot]] = [order[pivot], order[k]]
    const row = order[k] * n
    for (let i = k + 1; i < n; i++) {
      const other = order[i] * n
      const factor = lu[other + k] / lu[row + k]
      lu[other + k] = factor
      for (let j = k + 1; j < n; j++) lu[other + j] -= factor * lu[row + j]
    }
  }
  const solve = (b: Float64Array): Float64Array => {
    const x = new Float64Array(n)
    for (let i = 0; i < n; i++) {
      let sum = b[order[i]]
      for (let j = 0; j < i; j++) sum -= lu[order[i] * n + j] * x[j]
      x[i] = sum
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let j = i + 1; j < n; j++) x[i] -= lu[order[i] * n + j] * x[j]
      x[i] /= lu[order[i] * n + i]
    }
    return x
  }
  const x = solve(right)
  const rest = right.map((b, i) => {
    for (let j = 0; j < n; j++) b -= matrix[i * n + j] * x[j]
    return b
  })
  solve(rest).forEach((correction, i) => (x[i] += correction))
  return x
}

/** Reach of the central formula for the m-th derivative. */
export const centralRadius = (m: number, order: number): number => (m === 0 ? 0 : Math.floor((m + 1) / 2) + order / 2 - 1)

/** Weights at −r … r; even or odd exactly, so that constants differentiate to rounding and symmetric operators stay symmetric. */
export function centralWeights(m: number, order: number): Float64Array {
  if (m === 0) return Float64Array.of(1)
  const r = centralRadius(m, order)
  const raw = differenceWeights(m, Array.from({ length: 2 * r + 1 }, (_, i) => ({ position: i - r, slope: false })))
  const odd = m % 2 === 1
  const weights = raw.map((w, i) => (odd ? w - raw[2 * r - i] : w + raw[2 * r - i]) / 2)
  if (odd) weights[r] = 0
  return weights
}
