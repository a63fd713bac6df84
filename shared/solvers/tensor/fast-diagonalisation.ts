import type { Libm } from '../../expressions/libm'

/**
 * −Δu = f on the unit cube (0,1)^d with u = 0, in any dimension d, by finite differences on m intervals per axis and fast diagonalisation
 * (R. E. Lynch, J. R. Rice, D. H. Thomas, Direct solution of partial difference equations by tensor product methods, Numerische Mathematik 6 (1964), doi:10.1007/BF01386067):
 * the sine vectors S_jk = √(2/m) sin(jkπ/m) diagonalise every one-dimensional difference operator, so u = S⊗…⊗S (Λ₁⊕…⊕Λ_d)⁻¹ S⊗…⊗S f.
 *
 * order 2: λ_k = (4/h²) sin²(kπ/2m). order 4: the compact scheme (u″_{j−1} + 10u″_j + u″_{j+1})/12 = δ²u_j/h², λ_k / (1 − h²λ_k/12); it needs u″ = 0 on the boundary too.
 *
 * Cost d·(m−1)^{d+1} multiplications twice. Arrays hold the (m−1)^d interior nodes, the first axis fastest.
 */
export function solveCube(source: Float64Array, dimension: number, intervals: number, order: 2 | 4, libm: Libm, pause: () => void): Float64Array {
  const n = intervals - 1
  if (source.length !== n ** dimension) throw new RangeError(`the source has ${source.length} values for ${n}^${dimension} nodes`)
  const sine = sineMatrix(intervals, libm)
  const eigenvalues = Float64Array.from({ length: n }, (_, k) => {
    const s = libm.sin(((k + 1) * Math.PI) / (2 * intervals))
    const lambda = 4 * intervals * intervals * s * s
    return order === 2 ? lambda : lambda / (1 - lambda / (12 * intervals * intervals))
  })
  let values = transformAll(source, dimension, n, sine, pause)
  divideBySums(values, dimension, eigenvalues)
  values = transformAll(values, dimension, n, sine, pause)
  return values
}

/** S_jk = √(2/m) sin(jkπ/m), j, k = 1 … m−1: symmetric and its own inverse. */
function sineMatrix(intervals: number, libm: Libm): Float64Array {
  const n = intervals - 1
  const scale = Math.sqrt(2 / intervals)
  // sin(jkπ/m) depends on jk mod 2m only: one table keeps the arguments small.
  const table = Float64Array.from({ length: 2 * intervals }, (_, r) => scale * libm.sin((r * Math.PI) / intervals))
  const matrix = new Float64Array(n * n)
  for (let j = 1; j <= n; j++) for (let k = 1; k <= n; k++) matrix[(j - 1) * n + k - 1] = table[(j * k) % (2 * intervals)]
  return matrix
}

function transformAll(values: Float64Array, dimension: number, n: number, matrix: Float64Array, pause: () => void): Float64Array {
  let from = values
  let stride = 1
  for (let axis = 0; axis < dimension; axis++) {
    const to = new Float64Array(from.length)
    transformAxis(from, to, n, stride, matrix, pause)
    from = to
    stride *= n
  }
  return from
}

/** to[…, j, …] = Σ_k matrix[j, k] from[…, k, …] along the axis of this stride. */
function transformAxis(from: Float64Array, to: Float64Array, n: number, stride: number, matrix: Float64Array, pause: () => void): void {
  const slab = n * stride
  for (let start = 0; start < from.length; start += slab) {
    if (stride === 1) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let k = 0; k < n; k++) sum += matrix[j * n + k] * from[start + k]
        to[start + j] = sum
      }
    } else {
      for (let j = 0; j < n; j++) {
        const row = start + j * stride
        for (let k = 0; k < n; k++) {
          const factor = matrix[j * n + k]
          const column = start + k * stride
          for (let i = 0; i < stride; i++) to[row + i] += factor * from[column + i]
        }
        pause()
      }
    }
    pause()
  }
}

/** values[k₁ … k_d] /= λ_k₁ + … + λ_k_d. */
function divideBySums(values: Float64Array, dimension: number, eigenvalues: Float64Array): void {
  const n = eigenvalues.length
  const index = new Int32Array(dimension)
  for (let i = 0; i < values.length; i++) {
    let sum = 0
    for (let axis = 0; axis < dimension; axis++) sum += eigenvalues[index[axis]]
    values[i] /= sum
    for (let axis = 0; axis < dimension && ++index[axis] === n; axis++) index[axis] = 0
  }
}
