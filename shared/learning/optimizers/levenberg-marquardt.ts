import type { Team } from '../../kernels/team'
import type { GaussNewtonState } from './gauss-newton'
import { dampedDirection, traceOf, type NormalEquations } from './normal-equations'

/** Shares of Σσ²; what lies below rounding has no Cholesky factors and is left by itself. */
const range = { smallest: 1e-18, largest: 1e4 }
/** Growth of the damping after a step that failed, and its fall while that lowers the loss. */
const [growth, shrinking, most] = [8, 8, 4]

/**
 * One step of Levenberg and Marquardt from JᵀJ or JJᵀ: the damping is raised until the loss falls, or lowered while it falls further. `damping` of the state is a share of Σσ².
 * The loss never grows; `length` is 0 where no damping lowers it. Levenberg 1944, doi:10.1090/qam/10666; Marquardt 1963, doi:10.1137/0111030.
 */
export async function levenbergMarquardtStep(problem: NormalEquations, { parameters, loss, damping }: GaussNewtonState, team: Team): Promise<GaussNewtonState & { readonly length: number }> {
  const products = await problem.at(parameters)
  const trace = traceOf(products)
  let best: GaussNewtonState | undefined
  let lowered = 0
  for (let lambda = Math.max(range.smallest, damping); lambda <= range.largest;) {
    const found = await dampedDirection(team, problem, parameters, products, lambda * trace)
    const moved = found && parameters.map((p, j) => p + found.direction[j])
    const now = moved ? await problem.loss(moved) : NaN
    if (moved && now < (best?.loss ?? loss)) {
      best = { parameters: moved, loss: now, damping: lambda }
      // After a damping that had to be raised a smaller one is known to fail.
      if (lambda > damping || ++lowered >= most || lambda <= range.smallest) break
      lambda = Math.max(range.smallest, lambda / shrinking)
    } else if (best) break
    else lambda *= growth
  }
  return best ? { ...best, length: 1 } : { parameters, loss, damping, length: 0 }
}
