/** J(m) = ½‖r(m)‖² + ½ ω |m|² over many unknowns, by products only. */
export interface RegularisedMisfit {
  /** J; Infinity where the model has no solution. Later products are those at the last `gradient`. */
  cost(m: Float64Array): number
  gradient(m: Float64Array): Float64Array
  /** (rᵀ′r′ + ω K) d of Gauss–Newton, at the point of the last gradient. */
  hessian(d: Float64Array): Float64Array
  precondition(g: Float64Array): Float64Array
}

export interface NewtonResult {
  readonly m: Float64Array
  readonly cost: number
  readonly steps: number
  readonly products: number
  readonly converged: boolean
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0)

/**
 * Gauss–Newton with preconditioned conjugate gradients for each step (to a tenth of the gradient, tighter near the end) and Armijo's line search over ½^k.
 *
 * Source: Nocedal & Wright, Numerical Optimization, 2nd ed. (2006), §7.1, doi:10.1007/978-0-387-40065-5.
 */
export function gaussNewtonCg(problem: RegularisedMisfit, start: Float64Array, { steps, tolerance, products }: { readonly steps: number; readonly tolerance: number; readonly products: number }, watch: (step: number, cost: number) => void): NewtonResult {
  let m = start
  let cost = problem.cost(m)
  let first = NaN
  let spent = 0
  for (let step = 0; ; step++) {
    watch(step, cost)
    const g = problem.gradient(m)
    const z = problem.precondition(g)
    const size = Math.sqrt(dot(g, z))
    if (step === 0) first = size
    if (!(size > tolerance * first) || size === 0) return { m, cost, steps: step, products: spent, converged: true }
    if (step >= steps) return { m, cost, steps: step, products: spent, converged: false }
    const { direction, used } = conjugateGradients(problem, g, z, Math.min(0.1, Math.sqrt(size / first)), products)
    spent += used
    const slope = dot(g, direction)
    let length = 1
    for (; ; length *= 0.5) {
      const trial = m.map((v, i) => v + length * direction[i])
      const next = problem.cost(trial)
      if (next <= cost + 1e-4 * length * slope) {
        const fell = (cost - next) / cost
        m = trial
        cost = next
        if (fell < tolerance * tolerance) return { m, cost, steps: step + 1, products: spent, converged: true }
        break
      }
      // No decrease is left above rounding.
      if (length < 1e-6) return { m, cost, steps: step, products: spent, converged: Math.abs(slope) < 1e-6 * cost }
    }
  }
}

/** d ≈ −H⁻¹ g. */
function conjugateGradients(problem: RegularisedMisfit, g: Float64Array, preconditioned: Float64Array, reduction: number, most: number): { direction: Float64Array; used: number } {
  const direction = new Float64Array(g.length)
  const r = g.map(v => -v)
  let z: Float64Array = preconditioned.map(v => -v)
  let p: Float64Array = z.slice()
  let rz = dot(r, z)
  const end = reduction * reduction * rz
  let used = 0
  while (used < most && rz > end) {
    const h = problem.hessian(p)
    used++
    const curvature = dot(p, h)
    if (!(curvature > 0)) break
    const alpha = rz / curvature
    for (let i = 0; i < r.length; i++) {
      direction[i] += alpha * p[i]
      r[i] -= alpha * h[i]
    }
    z = problem.precondition(r)
    const next = dot(r, z)
    const beta = next / rz
    rz = next
    p = p.map((v, i) => z[i] + beta * v)
  }
  return { direction, used }
}
