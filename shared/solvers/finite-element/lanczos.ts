import { error, FaultError } from '../../fault'

export interface BlockLanczosRequest {
  readonly size: number
  /** Eigenpairs asked for: those of largest θ. */
  readonly wanted: number
  /** Vectors per block, at most 6: finds eigenvalues of up to this multiplicity at once. */
  readonly block: number
  /** ‖A v − θ v‖ ≤ tolerance · θ in the norm of M. */
  readonly tolerance: number
  /** M v. */
  mass(v: Float64Array): Float64Array
  /** (K − σM)⁻¹ v. */
  inverse(v: Float64Array): Float64Array
  pause(stage: string): void
}

export interface EigenPairs {
  /** θ = 1/(λ − σ), decreasing. */
  readonly values: readonly number[]
  /** vᵀ M v = 1. */
  readonly vectors: readonly Float64Array[]
  readonly residual: number
  readonly solves: number
  readonly converged: boolean
}


/** Blocks between two looks at the eigenvalues of the projection. */
const checkEvery = 4

/**
 * Block Lanczos for A = (K − σM)⁻¹ M, which is self-adjoint in the inner product of M, with full reorthogonalisation: the basis grows block by block, and the projection of A on it is diagonalised after each
 * (G. H. Golub, R. Underwood 1977, doi:10.1016/B978-0-12-587260-7.50018-2). Deterministic: the first block is a fixed pattern without symmetry.
 */
export function blockLanczos({ size, wanted, block: width, tolerance, mass, inverse, pause }: BlockLanczosRequest): EigenPairs {
  const most = Math.min(size, Math.max(90, 6 * wanted + 60))
  const basis: Float64Array[] = []
  /** M times the basis: inner products without further products. */
  const weighted: Float64Array[] = []
  /** T[i][j] = vᵢᵀ M A vⱼ. */
  const projected: number[][] = []
  let block = Array.from({ length: Math.min(width, size) }, (_, b) => pattern(size, b))
  block = block.flatMap(v => append(v))
  let solves = 0
  let blocks = 0

  /** Orthogonalises against the basis, twice, and adds what is left; nothing when nothing is left. */
  function append(v: Float64Array): Float64Array[] {
    let norm = 0
    const before = Math.sqrt(dot(v, mass(v)))
    for (let pass = 0; pass < 2; pass++) basis.forEach((w, i) => axpy(-dot(weighted[i], v), w, v))
    const product = mass(v)
    norm = Math.sqrt(Math.max(0, dot(v, product)))
    if (!(norm > 1e-12 * before)) return []
    for (let i = 0; i < size; i++) {
      v[i] /= norm
      product[i] /= norm
    }
    basis.push(v)
    weighted.push(product)
    return [v]
  }

  for (let processed = 0; ; ) {
    const images = block.map((_, b) => inverse(weighted[processed + b]))
    solves += block.length
    const columns = images.map(image => image.slice())
    const old = basis.length
    const next = basis.length + block.length <= most ? images.flatMap(image => append(image)) : []
    columns.forEach((column, b) => {
      projected[processed + b] = weighted.map(w => dot(w, column))
    })
    for (let j = 0; j < processed; j++) for (let i = projected[j].length; i < weighted.length; i++) projected[j].push(0)
    processed += block.length
    blocks++
    pause(`eigenvalues: basis of ${processed}`)
    if (next.length > 0 && (processed < 2 * wanted || blocks % checkEvery !== 0)) {
      block = next
      continue
    }
    const T = Array.from({ length: processed }, (_, i) => Array.from({ length: processed }, (_, j) => (projected[i][j] + projected[j][i]) / 2))
    const { values, vectors } = symmetricEigenpairs(T)
    const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b).slice(0, wanted)
    // What A leads out of the processed part of the basis: the rows of T below it.
    const residual = Math.max(...order.map(k => {
      let square = 0
      for (let i = old; i < weighted.length; i++) {
        let sum = 0
        for (let j = 0; j < processed; j++) sum += (projected[j][i] ?? 0) * vectors[j][k]
        square += sum * sum
      }
      return Math.sqrt(square) / Math.abs(values[k])
    }))
    if (Number.isNaN(residual)) throw new FaultError(error('non-finite', 'The eigenvalue iteration met numbers that are not finite.', { tip: 'Check the coefficients of the operator.' }))
    const converged = order.length === wanted && residual <= tolerance
    if (converged || next.length === 0) {
      const found = order.map(k => {
        const v = new Float64Array(size)
        for (let j = 0; j < processed; j++) axpy(vectors[j][k], basis[j], v)
        return v
      })
      // Without a next block T shows nothing of what A leads out of the basis: it is computed.
      const left = converged ? residual : Math.max(...found.map((v, i) => {
        const image = inverse(mass(v))
        axpy(-values[order[i]], v, image)
        return Math.sqrt(Math.max(0, dot(image, mass(image)))) / Math.abs(values[order[i]])
      }))
      return { values: order.map(k => values[k]), vectors: found, residual: left, solves, converged: order.length === wanted && left <= tolerance }
    }
    block = next
  }
}

/** A vector without symmetry: the fractional parts of multiples of irrational numbers, which fill (−½, ½) evenly (a Weyl sequence). */
function pattern(size: number, b: number): Float64Array {
  const step = Math.sqrt([2, 3, 5, 7, 11, 13][b])
  return Float64Array.from({ length: size }, (_, i) => (((i + 1) * step) % 1) - 0.5 + (b === 0 ? 1 : 0))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function axpy(factor: number, x: Float64Array, y: Float64Array): void {
  if (factor !== 0) for (let i = 0; i < x.length; i++) y[i] += factor * x[i]
}

/** All eigenpairs of a small symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, §8.5); vectors[i][k] is entry i of eigenvector k. */
export function symmetricEigenpairs(matrix: readonly (readonly number[])[]): { readonly values: number[]; readonly vectors: number[][] } {
  const n = matrix.length
  const a = matrix.map(row => [...row])
  const v: number[][] = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 60; sweep++) {
    let [off, all] = [0, 0]
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) [off, all] = [off + (i === j ? 0 : a[i][j] ** 2), all + a[i][j] ** 2]
    if (!(off > 1e-32 * all)) break
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (a[p][q] === 0) continue
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[k][p], a[k][q]]
          a[k][p] = c * x - s * y
          a[k][q] = s * x + c * y
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [a[p][k], a[q][k]]
          a[p][k] = c * x - s * y
          a[q][k] = s * x + c * y
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [v[k][p], v[k][q]]
          v[k][p] = c * x - s * y
          v[k][q] = s * x + c * y
        }
      }
    }
  }
  return { values: a.map((row, i) => row[i]), vectors: v }
}
