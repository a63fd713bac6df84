import { FaultError } from '../../fault'

/** min ½‖r(λ)‖² over few parameters λ, where every r costs a solution of the statement. */
export interface LeastSquares {
  readonly names: readonly string[]
  /** Throws FaultError where the statement has no solution. */
  residual(values: Float64Array, purpose: string): Float64Array
  /** A size of each parameter for steps and differences around zero. */
  readonly scales: Float64Array
}

export interface LeastSquaresState {
  readonly iteration: number
  readonly values: Float64Array
  /** Of Marquardt's damping. */
  readonly damping: number
  readonly residual: Float64Array
  /** One column ∂r/∂λₖ per parameter, at `values`. */
  readonly jacobian: readonly Float64Array[]
  /** Set when further iterations would change nothing that counts. */
  readonly converged: boolean
}

/** Step of the central differences relative to the parameter: their error is near (1e-3)² of the third derivative, and noise of an adaptive solver of 1e-8 becomes 1e-5. */
const difference = 1e-3
const firstDamping = 1e-3
const mostDamping = 1e10
/** A step that predicts a smaller relative decrease of the misfit ends the iteration. */
const negligibleDecrease = 1e-12

export const halfSquare = (r: Float64Array): number => 0.5 * r.reduce((sum, v) => sum + v * v, 0)

/** ∂r/∂λ by central differences, one-sided where the statement has no solution on the other side: two solutions per parameter. */
export function differenceJacobian(problem: LeastSquares, values: Float64Array, residual: Float64Array): Float64Array[] {
  return problem.names.map((name, k) => {
    const step = difference * Math.max(Math.abs(values[k]), problem.scales[k])
    const side = (sign: number): { r: Float64Array; h: number } => {
      const moved = values.slice()
      moved[k] += sign * step
      try {
        return { r: problem.residual(moved, `sensitivity to ${name}`), h: moved[k] - values[k] }
      } catch (reason) {
        if (!(reason instanceof FaultError)) throw reason
        return { r: residual, h: 0 }
      }
    }
    const [plus, minus] = [side(1), side(-1)]
    return plus.r.map((v, i) => (v - minus.r[i]) / (plus.h - minus.h))
  })
}

/**
 * Levenberg–Marquardt: (JᵀJ + μ diag JᵀJ) δ = −Jᵀr, accepted when the misfit falls; μ / 10 after a good step, 4 μ after a refused one. Ends when ‖δ‖ is below `tolerance` in every parameter (relative),
 * when the misfit cannot fall any more, or after `iterations`. `watch` sees the state after each iteration and may throw.
 *
 * Source: Nocedal & Wright, Numerical Optimization, 2nd ed. (2006), §10.3, doi:10.1007/978-0-387-40065-5.
 */
export function levenbergMarquardt(problem: LeastSquares, start: { readonly values: Float64Array; readonly damping?: number; readonly iteration?: number }, { tolerance, iterations }: { readonly tolerance: number; readonly iterations: number }, watch: (state: LeastSquaresState) => void): LeastSquaresState {
  let values = start.values.slice()
  let residual = problem.residual(values, 'first values')
  let damping = start.damping ?? firstDamping
  let iteration = start.iteration ?? 0
  for (;;) {
    const jacobian = differenceJacobian(problem, values, residual)
    const state = (converged: boolean): LeastSquaresState => ({ iteration, values, damping, residual, jacobian, converged })
    if (iteration >= iterations) return state(false)
    watch(state(false))
    const cost = halfSquare(residual)
    for (;;) {
      const { step, predicted } = dampedStep(jacobian, residual, damping)
      const small = step.every((d, k) => Math.abs(d) <= tolerance * Math.max(Math.abs(values[k]), problem.scales[k]))
      if (!(predicted > negligibleDecrease * cost)) return state(true)
      const trial = values.map((v, k) => v + step[k])
      const next = attempt(problem, trial)
      if (next && halfSquare(next) <= cost) {
        values = trial
        residual = next
        damping = Math.max(1e-12, damping / 10)
        iteration++
        // The Jacobian of the last values is that of the values before within the tolerance.
        if (small) return state(true)
        break
      }
      if (small) return state(true)
      damping *= 4
      if (damping > mostDamping) return state(false)
    }
  }
}

function attempt(problem: LeastSquares, values: Float64Array): Float64Array | undefined {
  try {
    return problem.residual(values, 'step')
  } catch (reason) {
    if (reason instanceof FaultError) return undefined
    throw reason
  }
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0)

/** δ and the decrease of ½‖r + Jδ‖² that it predicts. Columns are normalised, so that parameters of any size are alike. */
export function dampedStep(jacobian: readonly Float64Array[], residual: Float64Array, damping: number): { readonly step: Float64Array; readonly predicted: number } {
  const norms = jacobian.map(column => Math.sqrt(dot(column, column)) || 1)
  const gram = jacobian.map((a, i) => Float64Array.from(jacobian, (b, j) => dot(a, b) / norms[i] / norms[j]))
  const gradient = Float64Array.from(jacobian, (a, i) => dot(a, residual) / norms[i])
  const damped = gram.map((row, i) => row.map((v, j) => (i === j ? v + damping : v)))
  const scaled = solveSymmetric(damped, gradient.map(g => -g))
  const curvature = scaled.reduce((sum, d, i) => sum + d * dot(gram[i], scaled), 0)
  return { step: scaled.map((d, i) => d / norms[i]), predicted: -dot(gradient, scaled) - 0.5 * curvature }
}

/** Cholesky of a small positive definite matrix; a pivot lost to rounding counts as the smallest one that is none. */
export function solveSymmetric(matrix: readonly Float64Array[], b: Float64Array): Float64Array {
  const n = b.length
  const L = matrix.map(row => row.slice())
  const x = b.slice()
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < k; j++) L[k][k] -= L[k][j] * L[k][j]
    L[k][k] = Math.sqrt(Math.max(L[k][k], 1e-15 * matrix[k][k]))
    for (let i = k + 1; i < n; i++) {
      for (let j = 0; j < k; j++) L[i][k] -= L[i][j] * L[k][j]
      L[i][k] /= L[k][k]
    }
    for (let j = 0; j < k; j++) x[k] -= L[k][j] * x[j]
    x[k] /= L[k][k]
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let i = k + 1; i < n; i++) x[k] -= L[i][k] * x[i]
    x[k] /= L[k][k]
  }
  return x
}
