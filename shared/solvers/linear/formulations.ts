/** Unknowns of a matrix whose whole spectrum is computed. */
export const mostSpectralUnknowns = 1200

/** A symmetric positive definite matrix by rows, A[i][columns[e]] = values[e] for starts[i] ≤ e < starts[i + 1]. */
export interface Rows {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}

/**
 * Three ways to read A x = b, each followed by the plainest iteration that minimises or balances it:
 *
 *     energy          ½ xᵀA x − bᵀx least          steepest descent with exact steps       error × (κ − 1)/(κ + 1) per step
 *     galerkin        b − A x = 0 tested           x ← x + ω (b − A x), ω = 2/(λ₁ + λₙ)    the same
 *     least-squares   ‖b − A x‖² least             steepest descent with exact steps       error × (κ² − 1)/(κ² + 1)
 *
 * and `cg`, `cg-least-squares`: conjugate gradients on A, and on AᵀA, with κ replaced by √κ in these quotients (Y. Saad, Iterative Methods for Sparse Linear Systems, SIAM 2003, § 5.3, 6.11 and 8.3, doi:10.1137/1.9780898718003).
 */
export type Formulation = 'energy' | 'galerkin' | 'least-squares' | 'cg' | 'cg-least-squares'

export interface FormulationRequest {
  readonly matrix: Rows
  readonly b: Float64Array
  /** A⁻¹b. */
  readonly solution: Float64Array
  /** The smallest and the largest eigenvalue. */
  readonly spectrum: readonly [number, number]
  /** Stop at ‖x − A⁻¹b‖ ≤ tolerance · ‖A⁻¹b‖. */
  readonly tolerance: number
  readonly most: number
  /** Called now and then; may throw. */
  pause(): void
}

/** Iterations from x = 0 to the tolerance; NaN where `most` are not enough. */
export function iterationsOf(formulation: Formulation, request: FormulationRequest): number {
  const { matrix, b, solution, spectrum, tolerance, most, pause } = request
  const n = b.length
  const step = stepper(formulation, matrix, b, spectrum)
  const target = tolerance * tolerance * dot(solution, solution)
  for (let k = 0; ; k++) {
    let error = 0
    for (let i = 0; i < n; i++) error += (step.x[i] - solution[i]) * (step.x[i] - solution[i])
    if (error <= target) return k
    if (k >= most || !Number.isFinite(error)) return NaN
    if (k % 1000 === 0) pause()
    step.advance()
  }
}

interface Descent {
  readonly x: Float64Array
  advance(): void
}

function stepper(formulation: Formulation, matrix: Rows, b: Float64Array, [lowest, highest]: readonly [number, number]): Descent {
  const n = b.length
  const x = new Float64Array(n)
  const r = b.slice()
  const [image, g] = [new Float64Array(n), new Float64Array(n)]
  if (formulation === 'energy' || formulation === 'galerkin') {
    const fixed = 2 / (lowest + highest)
    return { x, advance() {
      apply(matrix, r, image)
      const alpha = formulation === 'galerkin' ? fixed : dot(r, r) / dot(r, image)
      add(x, alpha, r)
      add(r, -alpha, image)
    } }
  }
  if (formulation === 'least-squares') {
    // The gradient of ½‖b − A x‖² is −Aᵀr, and A is its own transpose.
    return { x, advance() {
      apply(matrix, r, g)
      apply(matrix, g, image)
      const alpha = dot(g, g) / dot(image, image)
      add(x, alpha, g)
      add(r, -alpha, image)
    } }
  }
  const squared = formulation === 'cg-least-squares'
  const gradient = (): Float64Array => (squared ? apply(matrix, r, g) : r)
  const p = gradient().slice()
  let size = dot(p, p)
  return { x, advance() {
    apply(matrix, p, image)
    const alpha = size / (squared ? dot(image, image) : dot(p, image))
    add(x, alpha, p)
    add(r, -alpha, image)
    const next = gradient()
    const before = size
    size = dot(next, next)
    for (let i = 0; i < n; i++) p[i] = next[i] + (size / before) * p[i]
  } }
}

function apply({ starts, columns, values }: Rows, x: Float64Array, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let e = starts[i]; e < starts[i + 1]; e++) sum += values[e] * x[columns[e]]
    out[i] = sum
  }
  return out
}

function add(x: Float64Array, factor: number, d: Float64Array): void {
  for (let i = 0; i < x.length; i++) x[i] += factor * d[i]
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}
