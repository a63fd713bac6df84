import type { AdamOptions, AdamwOptions } from './adam-descriptor'
import { add, div, mul, sqrt, square, sub, type Tensor } from '../tf'
import { zeroMoments, zeroScalar, type GraphOptimizer, type OptimizerFamily } from './optimizer'
import type { Schedule } from './schedules'

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − (η/c₁) m / (√v/√c₂ + ε) with cᵢ = 1 − βᵢᵗ, as PyTorch has it. The corrections are carried as c ← βc + (1 − β),
 * which in single precision keeps the digits that 1 − βᵗ loses.
 */
function build({ beta1, beta2, epsilon, decay = 0 }: AdamOptions & { readonly decay?: number }, schedule: Schedule): GraphOptimizer {
  return {
    initialise: parameters => ({ step: zeroScalar, correction1: zeroScalar, correction2: zeroScalar, ...zeroMoments(parameters, 'first', 'second') }),
    update: (state, parameters, gradients) => {
      const rate = schedule(state.step)
      const [correction1, correction2] = [add(mul(state.correction1, beta1), 1 - beta1), add(mul(state.correction2, beta2), 1 - beta2)]
      // With M = m/(1 − β₁) and V = v/(1 − β₂) as state, all factors are scalars: ten passes over the parameters instead of fourteen.
      const root = sqrt(div(correction2, 1 - beta2))
      const [stepSize, floor] = [mul(div(mul(rate, 1 - beta1), correction1), root), mul(root, epsilon)]
      const next: Record<string, Tensor> = { step: add(state.step, 1), correction1, correction2 }
      const moved: Record<string, Tensor> = {}
      for (const [name, gradient] of Object.entries(gradients)) {
        const first = add(mul(state[`first.${name}`], beta1), gradient)
        const second = add(mul(state[`second.${name}`], beta2), square(gradient))
        const before = decay === 0 ? parameters[name] : mul(parameters[name], sub(1, mul(rate, decay)))
        next[`first.${name}`] = first
        next[`second.${name}`] = second
        moved[name] = sub(before, div(mul(first, stepSize), add(sqrt(second), floor)))
      }
      return { state: next, parameters: moved, rate }
    },
  }
}

export const adam: OptimizerFamily<AdamOptions> = { build }
export const adamw: OptimizerFamily<AdamwOptions> = { build }
